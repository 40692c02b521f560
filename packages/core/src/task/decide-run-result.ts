/** Decides what follows from a run's end: a change to check, a next run, or a hold; and what is kept of a run that nobody waits for any more. */
import { counted, type HeldReport, hasUsage, noUsage, type RunId, truncateText } from "@aedev/contracts";
import { type CommandOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import { runOfChange } from "../model/fallback-change.ts";
import { independentCause } from "../model/independent-run.ts";
import type { RunState } from "../model/run-state.ts";
import type { TaskState } from "../model/state.ts";
import { exhaustedDetail } from "./decide-next-run.ts";
import { afterCapture } from "./independent-tests.ts";
import { attemptsLeftNothing, type NextRepair, nextAfterStop } from "./repair.ts";
import { holdEvent, on, staleRefusal } from "./task-event.ts";
import { isSwitch } from "./usage-limit.ts";

export function recordCoderResult(command: CommandOf<"RecordCoderResult">, task: TaskState): Decision {
  const { result } = command;
  const runId = command.run_id as RunId;
  if (task.status !== "running" || !isCurrentRun(task, runId)) return recordUsage(task, { runId, result });
  if (isKnownHold(task, command.hold_id)) return knownHold(command);
  if (result.outcome === "captured") {
    const { tree, patch, usage, environment, journal, transcript, capture_notes } = result;
    const captured = on(task, {
      type: "ChangeCaptured",
      data: {
        ...{ run_id: runId, tree, patch, usage, environment, journal, transcript },
        ...(capture_notes === undefined ? {} : { capture_notes }),
      },
    });
    if (hasMissed(task, result.heard))
      return events(captured, on(task, { type: "CoderNotTold", data: { run_id: runId } }));
    if (isUnchanged(task, tree)) return events(captured, nothingAdded(task, command.hold_id));
    return events(captured, ...afterCapture(task));
  }
  if (result.retry_free) return events(heldByReport(task, result, command.hold_id));
  const { usage, journal, patch, exit_code, session, stuck, capture_notes } = result;
  const data = {
    ...{ run_id: runId, usage, journal, patch, exit_code },
    ...(session === undefined ? {} : { session }),
    ...(stuck === undefined ? {} : { stuck }),
    ...(capture_notes === undefined ? {} : { capture_notes }),
  };
  const ended = on(task, { type: "RunEnded", data });
  // A failed run for independent tests is not repeated.
  if (task.set_aside !== undefined) return events(ended, heldByReport(task, result, command.hold_id));
  const { next, isFruitless } = nextOfStopped(command, task, result);
  const { code, detail } = result;
  if (next.kind === "repair")
    return events(ended, on(task, { type: "RepairStarted", data: { cause: next.cause, code, detail } }));
  const last = isFruitless ? { ...result, code: "HOLD-NO-PROGRESS" as const, detail: fruitlessDetail } : result;
  const detailed = {
    ...last,
    detail: withEarlierFinding(task, { ...last, detail: exhaustedDetail(next, last.detail) }),
  };
  const report = withoutEndlessWaits(detailed, command, task);
  // If another token of the coder is free, the run resumes immediately.
  const resumesNow = isSwitch(report, command.at);
  return events(ended, heldByReport({ ...task, status: "planned" }, { ...report, resumesNow }, command.hold_id));
}

/** Whether a person said something that neither the run's prompt nor a request to the model had: no change is checked that ignores it. */
function hasMissed({ told = [], runs, set_aside }: TaskState, heard = 0): boolean {
  // A run that writes independent tests is told nothing.
  if (set_aside !== undefined) return false;
  return told.length > Math.max(runs.at(-1)?.told ?? 0, heard);
}

/** Whether a run for tests left the earlier change as it was, so that it need not be checked and judged again. */
function isUnchanged({ fallback, base_commit }: TaskState, tree: string): boolean {
  return fallback !== undefined && fallback.tree === tree && fallback.base_commit === base_commit;
}

function nothingAdded(task: TaskState, holdId: string): NewEvent {
  return holdEvent(task, { code: "HOLD-NO-PROGRESS", detail: "the run added no tests", holdId, resumesAt: null });
}

/**
 * A run waits for a usage limit `limits.usage_resumes` times in a row; the next time it waits for a person. Continuing at once with another token is not
 * a wait, but two continuations in a row count as one: otherwise tokens that are always at their limit would be tried forever.
 */
function withoutEndlessWaits(
  report: HeldReport,
  { usage_resumes, hold_id, at }: CommandOf<"RecordCoderResult">,
  { runs }: TaskState,
): HeldReport {
  if (report.code !== "HOLD-USAGE-LIMIT" || usage_resumes === undefined) return report;
  const isLimited = (run: RunState) => run.outcome?.code === "HOLD-USAGE-LIMIT";
  // Runs that write independent tests do not count.
  const before = runs.slice(0, -1).filter(({ cause }) => cause !== independentCause);
  const limited = before.slice(before.findLastIndex((run) => !isLimited(run)) + 1);
  const hasSwitched = (index: number) => limited[index]?.switched === true;
  if (isSwitch(report, at) && !hasSwitched(limited.length - 1)) return report;
  const waits = limited.filter((_run, index) => !hasSwitched(index) || hasSwitched(index - 1)).length;
  if (waits < usage_resumes) return report;
  const resumed = `resumed ${counted(waits, "time")} in a row (limits.usage_resumes)`;
  const detail = `${resumed}; once the limit has reset (${report.resumes_at}): aedev hold release ${hold_id}`;
  return { ...report, resumes_at: null, detail };
}

/** The detail starts with what held the change before this run: a run that then did nothing explains little. */
function withEarlierFinding({ runs }: TaskState, { code, detail }: HeldReport): string | null {
  const before =
    code === "HOLD-NO-PROGRESS"
      ? runs.slice(0, -1).findLast(({ tree, outcome }) => tree !== null && outcome !== null)
      : undefined;
  const found = before?.outcome;
  if (before === undefined || found == null || found.code === null || found.code === code) return detail;
  const first = `run ${before.attempt}: ${found.code}${found.detail === null ? "" : ` (${found.detail})`}`;
  const then = `the next run left nothing new${detail === null ? "" : `: ${detail}`}`;
  return `${truncateText(first, findingCharactersMax)}; ${then}`.slice(0, detailCharactersMax).toWellFormed();
}

/** The most characters of a hold's detail, and of the earlier run's hold within it. */
const [detailCharactersMax, findingCharactersMax] = [500, 350];
const fruitlessDetail = "each reached limits.run_timeout and left nothing new";

/**
 * A run that got stuck or reached its time limit is followed by another within the limits of repair; every other end holds the task. `isFruitless`: the
 * attempts are used up, the last one reached its time limit, and none left anything new.
 */
function nextOfStopped(
  { repair, run_id }: CommandOf<"RecordCoderResult">,
  task: TaskState,
  { code, stuck, usage, patch }: HeldReport,
): { next: NextRepair; isFruitless: boolean } {
  const cause = stuck !== undefined ? "stuck" : code === "HOLD-CODER-TIMEOUT" ? "timeout" : null;
  if (cause === null || repair === undefined) return { next: { kind: "none" }, isFruitless: false };
  const runs = task.runs.map((run) => (run.run_id === run_id ? { ...run, usage, patch } : run));
  const next = nextAfterStop({ ...task, runs }, cause, repair);
  return { next, isFruitless: cause === "timeout" && next.kind === "exhausted" && attemptsLeftNothing({ runs }) };
}

/** Records the usage of a run that a cancellation or a next run interrupted: it still counts in every budget (SECURITY T6). */
function recordUsage(
  task: TaskState,
  { runId, result }: { runId: RunId; result: CommandOf<"RecordCoderResult">["result"] },
): Decision {
  const run = task.runs.find(({ run_id }) => run_id === runId);
  const isOver = task.status !== "running" || !isCurrentRun(task, runId);
  const isUnknown = run !== undefined && run.status !== "captured" && run.journal === null && !hasUsage(run.usage);
  if (!isOver || !isUnknown || (!hasUsage(result.usage) && result.patch === null)) return staleRefusal(task, "run");
  const { usage, journal, patch, exit_code } = result;
  return lateEnd(task, run, { usage, journal, patch, exit_code });
}

/** The end of a run that nobody waits for; if the log already has its end, this event only adds to it. */
function lateEnd(
  task: TaskState,
  { run_id, status }: RunState,
  data: Pick<HeldReport, "usage" | "journal" | "patch" | "exit_code">,
): Decision {
  const repeat = status === "running" ? {} : { again: true as const };
  const earlier = runOfChange(task)?.run_id === run_id ? {} : { earlier: true as const };
  return events(on(task, { type: "RunEnded", data: { run_id, ...repeat, ...earlier, ...data } }));
}

/** Records the work or usage of a run that never reported it. What its report said stays, and nothing is counted twice. */
export function recordSalvage(command: CommandOf<"RecordSalvage">, task: TaskState): Decision {
  const run = task.runs.find(({ run_id }) => run_id === command.run_id);
  const isUnderWay = task.status === "running" && isCurrentRun(task, command.run_id);
  if (run === undefined || isUnderWay) return events();
  const usage = hasUsage(run.usage) ? noUsage : command.usage;
  if (!hasUsage(usage) && (run.patch !== null || command.patch === null)) return events();
  const [journal, patch] = [run.journal ?? command.journal, run.patch ?? command.patch];
  return lateEnd(task, run, { usage, journal, patch, exit_code: null });
}

/** Whether a report named this hold before: the hold was released, and the run or its checks continued. */
export function isKnownHold(task: TaskState, holdId: string): boolean {
  return runOfChange(task)?.continued_after?.includes(holdId) === true;
}

export function knownHold({ run_id, hold_id }: { run_id: string; hold_id: string }): Decision {
  return refuse("stale", `this report of run ${run_id} is known: it led to hold ${hold_id}, which was released`);
}

/** `resumesNow`: another token of the coder is free. */
export function heldByReport(
  task: TaskState,
  { code, detail, resumes_at: resumesAt, resumesNow = false, breaks }: HeldReport & { readonly resumesNow?: boolean },
  holdId: string,
): NewEvent {
  const tests = breaks === undefined ? {} : { tests: { names: breaks, found_by: "coder" as const } };
  return holdEvent(task, { code, detail, holdId, resumesAt, resumesNow, ...tests });
}

function isCurrentRun(task: TaskState, runId: string): boolean {
  return task.runs.at(-1)?.run_id === runId;
}
