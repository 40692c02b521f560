/**
 * A night in which everything around aedev fails at some time: judges that answer 500, a usage limit, a stuck coder and one that never ends, the Docker engine
 * stopped, the daemon killed twice, the disk almost full, the daemon's clock put forward. In the morning every mission has landed or is held for its own
 * reason, and no work of a run is lost. Only models' answers are scripted. The only engine that it stops is the tests' own.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { UsageSum } from "@aedev/contracts/api";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Laboratory, plantedSecrets, registerSmallProject } from "./support/laboratory.ts";
import type { CoderTurn, Judge } from "./support/model-server.ts";
import { passing } from "./support/model-server.ts";
import { addFunction, callByCall, shell, write } from "./support/scripted-change.ts";
import { openShiftedClock, type ShiftedClock } from "./support/shifted-clock.ts";

const repositories = ["small-a", "small-b", "small-c"];
const keys = ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "c1", "c2", "c3", "c4"] as const;
/** The coder of this mission meets a usage limit; all others write their change and end. */
const limited = "a1";
const stuck = "b1";
const endless = "c1";
const headingOf = (key: string) => `# Mission: Add ${key}()`;
const judgesDownMs = 30_000;
const resetMs = 10_000;
const engineDownMs = 5_000;
const forwardMs = 3 * 3_600_000;
const diskMegabytes = 2_048;
/** The filler leaves this much: less than `limits.disk_free`, but enough for the log. */
const leftMegabytes = 60;

interface Recorded {
  readonly type: string;
  readonly stream: string;
  readonly recorded_at: string;
  readonly data: Record<string, unknown>;
}
interface Listed {
  readonly mission_id: string;
  readonly status: string;
  readonly title: string;
  readonly tasks?: readonly { task_id: string }[];
}
interface Digest {
  readonly landed: readonly { task_id: string }[];
  readonly waiting: readonly unknown[];
  readonly holds: readonly { task_id: string; code: string; title: string }[];
  readonly used: UsageSum;
}

const program = fileURLToPath(new URL("../packages/cli/src/main.ts", import.meta.url));

let laboratory: Laboratory;
let clock: ShiftedClock;
let disk: string;
let digest: Digest;
let events: Recorded[];
let landed: Listed[];
/** The faults of the night in order, with their visible effects. */
const faults: string[] = [];

function scriptOf(key: string): readonly CoderTurn[] {
  const half = { calls: [write(`lib/${key}.js`, "half\n")] };
  if (key === stuck) return [half, ...Array(20).fill({ calls: [shell("cat lib/add.js")] })];
  if (key === endless) return [half, { until: new Promise(() => undefined) }];
  return callByCall(addFunction(key));
}

/** Stops the coder of the limited mission once, after its first turn. */
function scriptLimit(): void {
  const asked = () =>
    laboratory.models.requests.filter(
      ({ body }) => body.includes(headingOf(limited)) && body.includes('"tool_result"'),
    );
  const limit = () => ({
    status: 429,
    headers: {
      "anthropic-ratelimit-unified-status": "rejected",
      "anthropic-ratelimit-unified-reset": String(Math.ceil((Date.now() + resetMs) / 1000)),
    },
  });
  const [first = {}, second = {}, end = {}] = callByCall(addFunction(limited));
  let limits = 0;
  // The CLI may store its own note of the limit as a turn.
  Object.defineProperty(laboratory.models.coder, headingOf(limited), {
    enumerable: true,
    get() {
      if (asked().length === 0 || limits > 0) return [first, second, second, end];
      limits += 1;
      faults.push("usage limit");
      return [first, limit()];
    },
  });
}

const missionsNow = async () =>
  (await laboratory.must("mission", "list", "--json")).json<{ missions: Listed[] }>().missions;
const holdsNow = async () =>
  (await laboratory.must("hold", "list", "--json")).json<{ holds: { code: string; title: string }[] }>().holds;
/** The second code, if none of its runs wrote more than the one before: the first may have been interrupted after its only change. */
const endlessCodes = ["HOLD-CODER-TIMEOUT", "HOLD-NO-PROGRESS"];
const isOwn = ({ code, title }: { code: string; title: string }) =>
  (title.includes(`${stuck}()`) && code === "HOLD-NO-PROGRESS") ||
  (title.includes(`${endless}()`) && endlessCodes.includes(code));

async function landedAtLeast(count: number): Promise<void> {
  await laboratory.until(async () => {
    const now = await missionsNow();
    await delay(1_000);
    return now.filter(({ status }) => status === "landed").length >= count;
  });
}

async function engine(verb: "stop" | "start"): Promise<void> {
  const command = process.env["AEDEV_TEST_ENGINE"];
  if (command === undefined)
    throw new Error("AEDEV_TEST_ENGINE names no engine that a test may stop: run ./scripts/test");
  await execa(command, [verb]);
}

async function killDaemon(): Promise<void> {
  process.kill(laboratory.daemonPid(), "SIGKILL");
  faults.push("daemon killed");
  await clock.startDaemon();
}

async function sabotage(): Promise<void> {
  await landedAtLeast(1);
  const down: Judge = () => ({ status: 500 });
  Object.assign(laboratory.models, { openai: down });
  laboratory.models.listed.openai = 500;
  faults.push("judge away");
  await delay(judgesDownMs);
  Object.assign(laboratory.models, { openai: (prompt: Parameters<Judge>[0]) => passing(prompt) });
  laboratory.models.listed.openai = 200;
  await landedAtLeast(2);
  await killDaemon();
  await landedAtLeast(3);
  clock.shift(forwardMs);
  faults.push("clock put forward");
  await engine("stop");
  faults.push("engine stopped");
  await delay(engineDownMs);
  await engine("start");
  await landedAtLeast(5);
  const free = Number((await execa("df", ["--output=avail", "-m", disk])).stdout.split("\n")[1]);
  await execa("fallocate", ["-l", `${free - leftMegabytes}M`, join(disk, "filler")]);
  const seen = await laboratory.until(async () => {
    const codes = (await holdsNow()).map(({ code }) => code);
    await delay(500);
    return codes.includes("HOLD-DISK-LOW");
  });
  faults.push(`disk full: ${seen}`);
  rmSync(join(disk, "filler"));
  await landedAtLeast(7);
  await killDaemon();
}

beforeAll(async () => {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw new Error("only root can make a disk that is soon full");
  laboratory = await Laboratory.open();
  disk = join(laboratory.folder, "disk");
  mkdirSync(disk);
  await execa("mount", ["-t", "tmpfs", "-o", `size=${diskMegabytes}m`, "tmpfs", disk]);
  // An engine keeps the mounts of its start.
  await engine("stop");
  await engine("start");
  const home = join(disk, "home");
  Object.assign(laboratory, { home });
  laboratory.environment["AEDEV_HOME"] = home;
  await laboratory.must("init", "--yes");
  writeFileSync(
    join(home, "config.yaml"),
    "limits:\n  concurrent_runs: 2\n  run_timeout: 90s\n  disk_free: 512MiB\n  run_bytes: 128MiB\n",
  );
  writeFileSync(
    join(home, "policies.yaml"),
    "second_implementation: never\njudges:\n  canary_share: 0\nrepair:\n  max_runs: 1\n",
  );
  laboratory.models.coder = Object.fromEntries(
    keys.filter((key) => key !== limited).map((key) => [headingOf(key), scriptOf(key)]),
  );
  scriptLimit();
  await laboratory.setSecret("AEDEV_CLAUDE_OAUTH_TOKEN", plantedSecrets.coder);
  await laboratory.setSecret("AEDEV_OPENAI_API_KEY", plantedSecrets.openai);
  await laboratory.setSecret("AEDEV_GEMINI_API_KEY", plantedSecrets.gemini);
  clock = openShiftedClock(laboratory);
  await clock.startDaemon();
  for (const name of repositories) await registerSmallProject(laboratory, name);
  const file = join(laboratory.folder, "missions.json");
  const listed = keys.map((key) => ({
    key,
    text: `Add ${key}() in lib/${key}.js`,
    repo: `small-${key[0]}`,
    criteria: [`${key}(8) is 4, shown by a new test`, "all existing tests pass"],
  }));
  writeFileSync(file, JSON.stringify(listed));
  const submitted = (await laboratory.must("intake", "--file", file, "--json")).json<{
    missions: { mission_id: string }[];
  }>();
  for (const { mission_id } of submitted.missions) await laboratory.must("mission", "approve", mission_id);
  await Promise.all([
    sabotage(),
    laboratory.until(async () => {
      const [missions, holds] = [await missionsNow(), await holdsNow()];
      await delay(2_000);
      const open = missions.filter(({ status }) => !["landed", "held", "awaiting_approval"].includes(status));
      return faults.length >= 7 && open.length === 0 && holds.every(isOwn);
    }),
  ]);
  // A person who asks in the morning has the same clock.
  const told = await execa(process.execPath, [...clock.nodeArguments, program, "digest", "--json"], {
    env: laboratory.environment,
    extendEnv: false,
  });
  digest = JSON.parse(told.stdout) as Digest;
  events = (await laboratory.must("events", "export")).stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Recorded);
  landed = (await missionsNow()).filter(({ status }) => status === "landed");
}, 3_000_000);
afterAll(async () => {
  await laboratory.run("daemon", "stop");
  await laboratory[Symbol.asyncDispose]().catch(() => undefined);
  await execa("umount", ["--lazy", disk], { reject: false });
  rmSync(laboratory.folder, { recursive: true, force: true });
}, 120_000);

describe("the morning after a hard night", () => {
  it("every mission has landed, or is held for its own reason", async () => {
    console.log(`faults: ${faults.join(", ")}`);
    expect(faults).toEqual(
      expect.arrayContaining([
        "usage limit",
        "judge away",
        "clock put forward",
        "engine stopped",
        "disk full: true",
        "daemon killed",
      ]),
    );
    expect(digest.holds.filter((hold) => !isOwn(hold))).toEqual([]);
    expect(digest.holds).toHaveLength(2);
    expect(digest.waiting).toEqual([]);
    expect(landed).toHaveLength(keys.length - 2);
  });

  it("each change is on its remote once, and the log is whole", async () => {
    for (const name of repositories) {
      const here = landed.filter(
        ({ title }) => title.includes(`${name.at(-1)}`) && /[abc]\d\(\)/.exec(title)?.[0][0] === name.at(-1),
      );
      const count = await laboratory.git(join(laboratory.folder, `${name}.git`), "rev-list", "--count", "main");
      expect([name, Number(count)]).toEqual([name, 1 + here.length]);
    }
    expect((await laboratory.run("events", "verify", "--blobs")).exitCode).toBe(0);
    expect(await laboratory.containers()).toEqual([]);
  });

  it("the files of every run are kept, including interrupted ones", async () => {
    const planned = new Map(
      events.flatMap(({ type, stream, data }) => (type === "RunStarted" ? [[String(data["run_id"]), stream]] : [])),
    );
    const kept = events.filter(
      ({ type, data }) => type === "ChangeCaptured" || (type === "RunEnded" && data["patch"] !== null),
    );
    const ran = new Set(kept.map(({ data }) => String(data["run_id"])));
    const lost = [...planned.keys()].filter((run) => !ran.has(run));
    console.log(`${planned.size} runs, ${lost.length} of them wrote nothing`);
    for (const { task_id } of digest.holds)
      expect((await laboratory.must("task", "salvage", task_id)).stdout).toMatch(/: [1-9]\d* bytes of patch on /);
    // A coder's second request carries the result of its first write: a run without one has nothing to keep; any other must have kept it.
    const requestsOf = (run: string) =>
      events
        .filter(({ type, data }) => type === "RunEnded" && data["run_id"] === run)
        .reduce((sum, { data }) => sum + (data["usage"] as UsageSum).requests, 0);
    expect(lost.filter((run) => requestsOf(run) >= 2)).toEqual([]);
    expect([...ran].filter((run) => requestsOf(run) >= 2).length).toBeGreaterThan(0);
  });

  it("the coder that never ends had a second attempt, which continued from the files of the first", () => {
    const task = digest.holds.find(({ title }) => title.includes(`${endless}()`))?.task_id;
    const of = (type: string) => events.filter((event) => event.type === type && event.stream === `task/${task}`);
    const repairs = of("RepairStarted").map(({ data }) => data["cause"]);
    expect(repairs).toEqual(["timeout"]);
    const [ended] = of("RunEnded").filter(({ data }) => data["exit_code"] === 124);
    const continued = of("RunStarted").map(({ data }) => data["continues"] as { patch: unknown } | undefined);
    expect(ended?.data["patch"]).not.toBeNull();
    expect(continued.at(-1)?.patch).toEqual(ended?.data["patch"]);
    const held = digest.holds.find(({ task_id }) => task_id === task);
    expect(endlessCodes).toContain(held?.code);
  });

  it("the first records have the old time, and the last ones the new time", () => {
    const atMs = ({ recorded_at }: Recorded) => Date.parse(recorded_at);
    const jumps = events.filter((event, index) => {
      const before = events[index - 1];
      return before !== undefined && atMs(event) - atMs(before) > forwardMs / 2;
    });
    expect(jumps).toHaveLength(1);
    const landings = events.filter(({ type }) => type === "ChangeLanded").map(atMs);
    const [jump] = jumps.map(atMs);
    expect(landings.some((landing) => landing < (jump ?? 0))).toBe(true);
    expect(landings.some((landing) => landing >= (jump ?? 0))).toBe(true);
  });

  it("the digest's figures are those of the log", async () => {
    const count = (type: string) => events.filter((event) => event.type === type).length;
    expect(digest.landed).toHaveLength(count("ChangeLanded"));
    const { total } = (await laboratory.must("usage", "--json")).json<{ total: UsageSum }>();
    expect(digest.used).toEqual(total);
    expect(total.runs).toBe(count("RunStarted"));
  });
});
