/**
 * A run that only adds tests (ADR 0043): it is started once instead of asking a person about a change that nothing but its tests keeps from merging.
 * Until it has come to something, the change before it is kept, so that the person is asked about that one if the run fails.
 */
import type { RunCause } from "@aedev/contracts/api";
import type { EventData } from "@aedev/contracts/events";
import type { CommandOf, RepairBounds } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import type { FallbackChange } from "../model/fallback-change.ts";
import type { State, TaskState } from "../model/state.ts";
import { mayStart, waitsForCoder } from "../schedule/fair-order.ts";
import { isRunLeft } from "./repair.ts";
import { on, stale } from "./task-event.ts";

/** How long a run that is to add tests may wait for its start; then the person is asked after all. */
const startMsMax = 60 * 60_000;

/** Runs that a person's decision started, and the first one. */
const beginsSeries: ReadonlySet<RunCause | null> = new Set([null, "words", "answer"]);

/**
 * The event instead of an ask; empty: the person is asked about this change. A change that only its tests keep from merging gets one run that adds some. What
 * that run makes gives way to the change before it if more than tests is to be asked about it, or if it is no better.
 */
export function insteadOfAsking(command: CommandOf<"DecideGate">, task: TaskState, state: State): NewEvent[] {
  const { missing_tests, repair, decision } = command;
  if (missing_tests !== null && mayRequestTests(task, state, repair))
    return [on(task, { type: "TestsRequested", data: { detail: missing_tests } })];
  if (task.fallback === undefined || (missing_tests !== null && isNoWorse(decision, task.fallback))) return [];
  return [restored(task, task.fallback, { code: null, detail: "its change would be asked about for more reasons" })];
}

/** Whether a run that adds tests may follow: it would be the first since a person's last decision, it can start, and runs and tokens are left. */
function mayRequestTests(task: TaskState, state: State, bounds: RepairBounds): boolean {
  if (task.reverts !== undefined || task.fallback !== undefined || task.restored !== undefined) return false;
  if (!mayStart(state, task) || waitsForCoder(state, task)) return false;
  const start = task.runs.findLastIndex(({ cause }) => beginsSeries.has(cause));
  const hasRun = task.runs.slice(Math.max(0, start)).some(({ cause }) => cause === "tests");
  return !hasRun && isRunLeft(task, bounds);
}

/** A higher risk or a reason of another kind would be news to the person. */
function isNoWorse(decision: EventData<"GateDecided">, { gate }: FallbackChange): boolean {
  const kinds = (reasons: EventData<"GateDecided">["reasons"]) =>
    reasons.map((reason) => (typeof reason === "string" ? reason : reason.kind));
  const known = new Set(kinds(gate?.reasons ?? []));
  return (
    (decision.risk_score ?? 100) <= (gate?.risk_score ?? 0) && kinds(decision.reasons).every((kind) => known.has(kind))
  );
}

/** The event that makes the change before the run that adds tests wait for approval. */
function restored(
  task: TaskState,
  { run_id }: FallbackChange,
  { code, detail }: Pick<EventData<"ChangeRestored">, "code" | "detail">,
): NewEvent {
  return on(task, { type: "ChangeRestored", data: { run_id, code, detail } });
}

/** When a run that is to add tests has waited too long for its start; null: none waits. */
export function restoreDueAt({ status, fallback, changed_at }: TaskState): string | null {
  if (status !== "planned" || fallback === undefined) return null;
  return new Date(Date.parse(changed_at) + startMsMax).toISOString();
}

/** What a person would have been asked about does not wait for ever for a run that adds tests to it. */
export interface RestoreWork {
  readonly kind: "RestoreChange";
  readonly plane: "control";
  readonly work_id: string;
  readonly task_id: string;
}

/** Pending once the run has waited too long for its start. */
export function restoreWork(task: TaskState, now: string): RestoreWork[] {
  const { task_id, runs } = task;
  const due = restoreDueAt(task);
  if (due === null || due > now) return [];
  return [{ kind: "RestoreChange", plane: "control", work_id: `RestoreChange/${task_id}/${runs.length}`, task_id }];
}

export function restoreChange(_command: CommandOf<"RestoreChange">, task: TaskState): Decision {
  if (task.status !== "planned" || task.fallback === undefined) return stale(task, "restoring");
  return events(restored(task, task.fallback, { code: null, detail: "it could not start within an hour" }));
}

/** The task once tests are requested: its change is kept, and a next run is pending. */
export function withTestsRequested(task: TaskState): TaskState {
  const run_id = task.runs.at(-1)?.run_id;
  if (run_id === undefined) return task;
  const { base_commit, environment, evidence, gate, landings, manifest, patch } = task;
  const { policy, profile, ref, repairs, settings, tree, verdicts } = task;
  const fallback: FallbackChange = {
    ...{ base_commit, environment, evidence, gate, landings, manifest, patch },
    ...{ policy, profile, ref, repairs, run_id, settings, tree, verdicts },
  };
  const next = { status: "planned", gate: null, next_cause: "tests", repairs: repairs + 1 } as const;
  return { ...task, ...next, fallback };
}

/** The task whose earlier change waits for approval, as if the runs after it had never been. */
export function withChangeRestored(
  task: TaskState,
  { code, detail }: Pick<EventData<"ChangeRestored">, "code" | "detail">,
): TaskState {
  const { fallback, ...rest } = task;
  if (fallback === undefined) return task;
  const { run_id, ...change } = fallback;
  const undecided = { status: "asked", hold: null, approval: null, landing: null, next_cause: null } as const;
  const bundle_digest = change.evidence?.bundle.digest ?? null;
  return { ...rest, ...change, ...undecided, refusals: 0, restored: { run_id, bundle_digest, code, detail } };
}

/** The task without the change that was kept for a failed run; what that run took of the repairs is given back. */
export function withoutFallback(task: TaskState): TaskState {
  if (task.fallback === undefined) return task;
  const { fallback, ...rest } = task;
  return { ...rest, repairs: fallback.repairs };
}
