/** Twelve missions over three repositories with two slots: two coders at once, in the promised order; all missions land, and judges are measured. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { containersOf, homeOf } from "./support/home-containers.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { type Mission, type Recorded, readRuns } from "./support/run-order.ts";
import { addFunction } from "./support/scripted-change.ts";

const places = 2;
/** Key, repository, priority, and predecessor; the digit is not the age. */
const missions: readonly (readonly [key: string, priority: Mission["priority"], after?: string])[] = [
  ["a1", "normal"],
  ["a2", "low"],
  ["a3", "high"],
  ["a4", "normal", "c3"],
  ["b1", "normal"],
  ["b2", "normal"],
  ["b3", "low"],
  ["b4", "high"],
  ["c1", "high"],
  ["c2", "normal"],
  ["c3", "normal", "b1"],
  ["c4", "low"],
];
const repositoryOf = (key: string) => `small-${key[0]}`;

/** Matches the start of the prompt, because titles of landed missions occur in it too, as commits. */
const headingOf = (key: string) => `# Mission: Add ${key}()`;

const scriptOf = (key: string) => addFunction(key).map((turn) => ({ ...turn, waitMs: 400 }));

let laboratory: Laboratory;
let events: Recorded[];
/** The largest number of this home's coders at once, and the number of observations. */
const seen = { coders: 0, views: 0 };

async function watchCoders(until: AbortSignal): Promise<void> {
  const homeId = await homeOf(laboratory);
  while (!until.aborted) {
    const coders = await containersOf(homeId, "label=aedev.kind=coder", "status=running");
    seen.coders = Math.max(seen.coders, coders.length);
    seen.views += 1;
    await delay(500);
  }
}

const count = (type: string) => events.filter((event) => event.type === type).length;

async function landed(wanted: number): Promise<void> {
  await laboratory.until(async () => {
    const { missions: counts, holds } = (await laboratory.must("status", "--json")).json<{
      missions: Record<string, number>;
      holds: { task_id: string }[];
    }>();
    if (holds.length > 0)
      throw new Error(
        `held: ${JSON.stringify(holds)} ${(await laboratory.run("task", "logs", holds[0]?.task_id ?? "")).stdout}`,
      );
    if ((counts["landed"] ?? 0) >= wanted) return true;
    await delay(1_500);
    return false;
  });
}

beforeAll(async () => {
  laboratory = await Laboratory.open({
    configuration: `limits:\n  concurrent_runs: ${places}\n`,
    // A planted bundle goes with each bundle that judges see, once there is past work to make it of.
    policies: "judges:\n  canary_share: 100\n",
  });
  laboratory.models.coder = Object.fromEntries(missions.map(([key]) => [headingOf(key), scriptOf(key)]));
  await laboratory.must("daemon", "start");
  for (const name of ["small-a", "small-b", "small-c"]) {
    await registerSmallProject(laboratory, name);
    await laboratory.must("repo", "pause", name);
  }
  const file = join(laboratory.folder, "missions.json");
  const listed = missions.map(([key, priority, after]) => ({
    key,
    text: `Add ${key}() in lib/${key}.js`,
    repo: repositoryOf(key),
    criteria: [`${key}(8) is 4, shown by a new test`, "all existing tests pass"],
    priority,
    ...(after === undefined ? {} : { after: [after] }),
  }));
  // JSON is valid YAML.
  writeFileSync(file, JSON.stringify(listed));
  const submitted = (await laboratory.must("intake", "--file", file, "--json")).json<{
    missions: { key: string; mission_id: string }[];
  }>();
  const ids = new Map(submitted.missions.map(({ key, mission_id }) => [key, mission_id]));
  for (const [key] of missions) await laboratory.must("mission", "approve", ids.get(key) ?? "");

  const waits = async (key: string) =>
    (await laboratory.must("mission", "show", ids.get(key) ?? "", "--json")).json<{ waits_for?: string[] }>().waits_for;
  expect(await waits("a4")).toEqual([`waits for ${ids.get("c3")}`, "repository paused: small-a"]);
  const done = new AbortController();
  const watching = watchCoders(done.signal);
  await Promise.all(["small-a", "small-b"].map((name) => laboratory.must("repo", "resume", name)));
  await landed(3);
  await laboratory.must("repo", "resume", "small-c");
  await landed(missions.length);
  done.abort();
  await watching;
  await laboratory.until(async () => {
    events = (await laboratory.must("events", "export")).stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Recorded);
    return count("CanaryJudged") === 2 * count("CanaryPlanted");
  });
}, 900_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

describe("twelve missions over three repositories", () => {
  it("run two coders concurrently, but never more", () => {
    expect(seen).toMatchObject({ coders: places });
    expect(seen.views).toBeGreaterThan(20);
    let coders = 0;
    let most = 0;
    for (const { type } of events) {
      if (type === "RunStarted") coders += 1;
      if (type === "ChangeCaptured" || type === "RunEnded") coders -= 1;
      most = Math.max(most, coders);
    }
    expect(most).toBe(places);
  });

  it("all land, each once", async () => {
    const ended = events.filter(({ type }) => type === "ChangeLanded");
    expect(new Set(ended.map(({ stream }) => stream)).size).toBe(missions.length);
    expect(events.filter(({ type }) => type === "RunStarted")).toHaveLength(missions.length);
    for (const name of ["small-a", "small-b", "small-c"])
      expect(await laboratory.git(join(laboratory.folder, `${name}.git`), "rev-list", "--count", "main")).toBe("5");
    expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
  });

  it("start only after their predecessors have landed, and never in a paused repository", () => {
    const runs = readRuns(events);
    for (const run of runs.values())
      for (const before of run.mission.after)
        expect(runs.get(before)?.landedPosition ?? Number.POSITIVE_INFINITY).toBeLessThan(run.startedPosition);
    const at = (type: string) => events.filter((event) => event.type === type && event.stream === "repository/small-c");
    const [paused] = at("RepositoryPaused");
    const [resumed] = at("RepositoryResumed");
    const inC = [...runs.values()].filter(({ mission }) => mission.repository === "small-c");
    expect(inC).toHaveLength(4);
    for (const { startedPosition } of inC) expect(startedPosition).toBeGreaterThan(resumed?.position ?? 0);
    expect(paused?.position).toBeLessThan(resumed?.position ?? 0);
  });

  it("start by priority, then fairly across repositories, then by age", () => {
    const runs = [...readRuns(events).values()];
    // Missions that may begin at the same instant begin in any order; one that could have begun this much earlier must come first.
    const graceMs = 2_500;
    let compared = 0;
    for (const later of runs) {
      const couldHave = runs.filter(
        (other) => other.mayStartMs + graceMs < later.startedMs && other.startedMs > later.startedMs,
      );
      for (const kept of couldHave) {
        compared += 1;
        expect({ kept: kept.mission, rank: kept.rank >= later.rank }).toEqual({ kept: kept.mission, rank: true });
        if (kept.rank !== later.rank) continue;
        if (kept.mission.repository === later.mission.repository)
          expect(kept.mission.plannedPosition).toBeGreaterThan(later.mission.plannedPosition);
        // A waiting repository with nothing under way is next at its priority: no other begins twice meanwhile.
        const meanwhile = runs.filter(
          (other) =>
            other.mission.repository === later.mission.repository &&
            other.mission.repository !== kept.mission.repository &&
            other.rank >= kept.rank &&
            other.startedMs > kept.idleSinceMs + graceMs &&
            other.startedMs < kept.startedMs,
        );
        expect(meanwhile.length).toBeLessThanOrEqual(1);
      }
    }
    expect(compared).toBeGreaterThan(10);
  });

  it("have planted bundles besides their own, which both judges are asked about and which hold nothing", async () => {
    const dataOf = (type: string) =>
      events.flatMap((event) => (event.type === type ? [event.data as Record<string, unknown>] : []));
    const live = new Set(dataOf("EvidenceSealed").map(({ bundle }) => (bundle as { digest: string }).digest));
    const planted = dataOf("CanaryPlanted");
    console.log(`${planted.length} bundles planted beside ${live.size} live ones`);
    // The first bundles have no past work to plant, and some kinds find no line that fits.
    expect(planted.length).toBeGreaterThanOrEqual(4);
    for (const { beside, audit_id } of planted) expect([live.has(String(beside)), audit_id]).toEqual([true, null]);
    expect(new Set(planted.map(({ beside }) => beside)).size).toBe(planted.length);

    const { families } = (await laboratory.must("judges", "show", "--json")).json<{
      families: (Record<"known_bad" | "known_good" | "injection", { n: number; hits: number }> & { family: string })[];
    }>();
    expect(families.map(({ family }) => family)).toEqual(["openai", "gemini"]);
    // These judges pass everything: they miss each defect and let each harmless twin through.
    for (const { known_bad, known_good, injection } of families) {
      expect(known_bad.n + known_good.n + injection.n).toBe(planted.length);
      expect(known_bad.hits + known_good.hits + injection.hits).toBe(0);
    }
  });
});
