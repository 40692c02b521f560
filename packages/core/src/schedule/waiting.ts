/** Explains what an approved mission waits for before its run starts or its change lands, with the command that helps. fair-order.ts decides. */
import { counted } from "@aedev/contracts";
import { isWaitingForMerge, mergeWaits } from "../landing/merge-waits.ts";
import { landingPause, landingQueue } from "../landing/queue.ts";
import { entityById, type MissionState, type State, type TaskState } from "../model/state.ts";
import { missionStatus, tasksOf } from "../model/status.ts";
import { isPaused, isUnderWay, tasksWithPlace, waitsFor, waitsForCoder } from "./fair-order.ts";
import { type FailedPart, isBeingReplaced, stoppedBy } from "./plan-stop.ts";

/** How this machine runs missions, which is not part of the state. */
export interface Schedule {
  /** `limits.concurrent_runs`. */
  readonly concurrentRuns: number;
  /** `limits.repository_runs`; absent: no limit. */
  readonly repositoryRuns?: number;
  /** When `limits.run_window` opens, as text; null: it is open, or there is none. */
  readonly opensAt: string | null;
}
/** `text`: for people; `help`: the command, if one is needed. */
export interface Waiting {
  readonly text: string;
  readonly help: string | null;
}

/** What the mission waits for. Empty if it waits for nothing, or for a person, which `statusSummary` reports. */
export function waitingOf(state: State, mission: MissionState, schedule: Schedule): Waiting[] {
  const all = tasksOf(state, mission).flatMap((task) => waitingTask(state, task, schedule));
  return all.filter(({ text }, index) => all.findIndex((other) => other.text === text) === index);
}

/** What one task waits for. */
export function waitingTask(state: State, task: TaskState, schedule: Schedule): Waiting[] {
  switch (task.status) {
    case "planned":
      return waitingToStart(state, task, schedule);
    case "running":
    case "captured":
      if (state.system.pause?.stop_runs === true) return [pausedBy(state, task.repository)];
      return hasPlace(state, task, schedule) ? [] : [runsUnderWay(state, task, schedule)];
    case "checked":
    case "judging":
    case "judged":
      return state.system.pause?.stop_runs === true ? [pausedBy(state, task.repository)] : [];
    case "landing":
      return waitingToLand(state, task);
    case "held":
      return waitingForProbe(state, task);
    default:
      return [];
  }
}

function waitingToStart(state: State, task: TaskState, schedule: Schedule): Waiting[] {
  const found = waitsFor(state, task.mission_id).map((id) => predecessor(state, { id, waiting: task.mission_id }));
  found.push(...stoppedBy(state, task).map((failed) => stoppedPlan(task, failed)));
  if (isBeingReplaced(state, task))
    found.push({ text: "the new version of its plan is not approved", help: `aedev mission show ${task.plan}` });
  if (isPaused(state, task.repository)) found.push(pausedBy(state, task.repository));
  if (waitsForCoder(state, task)) found.push({ text: "waits until the coder's model vendor answers", help: null });
  if (schedule.opensAt !== null) found.push({ text: `outside run_window until ${schedule.opensAt}`, help: null });
  return found.length > 0 || hasPlace(state, task, schedule) ? found : [runsUnderWay(state, task, schedule)];
}

function predecessor(state: State, { id, waiting }: { id: string; waiting: string }): Waiting {
  const mission = entityById(state.missions, id);
  const status = mission === undefined ? "unknown" : missionStatus(mission, tasksOf(state, mission));
  const rejected = mission?.stage === "approved" && status === "rejected" ? mission.task_ids[0] : undefined;
  if (rejected !== undefined)
    return {
      text: `waits for ${id}, whose change was rejected`,
      help: `aedev task retry ${rejected} (or aedev mission cancel ${waiting})`,
    };
  if (status !== "cancelled" && status !== "rejected" && status !== "unknown")
    return { text: `waits for ${id}`, help: null };
  return { text: `waits for ${id}, which is ${status} and will never land`, help: `aedev mission cancel ${waiting}` };
}

function stoppedPlan({ plan: whole }: TaskState, { mission_id, failure }: FailedPart): Waiting {
  return {
    text: `its plan has stopped: ${mission_id} is ${failure}`,
    help: `aedev mission show ${whole} --tree (to go on without it: aedev mission update ${whole} --on-failure independent)`,
  };
}

/** A pause does not stop a landing whose push may have started. */
function waitingToLand(state: State, task: TaskState): Waiting[] {
  const own = landingQueue(state, task.repository).find(({ task: one }) => one.task_id === task.task_id);
  const waits = isWaitingForMerge(task) ? mergeWaits(task).map((text) => ({ text, help: null })) : [];
  const ahead = own === undefined || own.behind === null ? [] : [{ text: `lands after ${own.behind}`, help: null }];
  const pause = own?.state === "landing" ? null : landingPause(state, task.repository);
  if (pause === null || own?.state === "waiting") return [...ahead, ...waits];
  return [...waits, pause === "landings" ? landingsPaused(task.repository) : pausedBy(state, task.repository)];
}

/** Waits for a pause before a probe: the end of such a hold would let its landing push. */
function waitingForProbe(state: State, { hold, repository }: TaskState): Waiting[] {
  const pause = hold?.code === "HOLD-EXTERNAL-STATE-UNKNOWN" ? landingPause(state, repository) : null;
  if (pause === null) return [];
  return [pause === "landings" ? landingsPaused(repository) : pausedBy(state, repository)];
}

function landingsPaused(repository: string): Waiting {
  return { text: `landings paused: ${repository}`, help: `aedev queue resume ${repository}` };
}

function pausedBy({ system }: State, repository: string): Waiting {
  if (system.pause !== undefined) return { text: "all work is paused", help: "aedev resume" };
  return { text: `repository paused: ${repository}`, help: `aedev repo resume ${repository}` };
}

function runsUnderWay(state: State, { repository }: TaskState, { repositoryRuns }: Schedule): Waiting {
  const underWay = Object.values(state.tasks).filter(isUnderWay);
  const here = underWay.filter((task) => task.repository === repository).length;
  const isFullHere = here >= (repositoryRuns ?? Number.POSITIVE_INFINITY);
  const text = isFullHere
    ? `${counted(here, "run")} under way in ${repository}`
    : `${counted(underWay.length, "run")} under way`;
  return { text, help: null };
}

function hasPlace(state: State, task: TaskState, schedule: Schedule): boolean {
  return tasksWithPlace(state, schedule).has(task.task_id);
}
