/**
 * A run that improves the tests of a change (ADR 0043). It starts instead of asking a person about a change whose only problem is its tests, and once
 * more if that run solved the problem and its change has another problem with its tests. Until a run's result is known, the earlier change is kept, so
 * that the person is asked about that change if the run does not help.
 */
import type { Reason } from "@aedev/contracts";
import type { RunCause } from "@aedev/contracts/api";
import type { EventData } from "@aedev/contracts/events";
import type { CommandOf } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import { type FallbackChange, runOfChange } from "../model/fallback-change.ts";
import { independentCause, isRoundLeft } from "../model/independent-run.ts";
import { keptChange } from "../model/kept-change.ts";
import type { State, TaskState } from "../model/state.ts";
import { mayStart, waitsForCoder } from "../schedule/fair-order.ts";
import { isRunLeft } from "./repair.ts";
import { changeRestored, independentTestsEnded, on, staleRefusal } from "./task-event.ts";

/** How long a run for tests or for independent tests may wait for its start before a person is asked. */
const startMsMax = 60 * 60_000;

/** The most runs for tests in a row, without a person's decision or another run's tests between them. */
const runsInSeriesMax = 2;

/** For such a reason, the new change is harder for a person to decide on than the one before it, which left existing tests alone. */
const editsTests: ReadonlySet<string> = new Set(["changed-tests", "shared-by-tests", "test-support"] satisfies Exclude<
  Reason,
  string
>["kind"][]);

/** Reasons that the coder of a later change may have been told. */
const ofOtherRun: ReadonlySet<string> = new Set(["independent-tests", "implementations-differ"] satisfies Exclude<
  Reason,
  string
>["kind"][]);

/** The causes of runs that start a new series: a task's first run, runs that a person's decision or a released hold started, and a run after new tests. */
const beginsSeries: ReadonlySet<RunCause | null> = new Set([null, "words", "answer", independentCause]);

/**
 * The event instead of an ask; empty: the person is asked about this change. A change whose only problem is its tests gets a run that improves them. If
 * the change before that run is better than the one that the run made, the earlier change is restored.
 */
export function insteadOfAsking(command: CommandOf<"DecideGate">, task: TaskState, state: State): NewEvent[] {
  const { missing_tests: detail, decision } = command;
  const { fallback } = task;
  if (detail !== null && mayRequestTests(command, task, state))
    return [on(task, { type: "TestsRequested", data: { detail } })];
  const cause = fallback === undefined ? null : worseBy(decision, fallback);
  if (fallback === undefined || cause === null) return [];
  return [changeRestored(task, fallback, { cause, code: null, detail: null })];
}

/**
 * Whether a run for tests may follow. It must be the first since a person's last decision or since another run wrote tests, or the one before it must
 * have solved its problem; it must be able to start now, and runs and tokens must be left.
 */
function mayRequestTests(command: CommandOf<"DecideGate">, task: TaskState, state: State): boolean {
  const { restored, fallback, runs } = task;
  if (restored !== undefined || command.waits_for_window || failsLastTests(task, command.decision)) return false;
  if (!mayStart(state, task) || waitsForCoder(state, task) || !isRunLeft(task, command.repair)) return false;
  const start = runs.findLastIndex(({ cause }) => beginsSeries.has(cause));
  const used = runs.slice(Math.max(0, start)).filter(({ cause }) => cause === "tests").length;
  return fallback === undefined ? used === 0 : used < runsInSeriesMax && isSolved(command.decision, fallback);
}

/** Whether tests of the last run for independent tests fail on the change. The next change could be fitted to them, and no further such run would notice. */
function failsLastTests({ independent }: TaskState, { reasons }: EventData<"GateDecided">): boolean {
  return (
    independent !== undefined && !isRoundLeft(independent) && kindsOf(reasons).some((kind) => ofOtherRun.has(kind))
  );
}

/** Whether none of the earlier change's kinds of reasons is left, the risk is not higher, and no reason is an edit of existing tests. */
function isSolved(decision: EventData<"GateDecided">, { gate }: FallbackChange): boolean {
  const before = new Set(kindsOf(gate?.reasons));
  if (before.size === 0 || isRiskier(decision, gate)) return false;
  return kindsOf(decision.reasons).every((kind) => !before.has(kind) && !editsTests.has(kind));
}

/** Why the new change is worse than the one before it: a higher risk, or a reason of another kind, which would be news to the person. Null: it is not worse. */
function worseBy(decision: EventData<"GateDecided">, { gate }: FallbackChange): "riskier" | "other-reasons" | null {
  const known = new Set(kindsOf(gate?.reasons));
  if (!kindsOf(decision.reasons).every((kind) => known.has(kind))) return "other-reasons";
  return isRiskier(decision, gate) ? "riskier" : null;
}

function isRiskier(decision: EventData<"GateDecided">, before: FallbackChange["gate"]): boolean {
  return (decision.risk_score ?? Infinity) > (before?.risk_score ?? -Infinity);
}

/** The chance of harm follows from the other reasons, so it counts only if there is none. */
function kindsOf(reasons: EventData<"GateDecided">["reasons"] = []): string[] {
  const kinds = reasons.map((reason) => (typeof reason === "string" ? reason : reason.kind));
  const causes = kinds.filter((kind) => kind !== "chance-of-harm");
  return causes.length === 0 ? kinds : causes;
}

/** When the next run has waited too long for its start. Then a person is asked about the earlier change, or it is checked again if the run was to write independent tests. Null: no such run waits. */
export function restoreDueAt({ status, fallback, set_aside, changed_at }: TaskState): string | null {
  if (status !== "planned" || (fallback === undefined && set_aside === undefined)) return null;
  return new Date(Date.parse(changed_at) + startMsMax).toISOString();
}

/** Continues with the change before a run for tests or for independent tests that has not started, so that it does not delay the question to a person indefinitely. */
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

export function restoreChange(task: TaskState): Decision {
  if (task.status !== "planned") return staleRefusal(task, "restoring");
  if (task.set_aside !== undefined) return events(independentTestsEnded(task, { code: null, detail: null }));
  if (task.fallback === undefined) return staleRefusal(task, "restoring");
  return events(changeRestored(task, task.fallback, { cause: "not-started", code: null, detail: null }));
}

/** The task once tests are requested: its change is kept, and a next run is pending. */
export function withTestsRequested(task: TaskState, { detail }: EventData<"TestsRequested">): TaskState {
  const run_id = runOfChange(task)?.run_id;
  if (run_id === undefined) return task;
  const { gate, repairs } = task;
  const fallback: FallbackChange = {
    ...keptChange(task),
    gate,
    run_id,
    // Counted from before the first of these runs, so that all of them are given back.
    repairs: task.fallback?.repairs ?? repairs,
    missing_tests: detail,
  };
  const next = { status: "planned", gate: null, next_cause: "tests", repairs: repairs + 1 } as const;
  return { ...task, ...next, fallback };
}

/** The task whose earlier change waits for approval, as if the later runs had never happened. */
export function withChangeRestored(task: TaskState, { cause, code }: EventData<"ChangeRestored">): TaskState {
  const { fallback, ...rest } = task;
  if (fallback === undefined) return task;
  const { run_id, missing_tests: _missing, ...change } = fallback;
  const undecided = { status: "asked", hold: null, approval: null, landing: null, next_cause: null } as const;
  const bundle_digest = change.evidence?.bundle.digest ?? null;
  return { ...rest, ...change, ...undecided, refusals: 0, restored: { run_id, bundle_digest, cause, code } };
}

/** The task without the change that was kept for a failed run; repairs used since then are given back. */
export function withoutFallback(task: TaskState): TaskState {
  if (task.fallback === undefined) return task;
  const { fallback, ...rest } = task;
  return { ...rest, repairs: fallback.repairs };
}
