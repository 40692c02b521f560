/** Decides which runs' containers and folders are still needed, and tells the plane after each event to release the others. It decides nothing about tasks. */
import { openDraft, openSetUpRun, runOfChange, type State } from "@aedev/core";
import { toldSince } from "../control/run-inputs.ts";
import type { Planes } from "./planes.ts";

/** Events after which nobody waits for a mission's draft. */
const decided: ReadonlySet<string> = new Set(["MissionApproved", "MissionRejected", "MissionCancelled"]);
/** Events that end a run to which a hold would have returned. */
const overs: ReadonlySet<string> = new Set([
  "TaskCancelled",
  "TaskRejected",
  "TaskRetried",
  "ChangeRequested",
  "ChangeRestored",
  "IndependentTestsEnded",
]);

/** Runs whose containers and folders must stay, because a task waits for them or a hold returns to them. */
export function liveRuns(state: State): string[] {
  return Object.values(state.tasks).flatMap((task) => {
    const run = task.runs.at(-1);
    const waiting = task.status === "running" || (task.status === "held" && task.hold?.back_to === "running");
    return run !== undefined && waiting ? [run.run_id] : [];
  });
}

/** Releases a run's container once its end is in the log; stops the run of a task that was cancelled or replaced by a new run. */
export function releaseRuns(
  event: { readonly type: string; readonly stream: string },
  state: State,
  planes: Pick<Planes, "forgetRun" | "stopRun">,
): void {
  const cancelled = event.type === "SetUpRunCancelled" ? openSetUpRun(state) : undefined;
  if (cancelled !== undefined) planes.stopRun(cancelled.run_id);
  if (event.type === "WorkPaused" && state.system.pause?.stop_runs === true) {
    for (const { run_id } of draftAndSetUpRuns(state)) planes.stopRun(run_id);
  }
  if (event.stream.startsWith("mission/")) releaseDraft(event, state, planes);
  if (!event.stream.startsWith("task/")) return;
  const task = state.tasks[event.stream.slice("task/".length)];
  const runs = task?.runs ?? [];
  if (event.type === "ChangeCaptured" || event.type === "RunEnded") {
    for (const run of runs) if (run.status !== "running") planes.forgetRun(run.run_id);
  }
  const current = task === undefined ? undefined : runOfChange(task);
  // Checks of a run that has ended may still be running.
  if (event.type === "TaskCancelled" && current !== undefined) planes.stopRun(current.run_id);
  const heldForGood = event.type === "TaskHeld" && task?.hold?.back_to !== "running";
  if (heldForGood || overs.has(event.type)) {
    for (const run of runs.filter((candidate) => candidate.status === "running")) {
      planes.stopRun(run.run_id);
      planes.forgetRun(run.run_id);
    }
  }
}

/** Passes on what persons say to the coder of a run under way. A plane that starts later gets it with the run's work. */
export function tellRuns(
  event: { readonly type: string; readonly stream: string },
  state: State,
  planes: Pick<Planes, "tellRun">,
): void {
  if (event.type !== "CoderTold") return;
  const task = state.tasks[event.stream.slice("task/".length)];
  const run = task?.status === "running" ? task.runs.at(-1) : undefined;
  // Everything, because the state may have later messages than this event's already.
  if (task !== undefined && run !== undefined) planes.tellRun(run.run_id, toldSince(task, run));
}

/** The runs of drafts and set-ups that are under way. */
function draftAndSetUpRuns(state: State): { readonly run_id: string }[] {
  return [...Object.values(state.missions).map(openDraft), openSetUpRun(state)].filter((run) => run !== undefined);
}

/** Stops the draft's run; its usage is recorded when its report comes. */
function releaseDraft(
  event: { readonly type: string; readonly stream: string },
  state: State,
  planes: Pick<Planes, "stopRun">,
): void {
  const mission = state.missions[event.stream.slice("mission/".length)];
  const draft = mission === undefined ? undefined : openDraft(mission);
  if (draft !== undefined && decided.has(event.type)) planes.stopRun(draft.run_id);
}
