/** Says which parts of a plan keep another part from its first run, by the plan's rule about failures. */
import { resumptionOf } from "@aedev/contracts";
import { entityById, type MissionState, type State, type TaskState } from "../model/state.ts";
import { hasQuestion, tasksOf } from "../model/status.ts";
import { isTakenBack } from "../model/taken-back.ts";

/** How a part of a plan failed. */
export type PartFailure = "rejected" | "cancelled" | "held" | "taken back";

/** The failure of a part; null: it has none, or its work goes on by itself. A question is no failure. */
export function failureOf(state: State, part: MissionState): PartFailure | null {
  if (part.stage === "rejected" || part.stage === "cancelled") return part.stage;
  for (const task of tasksOf(state, part)) {
    if (task.status === "rejected" || task.status === "cancelled") return task.status;
    if (task.status === "held" && !hasQuestion(task) && task.hold !== null && resumptionOf(task.hold) === "never")
      return "held";
    if (task.status === "landed" && isTakenBack(task, state)) return "taken back";
  }
  return null;
}

export interface FailedPart {
  readonly mission_id: string;
  readonly failure: PartFailure;
}

/** Of each plan, computed once for a state, because every waiting part asks. */
const failures = new WeakMap<State, Map<string, readonly FailedPart[]>>();

/**
 * The failed parts of its plan that keep the task from its first run: with `stop` all of them; with `independent` predecessors whose change was taken back. A
 * predecessor that failed otherwise has not landed, which `waitsFor` says. Empty for a task without a plan, or that has run.
 */
export function stoppedBy(state: State, task: TaskState): readonly FailedPart[] {
  const parent = task.plan === undefined ? undefined : entityById(state.missions, task.plan);
  if (parent?.plan === undefined || task.runs.length > 0) return [];
  const failed = failedParts(state, parent).filter(({ mission_id }) => mission_id !== task.mission_id);
  if (failed.length === 0 || parent.plan.on_failure === "stop") return failed;
  const after: readonly string[] = entityById(state.missions, task.mission_id)?.after ?? [];
  return failed.filter(({ mission_id, failure }) => failure === "taken back" && after.includes(mission_id));
}

function failedParts(state: State, { mission_id, plan }: MissionState): readonly FailedPart[] {
  const ofState = failures.get(state) ?? new Map<string, readonly FailedPart[]>();
  failures.set(state, ofState);
  const known = ofState.get(mission_id);
  if (known !== undefined) return known;
  const failed = (plan?.parts ?? []).flatMap(({ mission_id: id }) => {
    const part = entityById(state.missions, id);
    const failure = part === undefined ? null : failureOf(state, part);
    return failure === null ? [] : [{ mission_id: id, failure }];
  });
  ofState.set(mission_id, failed);
  return failed;
}
