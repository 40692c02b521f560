/**
 * A log that differs from what was signed, or is older than what the home has landed (SECURITY T33): it is noticed at the start, every client shows it, nothing
 * changes, and one confirmed command leads out. Next to it, the same home without the fault.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { copyHome } from "./support/copy-home.ts";
import { isNight } from "./support/is-night.ts";
import type { Laboratory } from "./support/laboratory.ts";
import { criterion, expectRefusals, openWaitingHome } from "./support/refusals.ts";

const root = join(import.meta.dirname, "..");
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

interface Status {
  readonly untrusted: { reasons: string[]; position: number; hash: string; help: string } | null;
}

let laboratory: Laboratory;
let missionId = "";
let rejectedId = "";
let copies = 0;
beforeAll(async () => {
  ({ laboratory, missionId } = await openWaitingHome());
  const rejected = await laboratory.must("intake", "Add half() twice", "--repo", "small", ...criterion, "--json");
  rejectedId = rejected.json<{ mission_id: string }>().mission_id;
  await laboratory.must("mission", "reject", rejectedId);
  // The tail that a test cuts off.
  await laboratory.must("intake", "Add half() again", "--repo", "small", ...criterion);
  await laboratory.must("daemon", "stop");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

function copied(): string {
  copies += 1;
  const home = join(laboratory.folder, `copy-${copies}`);
  copyHome(laboratory.home, home);
  return home;
}

function changeLog(home: string, statement: string): void {
  using database = new DatabaseSync(join(home, "aedev.db"));
  for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
    database.exec(`DROP TRIGGER ${name}`);
  expect(Number(database.prepare(statement).run().changes)).toBeGreaterThan(0);
}

const statusOf = async (home: string) => (await laboratory.must("status", "--json", "--home", home)).json<Status>();

/** Ends `aedev watch`, which never ends by itself, once it has shown the notice. */
async function expectWatchNotice(home: string): Promise<void> {
  const watching = execa(join(root, "bin/aedev"), ["watch", "--home", home], {
    env: laboratory.environment,
    extendEnv: false,
    reject: false,
  });
  let said = "";
  watching.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await laboratory.until(async () => said.includes("the log is not trusted"));
  watching.kill("SIGINT");
  await watching;
}

/** What every client says and refuses, while lists still have the mission `listed`; returns the output of `status`. */
async function expectUntrusted(
  home: string,
  reason: RegExp,
  listed = missionId,
): Promise<NonNullable<Status["untrusted"]>> {
  const at = ["--home", home];
  await laboratory.until(async () => (await statusOf(home)).untrusted !== null);
  const { untrusted } = await statusOf(home);
  if (untrusted === null) throw new Error("the log is trusted");
  expect(untrusted.reasons.join("\n")).toMatch(reason);
  expect((await laboratory.must("status", ...at)).stdout).toContain(untrusted.help);
  expect((await laboratory.must("status", "--plain", ...at)).stdout).toContain("LOG NOT TRUSTED");
  const doctor = await laboratory.run("doctor", ...at);
  expect(doctor.stdout).toMatch(/INVALID +log: /);
  await expectWatchNotice(home);
  const { port } = JSON.parse(readFileSync(join(home, "run/daemon.json"), "utf8")) as { port: number };
  expect(await (await fetch(`http://127.0.0.1:${port}/health`)).json()).toMatchObject({
    status: "ok",
    log: "untrusted",
  });
  expect(await (await fetch(`http://127.0.0.1:${port}/status-board`)).text()).toContain("The log is not trusted");
  const before = (await laboratory.must("events", "export", ...at)).stdout;
  await expectRefusals(
    laboratory,
    [
      ["mission", "approve", missionId],
      ["mission", "reject", missionId],
      ["intake", "Add third()", "--repo", "small", ...criterion],
      ["repo", "pause", "small"],
      ["events", "rebuild"],
    ].map((line) => [...line, ...at]),
    { exitCode: 1, says: /the log is not trusted.*aedev events accept --tip/s },
  );
  expect((await laboratory.must("mission", "list", ...at)).stdout).toContain(listed);
  expect((await laboratory.must("events", "export", ...at)).stdout).toBe(before);
  return untrusted;
}

/** Expects that the acceptance is refused because the events can't be read, and the log stays untrusted. */
async function expectNoWayOut(home: string, { position, hash }: { position: number; hash: string }): Promise<void> {
  const accept = ["events", "accept", "--tip", `${position}:${hash}`, "--reason", "because", "--home", home];
  expect(await laboratory.run(...accept)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/can't be read from it any more.*last good copy/s),
  });
  expect((await statusOf(home)).untrusted).not.toBeNull();
}

async function expectWayOut(home: string, { position, hash }: { position: number; hash: string }): Promise<void> {
  const at = ["--home", home];
  const wrong = `${position}:${"0".repeat(64)}`;
  await expectRefusals(
    laboratory,
    [
      ["events", "accept", ...at],
      ["events", "accept", "--reason", "because", ...at],
      ["events", "accept", "--tip", wrong, "--reason", "because", ...at],
      ["events", "accept", "--tip", `${position + 1}:${hash}`, "--reason", "because", ...at],
    ],
    { exitCode: 1, says: new RegExp(`position ${position} with hash ${hash}`) },
  );
  const accepted = await laboratory.must(
    ...["events", "accept", "--tip", `${position}:${hash}`, "--reason", "restored by hand", "--json", ...at],
  );
  expect(accepted.json()).toMatchObject({ accepted: true, epoch: expect.any(Number) });
  expect((await statusOf(home)).untrusted).toBeNull();
  const events = (await laboratory.must("events", "export", ...at)).stdout.split("\n");
  const event = events.map((line) => JSON.parse(line)).find(({ type }) => type === "LogAccepted");
  expect(event).toMatchObject({ actor: "operator", data: { position, hash, reason: "restored by hand" } });
  expect(event.data.epoch).toBeGreaterThan(1);
  await laboratory.must("intake", "Add third()", "--repo", "small", ...criterion, ...at);
  await laboratory.must("daemon", "stop", ...at);
  await laboratory.must("daemon", "start", ...at);
  // The whole log is verified after a start, and an acceptance must hold then too.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect((await statusOf(home)).untrusted).toBeNull();
  await laboratory.must("repo", "pause", "small", ...at);
  expect((await laboratory.run("events", "accept", ...at)).stderr).toContain("nothing to accept");
  expect((await laboratory.must("events", "verify", "--since-checkpoint", ...at)).exitCode).toBe(0);
}

describe("a log that differs from what was signed", () => {
  const byNight: [name: string, change: (home: string) => void, reason: RegExp][] = [
    [
      "one byte of an early event",
      (home) => changeLog(home, "UPDATE events SET actor = 'operatox' WHERE position = 1"),
      /position 1: the hash does not match/,
    ],
    ["its head, to another text", (home) => writeFileSync(join(home, "head.json"), "{}\n"), /can't be trusted/],
    [
      "its tail",
      (home) => changeLog(home, "DELETE FROM events WHERE position > (SELECT max(position) - 1 FROM events)"),
      /the log was truncated/,
    ],
  ];
  it.each<[name: string, change: (home: string) => void, reason: RegExp]>([
    ...(isNight ? byNight : []),
    [
      "one byte of its last event",
      (home) =>
        changeLog(
          home,
          "UPDATE events SET data = replace(data, 'half', 'hblf') WHERE position = (SELECT max(position) FROM events)",
        ),
      /hash|view/,
    ],
    ["its head, to none", (home) => rmSync(join(home, "head.json")), /signed head is missing/],
  ])("%s changed is noticed at the start, and the way out works", async (_name, change, reason) => {
    const home = copied();
    change(home);
    await laboratory.must("daemon", "start", "--home", home);
    try {
      const untrusted = await expectUntrusted(home, reason);
      await expectWayOut(home, untrusted);
    } finally {
      await laboratory.run("daemon", "stop", "--home", home);
    }
  });

  it("can't be accepted without an event that the others need, and accept says that only a good copy helps", async () => {
    const home = copied();
    changeLog(home, `DELETE FROM events WHERE type = 'MissionSubmitted' AND stream LIKE '%${rejectedId}'`);
    await laboratory.must("daemon", "start", "--home", home);
    await expectNoWayOut(home, await expectUntrusted(home, /is missing/));
    expect((await laboratory.must("mission", "list", "--home", home)).stdout).toContain(missionId);
    await laboratory.must("daemon", "stop", "--home", home);
  });

  it.runIf(isNight)(
    "an open mission can't be read: the daemon starts without it and says so, as status does without a daemon; only a good copy helps",
    async () => {
      const home = copied();
      expect((await statusOf(home)).untrusted).toBeNull();
      expect((await laboratory.must("mission", "list", "--home", home)).stdout).toContain(missionId);
      changeLog(home, `UPDATE events SET data = '{' WHERE stream = 'mission/${missionId}'`);
      const offline = (await laboratory.must("mission", "list", "--home", home)).stdout;
      expect(offline).toContain(rejectedId);
      expect(offline).not.toContain(missionId);
      const why = new RegExp(`mission/${missionId} can't be read`);
      expect((await statusOf(home)).untrusted?.reasons).toEqual([expect.stringMatching(why)]);
      await laboratory.must("daemon", "start", "--home", home);
      await expectNoWayOut(home, await expectUntrusted(home, why, rejectedId));
      await laboratory.must("daemon", "stop", "--home", home);
    },
  );

  it("can be accepted without an open mission whose events are all missing, and the reason is recorded", async () => {
    const home = copied();
    const at = ["--home", home];
    changeLog(home, `DELETE FROM events WHERE stream = 'mission/${missionId}'`);
    await laboratory.must("daemon", "start", ...at);
    const { untrusted } = await statusOf(home);
    const reason = `mission/${missionId} can't be read: it has no event`;
    expect(untrusted?.reasons).toContain(reason);
    const tip = `${untrusted?.position}:${untrusted?.hash}`;
    await laboratory.must("events", "accept", "--tip", tip, "--reason", "it is gone", ...at);
    expect((await statusOf(home)).untrusted).toBeNull();
    expect((await laboratory.must("mission", "list", ...at)).stdout).not.toContain(missionId);
    const events = (await laboratory.must("events", "export", ...at)).stdout
      .split("\n")
      .map((line) => JSON.parse(line));
    const { faults } = events.find(({ type }) => type === "LogAccepted").data;
    expect(faults).toContainEqual({ kind: "verification", position: null, row: null, what: reason });
    await laboratory.must("daemon", "stop", ...at);
  });

  it.runIf(isNight)("is noticed with the head of another home; init does not sign a lost head again", async () => {
    const other = join(laboratory.folder, "other");
    await laboratory.must("init", "--yes", "--home", other);
    const home = copied();
    writeFileSync(join(home, "head.json"), readFileSync(join(other, "head.json")));
    await laboratory.must("daemon", "start", "--home", home);
    await expectUntrusted(home, /not signed with this home's key/);
    await laboratory.must("daemon", "stop", "--home", home);
    expect(JSON.parse(readFileSync(join(home, "head.json"), "utf8"))).toEqual(
      JSON.parse(readFileSync(join(other, "head.json"), "utf8")),
    );
    rmSync(join(home, "head.json"));
    await laboratory.run("init", "--yes", "--home", home);
    await laboratory.must("daemon", "start", "--home", home);
    await expectUntrusted(home, /signed head is missing/);
    await laboratory.must("daemon", "stop", "--home", home);
  });

  it("is trusted as long as nothing was changed (the control)", async () => {
    const home = copied();
    await laboratory.must("daemon", "start", "--home", home);
    expect((await statusOf(home)).untrusted).toBeNull();
    expect((await laboratory.run("doctor", "--home", home)).stdout).toMatch(/ok +log: /);
    await laboratory.must("repo", "pause", "small", "--home", home);
    await laboratory.must("daemon", "stop", "--home", home);
  });
});
