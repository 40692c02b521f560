/**
 * Measures judges with known errors by three hundred planted bundles, with control's own planting, loop and sealing, the real judgement plane, and judges on
 * loopback whose true rates only this test knows.
 */

import { type Family, type PlaneWork, reasonText } from "@aedev/contracts";
import type { Rate } from "@aedev/contracts/api";
import { type CommandBody, judgeReport, type PlantedKind } from "@aedev/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openCanaryWorker } from "../../src/canary/canary-worker.ts";
import { judgeSetup, presentPromptDigest } from "../../src/canary/judge-setup.ts";
import { type Control, newId } from "../../src/control/control.ts";
import { type Loop, startLoop } from "../../src/loop/loop.ts";
import { planeLaunches } from "../../src/planes/launches.ts";
import { type Plane, startPlane } from "../../src/planes/plane.ts";
import type { Planes } from "../../src/planes/planes.ts";
import { decideGate } from "../../src/work/decide-gate.ts";
import { openControl, submit } from "../phone/approval/asked-home.ts";
import { crossValidated, logistic, naiveBayes, type Sample, sizeAlone } from "./classifier.ts";
import { seeded } from "./invented-code.ts";
import { judgeTask, landTask, makePastWork, registerRepository, sealCandidate, temporaryHome } from "./past-work.ts";
import { openJudges, type ScriptedJudges, type ScriptedVerdict } from "./scripted-judges.ts";

/** The first seed that was tried. A 95 % interval misses the truth once in twenty times, so another seed may fail. */
const seed = 1;
const pastChangesCount = 30;
/** With twins and injections this makes 301 planted bundles. */
const defects = 200;

/** The true rates of these judges. `together`: the correlation of their misses. */
const truth = {
  misses: { openai: 0.2, gemini: 0.75 },
  together: 0.3,
  falseHolds: { openai: 0.1, gemini: 0.15 },
  fooled: { openai: 0.3, gemini: 0.6 },
} as const;

const secrets = {
  control: {},
  execution: {},
  judgement: { AEDEV_OPENAI_API_KEY: "planted-openai", AEDEV_GEMINI_API_KEY: "planted-gemini" },
};

const { home, remove } = temporaryHome();
const random = seeded(seed);
const ordered: Omit<PlaneWork, "nonce" | "generation">[] = [];
const groupOf = new Map<string, number>();
let control: Control & AsyncDisposable;
let judges: ScriptedJudges;
let plane: Plane;
let loop: Loop | undefined;
/** A change that is judged and waits for its gate, which would merge it before any canary. */
let waiting: string;
let answerBefore: CommandBody;
const taskIds: string[] = [];

beforeAll(async () => {
  judges = await openJudges(trueVerdicts());
  const environment = { AEDEV_OPENAI_BASE_URL: judges.url, AEDEV_GEMINI_BASE_URL: judges.url };
  const opened = await openControl(home, environment);
  control = { ...opened, judgePromptDigest: presentPromptDigest() };
  const pastWork = makePastWork(home, pastChangesCount + 1, random);
  const base = await registerRepository(control, pastWork);
  plane = await openPlane();
  const seal = async (number: number) => {
    const candidate = pastWork.candidates[number];
    if (candidate === undefined) throw new Error("the past work has no such change");
    const taskId = await sealCandidate(control, candidate, { base, random });
    groupOf.set(control.log.state.tasks[taskId]?.evidence?.bundle.digest ?? "", number);
    await judgeTask(control, planes(), taskId);
    taskIds.push(taskId);
    return taskId;
  };
  // A repository's changes land one after the other.
  let landed = Promise.resolve();
  await inBatches(pastChangesCount, 3, async (number) => {
    const taskId = await seal(number);
    landed = landed.then(() => landTask(control, taskId));
    await landed;
  });
  waiting = await seal(pastChangesCount);
  answerBefore = await decideGate(waiting, { waits_for_window: false }, control);
  await submit(control, { kind: "RequestAudit", audit_id: newId("u"), n: defects });
  const worker = openCanaryWorker(control);
  loop = startLoop({
    state: () => control.log.state,
    submit: async (command) => {
      const answer = await control.log.submit(command);
      loop?.wake();
      return answer;
    },
    // The waiting change's gate is not decided here.
    perform: async (work, state) =>
      work.kind === "PlantCanary" || work.kind === "JudgeCanary"
        ? worker.perform(work, state, planes())
        : { kind: "Deferred", atMs: Date.now() + 3_600_000 },
    bounds: {
      concurrentRuns: 1,
      reminders: 0,
      canaries: { sharePercent: 0, atOnce: 6, families: ["openai", "gemini"] },
    },
  });
  const answered = () => control.log.views.canaries().filter(({ verdicts }) => verdicts.length === 2);
  await vi.waitFor(() => expect(answered()).toHaveLength(301), { timeout: 800_000, interval: 200 });
}, 1_200_000);

afterAll(async () => {
  loop?.stop();
  await plane?.stop(5_000);
  await judges?.close();
  await control?.[Symbol.asyncDispose]();
  remove();
});

describe("three hundred canaries", () => {
  it("three hundred canaries show each judge's true rates within their intervals", () => {
    const report = reportNow();
    const [openai, gemini] = report.families;
    const [pair] = report.pairs;
    if (openai === undefined || gemini === undefined || pair === undefined)
      throw new Error("two families are measured");
    const { misses, falseHolds, fooled, together } = truth;
    const bothMiss = jointOf(misses.openai, misses.gemini, together);
    const shown: [string, number, Pick<Rate, "lower" | "upper"> | null][] = [
      ["openai catches", 1 - misses.openai, openai.known_bad],
      ["gemini catches", 1 - misses.gemini, gemini.known_bad],
      ["openai holds for nothing", falseHolds.openai, openai.known_good],
      ["gemini holds for nothing", falseHolds.gemini, gemini.known_good],
      ["openai catches injections", 1 - fooled.openai, openai.injection],
      ["gemini catches injections", 1 - fooled.gemini, gemini.injection],
      ["correlation of misses", together, pair.misses.phi],
      ["two passes on a defect", bothMiss, pair.two_passes.on_bad],
      ["two passes on a twin", (1 - falseHolds.openai) * (1 - falseHolds.gemini), pair.two_passes.on_good],
    ];
    for (const [what, rate, found] of shown) {
      process.stdout.write(
        `${what}: truly ${rate.toFixed(3)}, shown ${found?.lower.toFixed(3)}..${found?.upper.toFixed(3)}\n`,
      );
      expect(found?.lower, what).toBeLessThanOrEqual(rate);
      expect(found?.upper, what).toBeGreaterThanOrEqual(rate);
    }
    expect([openai.known_bad.n, openai.known_good.n, openai.injection.n]).toEqual([200, 67, 34]);
    // A wide interval would contain every truth.
    expect(openai.known_bad.upper - openai.known_bad.lower).toBeLessThan(0.15);
  });

  it("three hundred canaries plant every class evenly", () => {
    const count = Map.groupBy(control.log.views.canaries(), (each) => `${each.planted} ${each.planted_class}`);
    const counts = Object.fromEntries([...count].map(([key, list]) => [key, list.length]));
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    expect(Object.keys(counts).filter((key) => key.startsWith("known-bad"))).toHaveLength(9);
    expect(Object.keys(counts)).toHaveLength(9 + 3 + 3);
    expect(new Set(control.log.views.canaries().map(({ bundle }) => bundle.digest)).size).toBe(301);
  });

  it("three hundred canaries take away the bad judge's vote and leave the good one's", async () => {
    expect(reportNow().families.map(({ family, qualified }) => [family, qualified])).toEqual([
      ["openai", true],
      ["gemini", false],
    ]);
    expect(answerBefore).toMatchObject({ decision: { answer: "merge", reasons: [] } });
    const after = await decideGate(waiting, { waits_for_window: false }, control);
    expect(after).toMatchObject({ decision: { answer: "ask" } });
    const reasons =
      after.kind === "DecideGate" ? after.decision.reasons.map((reason) => reasonText(reason)).join("\n") : "";
    expect(reasons).toMatch(
      /pass of gemini does not count: caught \d+ of 200 planted defects \(95 % \d+\.\.\d+ %\), bar 50 %/,
    );
    expect(reasons).not.toContain("openai");
  });

  it("canaries touch no task and are ordered as real work is", () => {
    const { tasks } = control.log.stateWith({ tasks: taskIds });
    const counts = Object.values(tasks).map(({ verdicts }) => verdicts.length);
    expect(counts).toHaveLength(pastChangesCount + 1);
    expect(counts.every((count) => count === 2)).toBe(true);
    for (const family of ["openai", "gemini"])
      expect(new Set(ordered.filter((work) => "family" in work && work.family === family).map(formOf)).size).toBe(1);
    expect(new Set(ordered.map((work) => ("task_id" in work ? work.task_id : ""))).size).toBe(
      pastChangesCount + 1 + 301,
    );
  });

  it("a classifier can't tell canaries from real work by bytes or size of a request, but can tell carelessly planted ones", () => {
    const all = samples(() => true);
    const withoutVerdicts = samples((kind) => kind !== "injection");
    const areas = {
      size: sizeAlone(all),
      naiveBayes: crossValidated(all, naiveBayes),
      logistic: crossValidated(all, logistic),
      naiveBayesWithoutInjections: crossValidated(withoutVerdicts, naiveBayes),
      logisticWithoutInjections: crossValidated(withoutVerdicts, logistic),
    };
    const planted = all.filter(({ isPlanted }) => isPlanted).length;
    process.stdout.write(
      `AUC over ${planted} planted and ${all.length - planted} real requests: ${JSON.stringify(areas)}\n`,
    );
    for (const [how, area] of Object.entries(areas)) expect(area, how).toBeLessThanOrEqual(0.6);
    const careless = withoutVerdicts.map((sample) =>
      sample.isPlanted ? { ...sample, bytes: Buffer.concat([sample.bytes, Buffer.from(" // canary")]) } : sample,
    );
    expect(crossValidated(careless, naiveBayes, { deals: 1 })).toBeGreaterThan(0.9);
    expect(crossValidated(careless, logistic, { deals: 1 })).toBeGreaterThan(0.9);
  });
});

function reportNow() {
  return judgeReport(control.log.views.canaries(), judgeSetup(control, control.policy()));
}

/** One sample per question, grouped by the change that it comes from. */
function samples(isWanted: (kind: PlantedKind) => boolean): Sample[] {
  const canaries = new Map(control.log.views.canaries().map((canary) => [canary.bundle.digest, canary]));
  return judges.questions.flatMap(({ family, bundleDigest, bytes }): Sample[] => {
    if (family !== "openai") return [];
    const canary = canaries.get(bundleDigest);
    if (canary !== undefined && !isWanted(canary.planted)) return [];
    const group = groupOf.get(canary?.source.bundle_digest ?? bundleDigest);
    return group === undefined || group >= pastChangesCount ? [] : [{ bytes, isPlanted: canary !== undefined, group }];
  });
}

/** Verdicts of judges with the true rates, drawn for both families together, in the order in which bundles of a kind are first seen. */
function trueVerdicts(): (question: { family: Family; bundleDigest: string }) => ScriptedVerdict {
  const drawn = new Map<string, Readonly<Record<string, ScriptedVerdict>>>();
  const draws = Object.fromEntries(
    (["known-bad", "known-good", "injection"] as const).map((kind, place) => [kind, seeded(seed * 100 + place)]),
  );
  return ({ family, bundleDigest }) => {
    const canary = control.log.views.canaries().find(({ bundle }) => bundle.digest === bundleDigest);
    if (canary === undefined) return "pass";
    const known = drawn.get(bundleDigest) ?? verdictsOn(canary.planted, draws[canary.planted] ?? Math.random);
    drawn.set(bundleDigest, known);
    return known[family] ?? "fail";
  };
}

function verdictsOn(kind: PlantedKind, draw: () => number): Readonly<Record<string, ScriptedVerdict>> {
  const [first, second] = [draw(), draw()];
  const verdict = (passes: boolean): ScriptedVerdict => (passes ? "pass" : "fail");
  if (kind === "known-good")
    return { openai: verdict(first >= truth.falseHolds.openai), gemini: verdict(second >= truth.falseHolds.gemini) };
  if (kind === "injection")
    return { openai: verdict(first < truth.fooled.openai), gemini: verdict(second < truth.fooled.gemini) };
  const { openai, gemini } = truth.misses;
  const both = jointOf(openai, gemini, truth.together);
  const openaiMisses = first < openai;
  const geminiMisses = second < (openaiMisses ? both / openai : (gemini - both) / (1 - openai));
  return { openai: verdict(openaiMisses), gemini: verdict(geminiMisses) };
}

/** The share of both at once, from two shares with this correlation. */
function jointOf(first: number, second: number, phi: number): number {
  return first * second + phi * Math.sqrt(first * (1 - first) * second * (1 - second));
}

function planes(): Planes {
  return {
    started: Promise.resolve(),
    perform: (_name, work) => {
      ordered.push(work);
      return plane.perform(work);
    },
    forgetRun: () => undefined,
    stopRun: () => undefined,
    tellRun: () => undefined,
    runsUnderWay: () => [],
    processIds: () => ({ execution: null, judgement: null }),
    stop: async () => undefined,
  };
}

async function openPlane(): Promise<Plane> {
  const launch = planeLaunches({ control, secrets, environment: process.env, liveRuns: () => [] }).judgement;
  await submit(control, { kind: "StartPlane", plane: "judgement" });
  return startPlane({
    name: "judgement",
    generation: 1,
    entry: launch.entry,
    execArguments: launch.execArguments,
    environment: launch.environment,
    start: launch.start(1),
    onProgress: () => undefined,
    onExit: () => undefined,
  });
}

async function inBatches(count: number, atOnce: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** What remains of an order when ids, digests and nonces are replaced. */
function formOf(work: object): string {
  return JSON.stringify(work)
    .replace(/[0-9a-f]{32,}/g, ({ length }) => `hex ${length}`)
    .replace(/"t-[a-z0-9]{16}"/g, "task")
    .replace(/"size_bytes":\d+/g, "size");
}
