/** What an event means: the next state. Total over the event union; it refuses nothing, because what is in the log has happened. */
import { evolveTask } from "../task/evolve-task.ts";
import type { NewEvent } from "./event.ts";
import {
  type ApprovalState,
  type CanaryState,
  entityOf,
  type MissionState,
  type RepositoryState,
  type State,
  type SystemState,
  stageOf,
  type TaskState,
  withPush,
} from "./state.ts";

/** An event as the fold needs it: with its stream and the instant it was recorded. */
export type FoldedEvent = NewEvent & { recorded_at: string };

/** The state after `event`. Only the entity that the event's stream names is replaced. */
export function evolve(state: State, event: FoldedEvent): State {
  const { kind, id } = entityOf(event.stream);
  switch (kind) {
    case "system":
      return { ...state, system: evolveSystem(state.system, event) };
    case "repositories":
      return {
        ...state,
        repositories: { ...state.repositories, [id]: evolveRepository(state.repositories[id], event) },
      };
    case "missions":
      return { ...state, missions: { ...state.missions, [id]: evolveMission(state.missions[id], event) } };
    case "tasks":
      return { ...state, tasks: { ...state.tasks, [id]: evolveTaskEntity(state.tasks[id], event) } };
    case "canaries":
      return { ...state, canaries: { ...state.canaries, [id]: evolveCanary(state.canaries[id], event) } };
    case "audits": {
      if (event.type !== "AuditRequested") return misplaced(event);
      return { ...state, audits: { ...state.audits, [id]: { ...event.data, requested_at: event.recorded_at } } };
    }
    case "approvals":
      return { ...state, approvals: { ...state.approvals, [id]: evolveApproval(state.approvals[id], event) } };
  }
}

function evolveSystem(system: SystemState, event: FoldedEvent): SystemState {
  switch (event.type) {
    case "HomeInitialized":
      return { ...system, home_id: event.data.home_id, epoch: event.data.epoch };
    case "PolicyLoaded":
      return { ...system, policy_digest: event.data.digest, policy: event.data.policy };
    case "PlaneStarted":
      return { ...system, generations: { ...system.generations, [event.data.plane]: event.data.generation } };
    case "NotifierConfigured": {
      const { digest } = event.data;
      return { ...system, notifier: digest === null ? null : { digest, since: event.recorded_at } };
    }
    case "RepliesDropped":
      return system;
    default:
      return misplaced(event);
  }
}

function evolveRepository(repository: RepositoryState | undefined, event: FoldedEvent): RepositoryState {
  if (event.type === "RepositoryConfigured") return { ...event.data, paused: repository?.paused ?? false };
  if (repository === undefined) return misplaced(event);
  if (event.type === "RepositoryPaused") return { ...repository, paused: true };
  if (event.type === "RepositoryResumed") return { ...repository, paused: false };
  return misplaced(event);
}

function evolveMission(mission: MissionState | undefined, event: FoldedEvent): MissionState {
  if (event.type === "MissionSubmitted") {
    const stage = stageOf(event.data.clarity);
    return { ...event.data, stage, answers: [], pushes: [], task_ids: [], submitted_at: event.recorded_at };
  }
  if (mission === undefined) return misplaced(event);
  switch (event.type) {
    case "ClarificationAnswered": {
      const { clarity, criteria, specification, clarified_spec, answers } = event.data;
      const all = [...mission.answers, ...answers];
      return { ...mission, stage: stageOf(clarity), clarity, criteria, specification, clarified_spec, answers: all };
    }
    case "SpecificationAmended":
      return { ...mission, specification: event.data.specification };
    case "MissionApproved":
      return { ...mission, stage: "approved", task_ids: event.data.task_ids };
    case "MissionRejected":
      return { ...mission, stage: "rejected" };
    case "MissionCancelled":
      return { ...mission, stage: "cancelled" };
    case "PushSent":
      return { ...mission, pushes: withPush(mission.pushes, event) };
    default:
      return misplaced(event);
  }
}

function evolveApproval(approval: ApprovalState | undefined, event: FoldedEvent): ApprovalState {
  if (event.type === "ApprovalRequested")
    return { ...event.data, requested_at: event.recorded_at, used: null, pushed_at: null };
  if (approval === undefined) return misplaced(event);
  if (event.type === "ApprovalUsed") return { ...approval, used: { ...event.data, at: event.recorded_at } };
  if (event.type === "PushSent") return { ...approval, pushed_at: event.recorded_at };
  return misplaced(event);
}

function evolveCanary(canary: CanaryState | undefined, event: FoldedEvent): CanaryState {
  if (event.type === "CanaryPlanted") return { ...event.data, verdicts: [], planted_at: event.recorded_at };
  if (canary === undefined || event.type !== "CanaryJudged") return misplaced(event);
  return { ...canary, verdicts: [...canary.verdicts, event.data.verdict] };
}

function evolveTaskEntity(task: TaskState | undefined, event: FoldedEvent): TaskState {
  if (event.type === "TaskPlanned") return plannedTask(event.data, event.recorded_at);
  if (task === undefined) return misplaced(event);
  return evolveTask(task, event);
}

function plannedTask(
  data: { task_id: string; mission_id: string; repository: string; specification: TaskState["specification"] },
  at: string,
): TaskState {
  return {
    ...data,
    status: "planned",
    base_commit: null,
    ref: null,
    settings: null,
    policy: null,
    profile: null,
    runs: [],
    tree: null,
    patch: null,
    environment: null,
    manifest: null,
    evidence: null,
    verdicts: [],
    judged: [],
    gate: null,
    approval: null,
    landing: null,
    landings: 0,
    landed_commit: null,
    hold: null,
    risk_acknowledged: false,
    refusals: 0,
    repairs: 0,
    next_cause: null,
    answers: [],
    pushes: [],
    planned_at: at,
    changed_at: at,
  };
}

export function misplaced(event: { type: string; stream?: string }): never {
  throw new TypeError(`event ${event.type} does not belong on the stream ${event.stream ?? "it is on"}`);
}
