/** Signals of observations, and of a branch that fails after a landing: in `aedev status`, as one text message and on the board. */
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type CommandBody, decide } from "@aedev/core";
import { ids, life } from "@aedev/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeCommand } from "../packages/daemon/src/control/control.ts";
import { openEventLog } from "../packages/daemon/src/log/event-log.ts";
import { writeObserved } from "../packages/daemon/src/observed/observed-file.ts";
import { apiOf, sendTo } from "./support/api.ts";
import { Laboratory } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const instant = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
const record = () => join(laboratory.home, "run/observed.json");
const kinds = async () =>
  (await laboratory.must("status", "--json"))
    .json<{ signals?: { kind: string }[] }>()
    .signals?.map(({ kind }) => kind) ?? [];

/** One mission landed; one of its checks was green before and fails now. */
async function writeRedLanding(): Promise<void> {
  const bodies = Object.entries(life).flatMap(([step, body]): CommandBody[] => {
    if (step === "initialized") return [];
    if (step === "registered") return [{ ...body, url: "/nonexistent/repo.git" } as CommandBody];
    return [step === "landed" ? ({ ...body, watch_until: instant(-60) } as CommandBody) : body];
  });
  const evidence = { kind: "check", name: "unit tests", url: null, before: "passed" } as const;
  const red = { task_id: ids.task, commit: "9".repeat(40), outcome: "red", evidence } as never;
  await using log = await openEventLog({ path: join(laboratory.home, "aedev.db"), decide });
  for (const body of [...bodies, { kind: "RecordOutcomes", repository: "repo", outcomes: [red] } as const])
    expect(await log.submit(makeCommand(body, "operator"))).toMatchObject({ kind: "done" });
}

it("a home without observations has no signals", async () => {
  expect(await kinds()).toEqual([]);
  expect((await laboratory.must("status", "--plain")).stdout).not.toContain("SIGNAL");
});

it("each signal is shown by status while the daemon is down, and in one text message", async () => {
  await writeRedLanding();
  expect(await kinds()).toEqual(["branch-red"]);
  writeObserved(laboratory.home, {
    containers: { count: 2, since: instant(90), seen_at: instant(5) },
    clock: { count: 1, first_at: instant(30), at: instant(30), moved_ms: -3_600_000, how: "jumped" },
  });
  expect(await kinds()).toEqual(["branch-red", "clock-jumped", "containers-left"]);
  const { stdout } = await laboratory.must("status");
  for (const words of [
    "critical: check unit tests of repo, main: green before a landing, red since",
    "critical: this machine's clock jumped back by 60 min",
    "warning: 2 containers of this home without a run for more than ten minutes",
  ])
    expect(stdout).toContain(words);
  const plain = (await laboratory.must("status", "--plain")).stdout;
  expect(plain).toContain("SIGNAL branch-red, clock-jumped, containers-left: aedev status");
  expect(plain.length).toBeLessThanOrEqual(320);
});

it("signals in a record that is no daemon's are reported as unreadable, and a daemon that starts replaces the record", async () => {
  rmSync(record());
  symlinkSync("/etc/passwd", record());
  expect(await kinds()).toEqual(["branch-red", "unread"]);
  expect((await laboratory.must("status")).stdout).toContain("can't be read: run/observed.json");
  await laboratory.must("daemon", "start");
  expect(await kinds()).toEqual(["branch-red"]);
});

it("signals are on the board and in the running daemon's status, and a daemon that starts remembers the clock's", async () => {
  await laboratory.must("daemon", "stop");
  const at = instant(30);
  const containers = { count: 2, since: instant(90), seen_at: instant(5) };
  writeObserved(laboratory.home, {
    containers,
    clock: { count: 1, first_at: at, at, moved_ms: 600_000, how: "slept" },
  });
  await laboratory.must("daemon", "start");
  const { port, token } = apiOf(laboratory.home);
  const expected = ["branch-red", "clock-jumped"];
  const board = JSON.parse((await sendTo(port, "/status-board.json")).body) as { signals: { kind: string }[] };
  expect(board.signals.map(({ kind }) => kind)).toEqual(expected);
  const answer = await sendTo(port, "/api/status", { headers: { authorization: `Bearer ${token}` } });
  expect((JSON.parse(answer.body) as typeof board).signals.map(({ kind }) => kind)).toEqual(expected);
  const page = (await sendTo(port, "/status-board")).body;
  expect(page).toContain("this machine slept for 10 min, and nothing ran");
});
