/** Says which parts of a plan keep another part from its first run, by the plan's rule about failures. */
import { resumptionOf } from "@aedev/contracts";
import { entitiesOf, entityById, isUndecided, type MissionState, type State, type TaskState } from "../model/state.ts";
import { hasQuestion, tasksOf } from "../model/status.ts";
import { isTakenBack } from "../model/taken-back.ts";

/** How a part of a plan failed. */
export type PartFailure = "rejected" | "cancelled" | "held" | "taken back";

/** The failure of a part; null: it has none, or its work goes on by itself. A question is no failure. */
function failureOf(state: State, part: MissionState): PartFailure | null {
  if (part.stage === "rejected" || part.stage === "cancelled") return part.stage;
  return (
    tasksOf(state, part)
      .map((task) => failureOfTask(state, task))
      .find((failure) => failure !== null) ?? null
  );
}

function failureOfTask(state: State, task: TaskState): PartFailure | null {
  const { status, hold } = task;
  if (status === "rejected" || status === "cancelled") return status;
  if (status === "held" && !hasQuestion(task) && hold !== null && resumptionOf(hold) === "never") return "held";
  return status === "landed" && isTakenBack(task, state) ? "taken back" : null;
}

export interface FailedPart {
  readonly mission_id: string;
  readonly failure: PartFailure;
}

/** Of each plan with a failed task, computed once for a state, because every waiting part asks. */
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

/** Whether the task has never run and its plan has a new version that nobody has decided about. */
export function isBeingReplaced(state: State, { plan, runs }: TaskState): boolean {
  const parent = plan === undefined ? undefined : entityById(state.missions, plan);
  return parent !== undefined && runs.length === 0 && isUndecided(parent);
}

function failedParts(state: State, { mission_id }: MissionState): readonly FailedPart[] {
  const known = failures.get(state);
  const ofState = known ?? new Map(plansWithFailure(state).map((plan) => [plan, partsWithFailure(state, plan)]));
  if (known === undefined) failures.set(state, ofState);
  return ofState.get(mission_id) ?? [];
}

/** A part has a task from its approval on, which fails with it. */
function plansWithFailure(state: State): string[] {
  const failed = entitiesOf(state.tasks).filter(
    (task) => task.plan !== undefined && failureOfTask(state, task) !== null,
  );
  return [...new Set(failed.flatMap(({ plan }) => plan ?? []))];
}

function partsWithFailure(state: State, plan: string): FailedPart[] {
  return (entityById(state.missions, plan)?.plan?.parts ?? []).flatMap(({ mission_id }) => {
    const part = entityById(state.missions, mission_id);
    const failure = part === undefined ? null : failureOf(state, part);
    return failure === null ? [] : [{ mission_id, failure }];
  });
}
