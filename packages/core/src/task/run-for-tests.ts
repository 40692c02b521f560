/**
 * A run that improves the tests of a change (ADR 0043): it is started instead of asking a person about a change whose only problem is its tests, and
 * once more if that run solved the problem and its change has another one with its tests. Until a run's result is known, the change before it is
 * kept, so that the person is asked about that one if the run does not help.
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
import { changeRestored, independentTestsEnded, on, stale } from "./task-event.ts";

/** How long a run for tests, or one that writes independent tests, may wait for its start; then a person is asked. */
const startMsMax = 60 * 60_000;

/** The most runs for tests in a row, without a person's decision or tests of another run between them. */
const runsInSeriesMax = 2;

/** With such a reason the new change is worse for a person to decide on than the one before it, which left existing tests alone. */
const editsTests: ReadonlySet<string> = new Set(["changed-tests", "shared-by-tests", "test-support"] satisfies Exclude<
  Reason,
  string
>["kind"][]);

/** Causes of a task's first run, of those that a person's decision started, of those after a released hold, and of one whose tests are news. */
const beginsSeries: ReadonlySet<RunCause | null> = new Set([null, "words", "answer", independentCause]);

/**
 * The event instead of an ask; empty: the person is asked about this change. A change whose only problem is its tests gets a run that improves them. If
 * the change before that run is better than the one it made, the earlier one is restored.
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
 * Whether a run for tests may follow: it would be the first since a person's last decision or since another run wrote tests, or the one before it
 * solved what it was for; it can start now, and runs and tokens are left.
 */
function mayRequestTests(command: CommandOf<"DecideGate">, task: TaskState, state: State): boolean {
  const { restored, fallback, runs } = task;
  if (restored !== undefined || command.waits_for_window || failsLastTests(task, command.decision)) return false;
  if (!mayStart(state, task) || waitsForCoder(state, task) || !isRunLeft(task, command.repair)) return false;
  const start = runs.findLastIndex(({ cause }) => beginsSeries.has(cause));
  const used = runs.slice(Math.max(0, start)).filter(({ cause }) => cause === "tests").length;
  return fallback === undefined ? used === 0 : used < runsInSeriesMax && isSolved(command.decision, fallback);
}

/** Whether tests of the last other run fail on the change. The next change could be made for them, and no other run would notice. */
function failsLastTests({ independent }: TaskState, { reasons }: EventData<"GateDecided">): boolean {
  return independent !== undefined && !isRoundLeft(independent) && kindsOf(reasons).includes("independent-tests");
}

/** Whether no reason of a kind that the change before had is left, at no higher risk, and none is an edit of existing tests. */
function isSolved(decision: EventData<"GateDecided">, { gate }: FallbackChange): boolean {
  const before = new Set(kindsOf(gate?.reasons));
  if (before.size === 0 || isRiskier(decision, gate)) return false;
  return kindsOf(decision.reasons).every((kind) => !before.has(kind) && !editsTests.has(kind));
}

/** Null if the decision has no higher risk than the one on the change before it, and no reason of another kind, which would be news to the person. */
function worseBy(decision: EventData<"GateDecided">, { gate }: FallbackChange): "riskier" | "other-reasons" | null {
  const known = new Set(kindsOf(gate?.reasons));
  if (!kindsOf(decision.reasons).every((kind) => known.has(kind))) return "other-reasons";
  return isRiskier(decision, gate) ? "riskier" : null;
}

function isRiskier(decision: EventData<"GateDecided">, before: FallbackChange["gate"]): boolean {
  return (decision.risk_score ?? 100) > (before?.risk_score ?? 0);
}

function kindsOf(reasons: EventData<"GateDecided">["reasons"] = []): string[] {
  return reasons.map((reason) => (typeof reason === "string" ? reason : reason.kind));
}

/** When the next run has waited too long for its start, so that the change before it is asked about, or checked again if the run was to write tests; null: none waits. */
export function restoreDueAt({ status, fallback, set_aside, changed_at }: TaskState): string | null {
  if (status !== "planned" || (fallback === undefined && set_aside === undefined)) return null;
  return new Date(Date.parse(changed_at) + startMsMax).toISOString();
}

/** Goes on with the change before a run for tests or for independent tests that has not started, which must not delay the question to a person indefinitely. */
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
  if (task.status !== "planned") return stale(task, "restoring");
  if (task.set_aside !== undefined) return events(independentTestsEnded(task, { code: null, detail: null }));
  if (task.fallback === undefined) return stale(task, "restoring");
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
    // Before the first of these runs: all of them are given back.
    repairs: task.fallback?.repairs ?? repairs,
    missing_tests: detail,
  };
  const next = { status: "planned", gate: null, next_cause: "tests", repairs: repairs + 1 } as const;
  return { ...task, ...next, fallback };
}

/** The task whose earlier change waits for approval, as if the runs after it had never been. */
export function withChangeRestored(task: TaskState, { cause, code }: EventData<"ChangeRestored">): TaskState {
  const { fallback, ...rest } = task;
  if (fallback === undefined) return task;
  const { run_id, missing_tests: _missing, ...change } = fallback;
  const undecided = { status: "asked", hold: null, approval: null, landing: null, next_cause: null } as const;
  const bundle_digest = change.evidence?.bundle.digest ?? null;
  return { ...rest, ...change, ...undecided, refusals: 0, restored: { run_id, bundle_digest, cause, code } };
}

/** The task without the change that was kept for a failed run; the repairs that were used since are given back. */
export function withoutFallback(task: TaskState): TaskState {
  if (task.fallback === undefined) return task;
  const { fallback, ...rest } = task;
  return { ...rest, repairs: fallback.repairs };
}
