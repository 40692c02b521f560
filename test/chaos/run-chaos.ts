/**
 * Kills and stops processes of a real home (daemon, planes, containers) at random moments during missions. After each such cycle the log is checked, and at the
 * end everything. The seed decides which process is hit, when and how, but not what it is doing at that instant.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Chance, chanceOf } from "../../packages/demo/src/board/chance.ts";
import { homeOf } from "../support/home-containers.ts";
import { Laboratory, registerSmallProject } from "../support/laboratory.ts";
import { leftBehind, missionsIn, stepsDone, wrongInLog, wrongOnRemote } from "./invariants.ts";
import { approveMission, readAcknowledged, scriptsFor, submitMission } from "./missions.ts";
import { isOpen, type MissionRow, wrongOutcomes } from "./outcomes.ts";
import {
  daemonPid,
  kill,
  orphanedPlanes,
  pickTarget,
  stop,
  type TargetKind,
  targetKinds,
  targetsOf,
} from "./targets.ts";

export interface ChaosOptions {
  readonly cycles: number;
  readonly seed: number;
  /** Has the home, the remote and the record of acknowledged commands; a run that ended early is resumed from it. */
  readonly folder: string;
  readonly say?: (line: string) => void;
}

export interface ChaosReport {
  /** The seed of the run, even if it was started with another. */
  readonly seed: number;
  readonly cycles: number;
  /** How often each kind of process was hit. */
  readonly killed: Readonly<Record<TargetKind, number>>;
  readonly stopped: Readonly<Record<TargetKind, number>>;
  readonly missions: number;
  readonly acknowledged: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Reasons of holds, by code and detail. */
  readonly holds: Readonly<Record<string, number>>;
  /** Empty if nothing is wrong. */
  readonly violations: readonly string[];
}

/** The state from which a run is resumed. */
interface Progress {
  readonly seed: number;
  cycles: number;
  keys: number;
  killed: Record<TargetKind, number>;
  stopped: Record<TargetKind, number>;
}

const pauseMsMax = 2_500;
const stopMsMax = 4_000;
/** After this many cycles without a new step of a mission, nothing is hit until there is one, but not for ever. */
const cyclesPerStepMax = 6;
const lullMsMax = 120_000;
/** Maximum number of open missions. */
const openMissionsMax = 3;
/** Once nothing is hit any more, each mission has this long to end. */
const drainMsMax = 600_000;

const noHits = () => Object.fromEntries(targetKinds.map((kind) => [kind, 0])) as Record<TargetKind, number>;

/** Runs until `cycles` cycles are done in the folder, counted over all its runs. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const say = options.say ?? (() => undefined);
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const configuration = "limits:\n  concurrent_runs: 2\n";
  await using laboratory = await Laboratory.open({ folder: options.folder, configuration });
  const progress = readProgress(options);
  const bare = join(options.folder, "small.git");
  // A daemon left by an interrupted run would ask vendors that are gone.
  await laboratory.run("daemon", "stop");
  laboratory.models.coder = scriptsFor(keysUpTo(progress.keys));
  await laboratory.must("daemon", "start");
  if (progress.keys === 0) await registerSmallProject(laboratory);
  const homeId = await homeOf(laboratory);
  const violations: string[] = [];
  let submitting: Promise<void> | null = null;
  const lull = { steps: stepsDone(laboratory), since: progress.cycles };
  while (progress.cycles < options.cycles && violations.length === 0) {
    const chance = chanceOf(progress.seed, "cycle", progress.cycles + 1);
    submitting ??=
      sendNext(laboratory, progress)?.finally(() => {
        submitting = null;
      }) ?? null;
    const what = await hit(laboratory, { chance, progress, homeId, violations });
    violations.push(...wrongInLog(laboratory, readAcknowledged(laboratory)));
    progress.cycles += 1;
    writeProgress(options, progress);
    say(`cycle ${progress.cycles}: ${what}; ${summaryOf(missionsIn(laboratory))}`);
    if (stepsDone(laboratory) === lull.steps && progress.cycles - lull.since < cyclesPerStepMax) continue;
    if (stepsDone(laboratory) === lull.steps) await untilStep(laboratory, lull.steps);
    Object.assign(lull, { steps: stepsDone(laboratory), since: progress.cycles });
  }
  await submitting;
  if (violations.length === 0) violations.push(...(await drain(laboratory, say)));
  violations.push(...wrongInLog(laboratory, readAcknowledged(laboratory)), ...(await wrongOnRemote(laboratory, bare)));
  if (violations.length === 0) violations.push(...(await wrongWhenIdle(laboratory, homeId)));
  const missions = missionsIn(laboratory);
  return {
    ...{ seed: progress.seed, cycles: progress.cycles, killed: progress.killed, stopped: progress.stopped },
    missions: missions.length,
    acknowledged: readAcknowledged(laboratory).length,
    statuses: countOf(missions.map(({ status }) => status)),
    holds: countOf(missions.flatMap(({ holds }) => holds.map(({ code, detail }) => `${code}: ${detail}`))),
    violations,
  };
}

/** Sends the next command beside the hits: an approval without an answer so far, or a new mission. Null if there is none. */
function sendNext(laboratory: Laboratory, progress: Progress): Promise<void> | null {
  const missions = missionsIn(laboratory);
  const waiting = missions.find(({ status }) => status === "awaiting_approval");
  if (waiting !== undefined) return approveMission(laboratory, waiting.title, waiting.mission_id);
  if (missions.filter(isOpen).length >= openMissionsMax) return null;
  progress.keys += 1;
  const key = keyOf(progress.keys);
  laboratory.models.coder = { ...laboratory.models.coder, ...scriptsFor([key]) };
  return submitMission(laboratory, key);
}

/** Hits nothing until a mission completes a step, because no work ends in a process that is killed every few seconds. */
async function untilStep(laboratory: Laboratory, steps: number): Promise<void> {
  const endsAt = performance.now() + lullMsMax;
  await laboratory.until(async () => stepsDone(laboratory) > steps || performance.now() > endsAt);
}

/** One cycle: waits, then kills or stops something; starts a killed daemon again. Returns what was hit. */
async function hit(
  laboratory: Laboratory,
  options: { chance: Chance; progress: Progress; homeId: string; violations: string[] },
): Promise<string> {
  const { chance, progress, homeId, violations } = options;
  await delay(chance.below(pauseMsMax));
  const targets = await targetsOf(laboratory, homeId);
  const target = pickTarget(targets, chance);
  if (target === null) {
    violations.push("the daemon is not there, and nobody killed it");
    return "nothing";
  }
  if (chance.happens(0.3)) {
    const forMs = 200 + chance.below(stopMsMax);
    await stop(target, forMs);
    progress.stopped[target.kind] += 1;
    return `${target.kind} stopped for ${forMs} ms`;
  }
  await kill(target);
  progress.killed[target.kind] += 1;
  if (target.kind !== "daemon") return `${target.kind} killed`;
  await delay(chance.below(1_500));
  const started = await laboratory.run("daemon", "start");
  if (started.exitCode !== 0) violations.push(`the daemon does not start again: ${started.stderr}`);
  const planes = targets.filter(({ kind }) => kind === "execution" || kind === "judgement");
  const orphaned = orphanedPlanes(planes);
  if (orphaned.length > 0) violations.push(`planes outlived their daemon: ${orphaned.join(", ")}`);
  return "daemon killed";
}

/** Waits until every mission has ended or waits for a person, and returns what is wrong with that. */
async function drain(laboratory: Laboratory, say: (line: string) => void): Promise<string[]> {
  const endsAt = performance.now() + drainMsMax;
  for (;;) {
    const missions = missionsIn(laboratory);
    // The approval may have been lost with the daemon.
    for (const { mission_id, title } of missions.filter(({ status }) => status === "awaiting_approval"))
      await approveMission(laboratory, title, mission_id);
    const open = missions.filter(isOpen);
    if (open.length === 0) return wrongOutcomes(missions);
    if (performance.now() > endsAt)
      return open.map(
        ({ mission_id, status }) => `${mission_id} is still ${status}, and nothing was hit for 10 minutes`,
      );
    say(`nothing is hit any more; ${summaryOf(missions)}`);
    await delay(3_000);
  }
}

async function wrongWhenIdle(laboratory: Laboratory, homeId: string): Promise<string[]> {
  const endsAt = performance.now() + drainMsMax / 10;
  let left: string[] = [];
  await laboratory.until(async () => {
    left = (await leftBehind(laboratory, homeId)).filter((what) => /^(container|worktree|tree)/.test(what));
    return left.length === 0 || performance.now() > endsAt;
  });
  if (daemonPid(laboratory) === null) return ["the daemon is not there, and nobody killed it"];
  await laboratory.must("daemon", "stop");
  return (await leftBehind(laboratory, homeId)).map((what) => `left behind: ${what}`);
}

const keyOf = (number: number) => `half${number}`;
const keysUpTo = (count: number) => Array.from({ length: count }, (_, index) => keyOf(index + 1));

function countOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const summaryOf = (missions: readonly MissionRow[]) => JSON.stringify(countOf(missions.map(({ status }) => status)));

const progressPath = ({ folder }: ChaosOptions) => join(folder, "progress.json");

function readProgress(options: ChaosOptions): Progress {
  const path = progressPath(options);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Progress;
  return { seed: options.seed, cycles: 0, keys: 0, killed: noHits(), stopped: noHits() };
}

function writeProgress(options: ChaosOptions, progress: Progress): void {
  writeFileSync(progressPath(options), JSON.stringify(progress));
}
