/** Plans a night: missions and decisions of people, pushes of others, jumps of the clock, and times when something is down. */
import type { CommandBody } from "@aedev/core";
import { clear, life as story } from "@aedev/core/testing";
import { type Chance, chanceOf, drawnDigest } from "../../packages/demo/src/board/chance.ts";
import { partsAt, plainName, planPlan } from "./plans.ts";
import type { FaultKind, Windows, World } from "./world.ts";

const minute = 60_000;
const hour = 60 * minute;
/** People and faults act until this time, in milliseconds of the outside. */
export const nightMs = 12 * hour;
export const repositories = ["shop", "tool", "site"];

export interface Happening {
  readonly atMs: number;
  readonly act: () => void;
  /** It does not happen while the machine sleeps; everything else happens once the machine wakes. */
  readonly needsAwake?: true;
}

/** The recipients of the happenings. */
export interface NightParts {
  readonly world: World;
  readonly may: (fault: FaultKind) => boolean;
  readonly send: (body: CommandBody) => void;
  /** People look at everything, and decide. */
  readonly look: (chance: Chance) => void;
  readonly pushByOthers: (repository: string, commit: string) => void;
  readonly jump: (ms: number) => void;
  readonly sleep: (ms: number) => void;
}

/** Returns the happenings in the order of time. */
export function planNight(missions: number, parts: NightParts): Happening[] {
  const { world, may, send, look, pushByOthers, jump, sleep } = parts;
  const chance = world.chance("night");
  const resume = () => {
    for (const repository of repositories) {
      send({ kind: "ResumeRepository", repository });
      send({ kind: "ResumeLandings", repository });
    }
    send({ kind: "ResumeWork" });
  };
  const all: Happening[] = [
    ...repositories.map((name) => ({ atMs: 0, act: () => send({ ...story["registered"], name } as CommandBody) })),
    { atMs: 0, act: () => send({ kind: "ConfigureNotifier", digest: "a".repeat(64) }) },
    ...planMissions(missions, { world, send }),
    { atMs: nightMs, act: resume },
  ];
  for (let atMs = 5 * minute; atMs < nightMs; atMs += (5 + chance.below(20)) * minute) {
    const at = atMs;
    all.push({ atMs, act: () => look(world.chance("people", at)), needsAwake: true });
  }
  for (let count = may("moved-base") ? chance.below(20) : 0; count > 0; count -= 1) {
    const repository = chance.pick(repositories);
    const id = drawnDigest(40, "others", world.seed, count);
    all.push({ atMs: chance.below(nightMs), act: () => pushByOthers(repository, id) });
  }
  for (let count = may("clock-jump") ? chance.below(4) : 0; count > 0; count -= 1) {
    const ms = chance.pick([-30 * minute, -2000, 3000, 2 * hour, 5 * hour]);
    all.push({ atMs: chance.below(nightMs), act: () => jump(ms) });
  }
  const sleeps = world.chance("sleeps");
  for (let count = may("sleep") ? sleeps.below(3) : 0; count > 0; count -= 1) {
    const ms = sleeps.below(sleeps.pick([10 * minute, hour, 3 * hour, 9 * hour]));
    all.push({ atMs: sleeps.below(nightMs), act: () => sleep(ms) });
  }
  return [...all, ...(may("pause") ? planPauses({ world, send }) : [])].toSorted(
    (left, right) => left.atMs - right.atMs,
  );
}

/** Holds for more runs than a night has; the daemon counts them. */
const stoppedMax = 100;

/** A person pauses everything or stops all runs, and resumes within hours. */
function planPauses({ world, send }: Pick<NightParts, "world" | "send">): Happening[] {
  const chance = world.chance("pauses");
  return Array.from({ length: chance.below(3) }, (_, index): Happening[] => {
    const atMs = chance.below(nightMs);
    const ids = Array.from(
      { length: stoppedMax },
      (_, number) => `h-${plainName(drawnDigest(64, world.seed, "pause", index, number))}`,
    );
    const stops = chance.happens(0.6) ? { hold_ids: ids } : {};
    return [
      { atMs, act: () => send({ kind: "PauseWork", ...stops }) },
      { atMs: atMs + chance.below(2 * hour), act: () => send({ kind: "ResumeWork" }) },
    ];
  }).flat();
}

/** Most missions are approved by their person within the hour; some wait for others, and some are parts of a plan, each of which counts as one of `count`. */
function planMissions(count: number, { world, send }: Pick<NightParts, "world" | "send">): Happening[] {
  const names: string[] = [];
  const nameOf = (index: number) => plainName(drawnDigest(64, world.seed, "mission", index));
  const all: Happening[] = [];
  for (let index = 0; index < count; ) {
    const parts = partsAt(world, index, count - index);
    const missions = Array.from({ length: parts ?? 1 }, (_, place) => nameOf(index + place));
    if (parts === null) all.push(...planMission(index));
    else {
      const { mission_id, sent } = planPlan(missions, { world, send, before: names });
      // As likely to be waited for as all its parts together.
      names.push(...missions.map(() => mission_id));
      all.push(...sent);
    }
    names.push(...missions.map((name) => `m-${name}`));
    index += missions.length;
  }
  return all;

  function planMission(index: number): Happening[] {
    const of = world.chance("mission", index);
    const name = nameOf(index);
    const mission_id = `m-${name}`;
    const after = of.happens(0.15) && names.length > 0 ? [of.pick(names)] : [];
    world.after.set(mission_id, after);
    const body = {
      ...story["submitted"],
      ...{ mission_id, after, clarity: clear },
      repository: of.pick(repositories),
      priority: of.pick(["low", "normal", "high"]),
      specification: { digest: drawnDigest(64, "specification", mission_id), size_bytes: 1, media_type: "text/plain" },
    } as CommandBody;
    const atMs = 1000 + of.below(6 * hour);
    const approval = { kind: "ApproveMission", mission_id, spec_digest: null, task_id: `t-${name}` } as const;
    const submitted = { atMs, act: () => send(body) };
    return of.happens(0.9) ? [submitted, { atMs: atMs + of.below(hour), act: () => send(approval) }] : [submitted];
  }
}

/** Draws the times when something is down, none of them after the night. */
export function drawWindows(seed: number, may: (fault: FaultKind) => boolean): World["down"] {
  const windows = (what: string, fault: FaultKind, minutes: readonly number[] = [1, 5, 20]): Windows => {
    const of = chanceOf(seed, "down", what);
    if (!may(fault)) return [];
    return Array.from({ length: of.below(3) }, () => {
      const fromMs = of.below(nightMs);
      return { fromMs, toMs: Math.min(nightMs, fromMs + of.below(of.pick(minutes) * minute)) };
    });
  };
  return {
    engine: windows("engine", "engine-down"),
    remote: windows("remote", "remote-down"),
    phone: windows("phone", "phone-down"),
    disk: windows("disk", "disk-low"),
    slow: windows("slow", "slow-engine", [20, 60, 180]),
    log: windows("log", "disk-full", [1, 20, 60]),
    openai: windows("openai", "vendor-down"),
    gemini: windows("gemini", "vendor-down"),
  };
}
