/** What an event means: the next state. Total over the event union; it refuses nothing, because what is in the log has happened. */
import { evolveTask } from "../task/evolve-task.ts";
import type { DomainEvent, NewEvent } from "./event.ts";
import { entityOf, type MissionState, type State, type SystemState, type TaskState } from "./state.ts";

/** An event as the fold needs it: with its stream and the instant it was recorded. */
export type FoldedEvent = NewEvent & { recorded_at: string };

/** The state after `event`. Only the entity that the event's stream names is replaced. */
export function evolve(state: State, event: FoldedEvent): State {
  const { kind, id } = entityOf(event.stream);
  switch (kind) {
    case "system":
      return { ...state, system: evolveSystem(state.system, event) };
    case "repositories":
      return event.type === "RepositoryConfigured"
        ? { ...state, repositories: { ...state.repositories, [id]: event.data } }
        : misplaced(event);
    case "missions":
      return { ...state, missions: { ...state.missions, [id]: evolveMission(state.missions[id], event) } };
    case "tasks":
      return { ...state, tasks: { ...state.tasks, [id]: evolveTaskEntity(state.tasks[id], event) } };
  }
}

function evolveSystem(system: SystemState, event: DomainEvent): SystemState {
  if (event.type === "HomeInitialized") return { ...system, home_id: event.data.home_id, epoch: event.data.epoch };
  if (event.type === "PolicyLoaded") return { ...system, policy_digest: event.data.digest, policy: event.data.policy };
  if (event.type === "PlaneStarted")
    return { ...system, generations: { ...system.generations, [event.data.plane]: event.data.generation } };
  return misplaced(event);
}

function evolveMission(mission: MissionState | undefined, event: FoldedEvent): MissionState {
  if (event.type === "MissionSubmitted")
    return { ...event.data, stage: "awaiting_approval", task_ids: [], submitted_at: event.recorded_at };
  if (mission === undefined) return misplaced(event);
  if (event.type === "MissionApproved") return { ...mission, stage: "approved", task_ids: event.data.task_ids };
  if (event.type === "MissionRejected") return { ...mission, stage: "rejected" };
  if (event.type === "MissionCancelled") return { ...mission, stage: "cancelled" };
  return misplaced(event);
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
    gate: null,
    approval: null,
    landing: null,
    landings: 0,
    landed_commit: null,
    hold: null,
    risk_acknowledged: false,
    refusals: 0,
    planned_at: at,
    changed_at: at,
  };
}

export function misplaced(event: { type: string; stream?: string }): never {
  throw new TypeError(`event ${event.type} does not belong on the stream ${event.stream ?? "it is on"}`);
}
