/** Draws a night's plans: what each part waits for and changes, as a person writes it, and what people then decide about the whole and about parts alone. */
import { type CommandBody, orderPlan } from "@aedev/core";
import { clear, life as story } from "@aedev/core/testing";
import { type Chance, drawnDigest } from "../../packages/demo/src/board/chance.ts";
import { blob, type PlannedPart, type World } from "./world.ts";

const minute = 60_000;
const hour = 60 * minute;
const partsMax = 7;
const folders = ["src/api.ts", "src/", "src/web/", "test/", "docs/guide.md"];
const criteria = [{ id: "c1", text: "a test shows it closed" }];
const unclear = {
  ...clear,
  round: 1,
  score: 60,
  signals: [{ name: "no_acceptance_criteria" as const, weight: 60, why: "there is none" }],
  questions: [
    {
      id: "criterion",
      signal: "no_acceptance_criteria" as const,
      text: "What shows that it is done?",
      choices: ["a new test shows it"],
      default: "a new test shows it",
    },
  ],
};

type Submission = Extract<CommandBody, { kind: "SubmitMission" }>;
interface Sent {
  readonly atMs: number;
  readonly act: () => void;
}

/** The number of parts of the plan that begins at this mission of the night; null: it is a mission of one task. Every second night has plans. */
export function partsAt(world: World, index: number, left: number): number | null {
  const of = world.chance("plan", index);
  if (left < 2 || !world.chance("plans").happens(0.5) || !of.happens(0.12)) return null;
  return Math.min(left, 2 + of.below(partsMax - 1));
}

/** Submits the plan and decides about it. `names`: of its parts. `before`: ids of earlier missions, for which it may wait. */
export function planPlan(
  names: readonly string[],
  { world, send, before }: { world: World; send: (body: CommandBody) => void; before: readonly string[] },
): { readonly mission_id: string; readonly sent: readonly Sent[] } {
  const of = world.chance("plan", ...names);
  const mission_id = `m-${idOf(world, ...names)}`;
  const atMs = 1000 + of.below(6 * hour);
  const on_failure = of.pick(["stop", "independent"] as const);
  const priority = of.pick(["low", "normal", "high"] as const);
  const first = of.happens(0.1) && before.length > 0 ? [of.pick(before)] : [];
  const written = writtenParts(names, of);
  const ordered = orderPlan(of.happens(0.5) ? written.toReversed() : written);
  if (!("parts" in ordered)) throw new Error(`a plan without a cycle was refused: ${ordered.reason}`);
  const missionOf = (name: string) => `m-${name}`;
  const mission = (id: string, change: Partial<Submission>): Submission => ({
    ...(story["submitted"] as Submission),
    ...{ mission_id: id, priority, specification: blob("specification", id), after: first, clarity: clear },
    ...change,
  });
  const open = names.filter(() => of.happens(0.08));
  const parts = ordered.parts.map(({ name, after, implied, files, repository }) => {
    const change = { repository, after: [...first, ...[...after, ...implied].map(missionOf)] };
    const questions = open.includes(name) ? { clarity: unclear, clarified_spec: null } : {};
    const written = blob("written", name).digest;
    return { name, after, implied, files, written, mission: mission(missionOf(name), { ...change, ...questions }) };
  });
  world.plans.set(mission_id, {
    on_failure,
    parts: written.map(({ name, after, files, repository }): PlannedPart => {
      world.after.set(missionOf(name), [...first, ...after.map(missionOf)]);
      return { mission_id: missionOf(name), files, repository };
    }),
  });
  const whole = mission(mission_id, { repository: ordered.parts[0]?.repository ?? "" });
  const submission = { kind: "SubmitPlan", mission: whole, on_failure, parts } as const;
  const answers = answersTo(open.map(missionOf), { atMs, mission_id, of, send });
  const decidedMs = atMs + answers.length * 20 * minute;
  const tasks = names.map((name) => ({ mission_id: missionOf(name), task_id: `t-${name}` }));
  const decisions = drawDecisions({ mission_id, tasks, on_failure }, of).map(
    ({ inMs, body }): Sent => ({ atMs: decidedMs + inMs, act: () => send(body) }),
  );
  const replacements = open.length > 0 ? [] : replacing({ submission, tasks }, world.chance("replacement", mission_id));
  const replaced = replacements.map(({ inMs, body }): Sent => ({ atMs: decidedMs + inMs, act: () => send(body) }));
  return { mission_id, sent: [{ atMs, act: () => send(submission) }, ...answers, ...decisions, ...replaced] };
}

/** Some plans get a new version in which the last part is changed or removed, and another approval. Some come too late, or twice. */
function replacing(
  {
    submission: { mission, on_failure, parts },
    tasks,
  }: {
    submission: Extract<CommandBody, { kind: "SubmitPlan" }>;
    tasks: readonly { readonly mission_id: string; readonly task_id: string }[];
  },
  of: Chance,
): { readonly inMs: number; readonly body: CommandBody }[] {
  const last = parts.at(-1);
  if (last === undefined || !of.happens(0.3)) return [];
  const { mission_id, title } = mission;
  const kept = parts.slice(0, -1).map(({ mission: part, ...place }) => {
    return { ...place, keeps: part.mission_id, waits_for: part.after };
  });
  const again = `${last.mission.mission_id}x`;
  const changed = {
    ...last,
    written: blob("written", again).digest,
    mission: { ...last.mission, mission_id: again, specification: blob("specification", again) },
  };
  const specification = blob("replaced", mission_id);
  const body: CommandBody = {
    ...{ kind: "ReplacePlan", mission_id, title, on_failure, criteria, specification },
    ...{ spec_digest: mission.specification.digest, clarified_spec: blob("clarified", mission_id) },
    parts: of.happens(0.3) ? kept : [...kept, changed],
  };
  const approval: CommandBody = {
    ...{ kind: "ApproveMission", mission_id, spec_digest: specification.digest, task_id: `t-${mission_id}x` },
    part_tasks: [...tasks, { mission_id: again, task_id: `t-${again.slice(2)}` }],
  };
  const inMs = of.below(3 * hour);
  const decidedMs = inMs + 1000 + of.below(hour);
  return [
    { inMs, body },
    ...(of.happens(0.3) ? [{ inMs: inMs + 500, body }] : []),
    ...(of.happens(0.9) ? [{ inMs: decidedMs, body: approval }] : []),
  ];
}

/** Each part may wait for any before it, so that chains, diamonds and parts that wait for nothing all occur. */
function writtenParts(names: readonly string[], of: Chance) {
  const density = of.pick([0.1, 0.3, 0.6]);
  return names.map((name, place) => ({
    name,
    after: names.slice(0, place).filter(() => of.happens(density)),
    repository: of.pick(["shop", "tool", "site"]),
    files: folders.filter(() => of.happens(0.25)),
  }));
}

/** Answers the parts' questions one after the other. Some answers come twice, or to a plan that has changed. */
function answersTo(
  ids: readonly string[],
  { atMs, mission_id, of, send }: { atMs: number; mission_id: string; of: Chance; send: (body: CommandBody) => void },
): Sent[] {
  let before = blob("specification", mission_id);
  return ids.flatMap((id, place): Sent[] => {
    const changed = blob("answered", mission_id, place);
    const answer = (digest: string): CommandBody => ({
      ...{ kind: "AnswerMission", mission_id: id, round: 1, spec_digest: blob("specification", id).digest },
      ...{ answers: [{ question_id: "criterion", text: "a new test shows it" }], clarity: { ...clear, round: 1 } },
      ...{ criteria, specification: blob("answered", id), clarified_spec: blob("clarified", id) },
      plan: { before: digest, specification: changed, clarified_spec: blob("clarified", mission_id, place) },
    });
    const bodies = [answer(before.digest)];
    if (of.happens(0.3)) bodies.unshift(answer(changed.digest));
    if (of.happens(0.3)) bodies.push(answer(before.digest));
    before = changed;
    return bodies.map((body, at) => ({ atMs: atMs + (20 * place + 1 + at) * minute, act: () => send(body) }));
  });
}

/** Most plans are approved within the hour. Some decisions are wrong: of one part alone, or without the tasks of all parts. */
function drawDecisions(
  {
    mission_id,
    tasks,
    on_failure,
  }: {
    mission_id: string;
    tasks: readonly { readonly mission_id: string; readonly task_id: string }[];
    on_failure: "stop" | "independent";
  },
  of: Chance,
): { readonly inMs: number; readonly body: CommandBody }[] {
  const within = (ms: number) => of.below(ms);
  const { mission_id: part } = of.pick(tasks);
  const approve = { kind: "ApproveMission", mission_id, spec_digest: null, task_id: `t-${mission_id}` } as const;
  const other = on_failure === "stop" ? "independent" : "stop";
  const drawn: [number, number, CommandBody][] = [
    [0.9, hour, { ...approve, part_tasks: tasks }],
    [0.1, hour, { ...approve, part_tasks: tasks.slice(1) }],
    [0.1, hour, approve],
    [0.1, hour, { ...approve, mission_id: part }],
    [0.1, hour, { kind: "RejectMission", mission_id: part, reason: null }],
    [0.08, hour, { kind: "RejectMission", mission_id, reason: null }],
    [0.1, 2 * hour, { kind: "CancelMission", mission_id: part }],
    [0.1, 5 * hour, { kind: "CancelMission", mission_id }],
    [0.2, 5 * hour, { kind: "UpdateMission", mission_id, on_failure: other }],
    [0.1, 5 * hour, { kind: "UpdateMission", mission_id, priority: "urgent" }],
  ];
  return drawn.flatMap(([probability, ms, body]) => (of.happens(probability) ? [{ inMs: within(ms), body }] : []));
}

function idOf(world: World, ...names: readonly string[]): string {
  return plainName(drawnDigest(64, world.seed, "plan", ...names));
}

/** A name in the form of ids. */
export function plainName(digest: string): string {
  return digest.slice(0, 16).replaceAll("1", "z").replaceAll("0", "y");
}
