/**
 * Outcomes of a landed change: decides which observations are new, and applies them to the task and its repository. The repository keeps the watched
 * landings, so that ended tasks can leave the state.
 */
import { type ApprovalId, canonicalJson, type MissionId, type RepositoryName, type TaskId } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { FoldedEvent, NewEvent } from "../model/event.ts";
import type { RepositoryState, WatchedLanding } from "../model/repository-state.ts";
import { entityById, type OutcomeState, type State, type TaskState } from "../model/state.ts";
import { on } from "./task-event.ts";

/** The most outcomes of one kind that are recorded for one task, not counting a person's reports. */
const sameOutcomeMax = 20;
/** The most outcomes that a task keeps. A person's newest report is always among them. */
const outcomesKeptMax = 60;
/** The most landings that a repository watches at once; the oldest are dropped. */
export const watchedLandingsMax = 500;

/** The event that starts the watch of a landing; none without `until`. */
export function watchLanding(
  { task_id, mission_id, repository }: TaskState,
  { commit, ref, watch_until: until }: Pick<CommandOf<"RecordLanded">, "commit" | "ref" | "watch_until">,
): NewEvent[] {
  if (until === undefined) return [];
  const data = { task_id: task_id as TaskId, mission_id: mission_id as MissionId, commit, ref, until };
  return [{ stream: `repository/${repository}`, type: "LandingWatched", data }];
}

/** A known observation causes no event: each outcome is recorded once for a task, its kind, and the commit or check that shows it. */
export function decideOutcomes(command: CommandOf<"RecordOutcomes">, state: State): Decision {
  const found = newOutcomes(state, command).flatMap((observation): NewEvent[] => {
    const task = entityById(state.tasks, observation.task_id);
    if (task === undefined) return [];
    const data = { ...observation, ...deciderOf(command) };
    return [
      on(task, { type: "OutcomeObserved", data }),
      ...onRepository(state, task, observation),
      ...revertOffer(command, { task, observation }, state),
    ];
  });
  return events(...found, ...passedAgain(command, state));
}

/** Records once that a check which a landing broke passes again. */
function passedAgain({ repository, passed = [] }: CommandOf<"RecordOutcomes">, { repositories }: State): NewEvent[] {
  const watched = entityById(repositories, repository)?.watched ?? [];
  return watched.flatMap(({ task_id, broke }) =>
    (broke?.checks ?? [])
      .filter((check) => passed.some((one) => one.task_id === task_id && one.check === check))
      .map((check) => {
        const data = { task_id, outcome: "passed", check } as const;
        return { stream: `repository/${repository}`, type: "WatchedLandingObserved", data } as const;
      }),
  );
}

/** The offer to take a red change back by a tap. It is made once, with the first message about the red change. */
function revertOffer(
  { offers = [] }: CommandOf<"RecordOutcomes">,
  { task, observation: { outcome, commit } }: { task: TaskState; observation: Observation },
  state: State,
): NewEvent[] {
  const offer = offers.find(({ task_id }) => task_id === task.task_id);
  const wasRed = task.outcomes?.some((known) => known.outcome === "red") === true;
  if (offer === undefined || outcome !== "red" || wasRed || task.reverted_by !== undefined) return [];
  const { approval_id, expires_at } = offer;
  if (state.system.notifier === null || entityById(state.approvals, approval_id) !== undefined) return [];
  const subject = {
    kind: "revert",
    mission_id: task.mission_id as MissionId,
    task_id: task.task_id as TaskId,
    commit,
  } as const;
  const data = { approval_id: approval_id as ApprovalId, subject, expires_at, epoch: state.system.epoch };
  return [{ stream: `approval/${approval_id}`, type: "ApprovalRequested", data }];
}

/** The observations that are not recorded yet, each once. The state contains their tasks. */
export function newOutcomes(
  state: State,
  { repository, outcomes }: Pick<CommandOf<"RecordOutcomes">, "repository" | "outcomes">,
): readonly Observation[] {
  const seen = new Set<string>();
  return outcomes.filter((observation) => {
    const task = entityById(state.tasks, observation.task_id);
    if (task === undefined || task.repository !== repository || task.landed_commit !== observation.commit) return false;
    const key = outcomeKey(observation);
    const isKnown = seen.has(key) || (task.outcomes ?? []).some((known) => outcomeKey(known) === key);
    if (isKnown || isFull(task, observation)) return false;
    seen.add(key);
    return true;
  });
}

/** A person's report on a landed change. The same report with the same reason causes no further event. */
export function judgeOutcome(command: CommandOf<"JudgeOutcome">, task: TaskState, state: State): Decision {
  if (task.status !== "landed" || task.landed_commit === null) return notLanded(task);
  const { outcome, words } = command;
  const evidence = { kind: "person", words } as const;
  const last = task.outcomes?.findLast((known) => known.evidence.kind === "person");
  if (last?.outcome === outcome && canonicalJson(last.evidence) === canonicalJson(evidence)) return events();
  const data = {
    task_id: task.task_id as TaskId,
    commit: task.landed_commit,
    outcome,
    evidence,
    ...deciderOf(command),
  };
  return events(on(task, { type: "OutcomeObserved", data }), ...onRepository(state, task, data));
}

/** The refusal of a command that only a landed task can take. */
function notLanded({ task_id, status }: TaskState): Refusal {
  return refuse(
    "not-landed",
    `task ${task_id} is ${status}; this is about landed changes`,
    `aedev task show ${task_id}`,
  );
}

/** Applies the outcome to the repository's watch: how the landing stands and which checks it broke. The state keeps nothing else of the landing. */
function onRepository(
  { repositories }: State,
  { task_id, repository }: TaskState,
  { outcome, evidence }: Pick<OutcomeState, "outcome" | "evidence">,
): NewEvent[] {
  if (outcome === "changed-again" || outcome === "bad") return [];
  const watched = entityById(repositories, repository)?.watched?.find((one) => one.task_id === task_id);
  if (watched === undefined || (outcome === "good" && watched.red !== true)) return [];
  const broken = outcome === "red" && evidence.kind === "check" && evidence.before === "passed" ? evidence.name : null;
  if (outcome === "red" && watched.red === true && (broken === null || watched.broke?.checks.includes(broken) === true))
    return [];
  const data = { task_id: task_id as TaskId, outcome, ...(broken === null ? {} : { check: broken }) };
  return [{ stream: `repository/${repository}`, type: "WatchedLandingObserved", data }];
}

type Observed = EventData<"OutcomeObserved">;
/** An observation before it is recorded. */
export type Observation = CommandOf<"RecordOutcomes">["outcomes"][number];

/** A key that is equal for equal observations. A person's reports are compared elsewhere. */
function outcomeKey({ task_id, outcome, evidence }: Observation): string {
  const namedBy = { commit: "commit", check: "name", branch: "ref", person: "words" } as const;
  const by = (evidence as Readonly<Record<string, unknown>>)[namedBy[evidence.kind]];
  return canonicalJson([task_id, outcome, String(by)]);
}

function isFull({ outcomes = [] }: TaskState, { outcome }: Observation): boolean {
  return outcomes.filter((known) => known.outcome === outcome).length >= sameOutcomeMax;
}

/** The task with one more outcome. */
export function withObserved(
  task: TaskState,
  { data, recorded_at }: { data: Observed; recorded_at: string },
): TaskState {
  const all = [...(task.outcomes ?? []), { ...data, at: recorded_at }];
  const [first] = all;
  if (all.length <= outcomesKeptMax || first === undefined) return { ...task, outcomes: all };
  // Reports by persons are the only outcomes without their own limit.
  const drop = all.findIndex(({ evidence }) => evidence.kind === "person");
  return { ...task, outcomes: all.toSpliced(Math.max(0, drop), 1) };
}

/** The repository after an event about its watched landings. A landing whose time is over is dropped when the next one starts. */
export function evolveWatched(
  repository: RepositoryState,
  event: Extract<FoldedEvent, { type: "LandingWatched" | "WatchedLandingObserved" }>,
): RepositoryState {
  const { watched = [] } = repository;
  if (event.type === "LandingWatched") {
    const open = watched.filter(({ until, task_id }) => until > event.recorded_at && task_id !== event.data.task_id);
    return { ...repository, watched: [...open, event.data].slice(-watchedLandingsMax) };
  }
  const { task_id, outcome, check } = event.data;
  if (outcome === "reverted" || outcome === "gone")
    return { ...repository, watched: watched.filter((one) => one.task_id !== task_id) };
  const observed = (one: WatchedLanding): WatchedLanding => {
    if (outcome === "passed") return withBroken(one, one.broke?.checks.filter((name) => name !== check) ?? []);
    if (outcome === "good") return { ...withBroken(one, []), red: false };
    const broken =
      check === undefined ? one : withBroken(one, [...(one.broke?.checks ?? []), check], event.recorded_at);
    return { ...broken, red: true };
  };
  return { ...repository, watched: watched.map((one) => (one.task_id === task_id ? observed(one) : one)) };
}

/** The landing with these broken checks. `at`: since when, if none was broken before. */
function withBroken({ broke, ...landing }: WatchedLanding, checks: readonly string[], at = ""): WatchedLanding {
  return checks.length === 0 ? landing : { ...landing, broke: { checks, since: broke?.since ?? at } };
}

/** Landings of a repository that are watched at `now`, oldest first. */
export function watchedLandings({ watched }: RepositoryState, now: string): readonly WatchedLanding[] {
  if (watched === undefined) return [];
  return watched.filter(({ until }) => until > now);
}

/** Landings after which a check of their commit failed, in the order of repositories. A person's later report `good` removes a landing. */
export function redLandings(
  state: State,
  now: string,
): { repository: RepositoryName; task_id: TaskId; mission_id: MissionId }[] {
  return Object.values(state.repositories).flatMap((repository) =>
    watchedLandings(repository, now)
      .filter(({ red }) => red === true)
      .map(({ task_id, mission_id }) => ({ repository: repository.name, task_id, mission_id })),
  );
}
