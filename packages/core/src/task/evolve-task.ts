/** Applies the events of a task's stream to the task. A new run drops everything about the previous run's change. */

import { type HoldCode, hasUsage, noUsage, wasAnswered } from "@aedev/contracts";
import type { RunCause } from "@aedev/contracts/api";
import type { EventData, GateDecision } from "@aedev/contracts/events";
import { withPartlyJudged } from "../judges/precedent.ts";
import type { FoldedEvent } from "../model/event.ts";
import { runOfChange } from "../model/fallback-change.ts";
import type { RunState } from "../model/run-state.ts";
import type { TaskState } from "../model/state.ts";
import { withPush } from "../model/state.ts";
import { waitsForEngine } from "../schedule/fair-order.ts";
import { withEvidence, withVerdict } from "./evolve-judging.ts";
import { releaseRule } from "./hold-release.ts";
import {
  withChangeSetAside,
  withIndependentTests,
  withOwnChange,
  withoutIndependentTests,
} from "./independent-tests.ts";
import { withoutLifts, withRelease } from "./lifts.ts";
import { withObserved } from "./outcomes.ts";
import { acceptUnchecked, evolvePullRequest, withLanding, withoutWaits } from "./pull-request.ts";
import { nextBasis } from "./repair.ts";
import { withRevert } from "./revert.ts";
import { withReviews } from "./review-instructions.ts";
import { withChangeRestored, withoutFallback, withTestsRequested } from "./run-for-tests.ts";
import { withSwitch } from "./usage-limit.ts";

/** The fields of a task whose new run has no change yet. */
const noChange = {
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
  risk_acknowledged: false,
  refusals: 0,
  next_cause: null,
} satisfies Partial<TaskState>;

/** The task after `event`. Throws if the event does not belong to a task. */
export function evolveTask(task: TaskState, event: FoldedEvent): TaskState {
  if (event.type === "PushSent") return { ...task, pushes: withPush(task.pushes, event) };
  // A later observation does not change `changed_at`, the time when the task itself changed.
  if (event.type === "OutcomeObserved") return withObserved(task, event);
  if (event.type === "RevertRequested") return withRevert(task, event);
  if (event.type === "RequestRefused") return { ...task, refusals: task.refusals + 1 };
  const next = changed(task, event);
  // A late report about an earlier run is not a change of the task: its present run keeps its place.
  if (event.type === "RunEnded" && event.data.earlier === true) return next;
  if (next === task) return { ...task, changed_at: event.recorded_at };
  // A run whose engine did not answer kept its place all the time, as if nothing had happened.
  const startedAt = runOfChange(next)?.started_at;
  if (event.type === "HoldReleased" && event.data.continues === true && waitsForEngine(task) && startedAt !== undefined)
    return { ...next, changed_at: startedAt };
  // The object was created just now, and no one else has it yet.
  (next as { changed_at: string }).changed_at = event.recorded_at;
  return next;
}

function changed(task: TaskState, event: FoldedEvent): TaskState {
  switch (event.type) {
    case "RunStarted":
      return startRun(task, event);
    case "RevertPrepared":
      return prepareRevert(task, event);
    case "RepairStarted":
      return startRepair(task, event.data);
    case "TestsRequested":
      return withTestsRequested(task, event.data);
    case "ChangeRestored": {
      const { code: hold_code, detail: hold_detail } = event.data;
      const runs = withOutcome(task, event.data.cause === "held" ? "hold" : "ask", { hold_code, hold_detail });
      return withChangeRestored({ ...task, runs }, event.data);
    }
    case "IndependentTestsRequested":
      return withChangeSetAside(task);
    case "IndependentTestsEnded": {
      const { code: hold_code, detail: hold_detail } = event.data;
      const runs = hold_code === null ? task.runs : withOutcome(task, "hold", { hold_code, hold_detail });
      return withIndependentTests({ ...task, runs }, event.data);
    }
    case "BaseConflicted": {
      const runs = withOutcome(task, "hold", { hold_code: "HOLD-BASE-MOVED", hold_detail: event.data.why });
      return { ...task, ...planned, repairs: task.repairs + 1, next_cause: "base-moved", runs };
    }
    case "ChangeRequested":
      return {
        ...planAgain(withoutIndependentTests(task), "words"),
        specification: event.data.specification,
        ...withReviews(task, event.data.reviews, false),
      };
    case "ReviewsRefused":
      return { ...task, ...withReviews(task, event.data.reviews, true) };
    case "QuestionAnswered": {
      const { question, text, tests, specification } = event.data;
      // The next event holds the task.
      if (tests === "kept") return task;
      if (specification !== undefined)
        return { ...planAgain(withoutIndependentTests(task), tests === "words" ? "words" : "answer"), specification };
      // The tests were written before this answer.
      return { ...planAgain(withoutIndependentTests(task), "answer"), answers: [...task.answers, { question, text }] };
    }
    case "ChangeCaptured": {
      const { run_id, tree, patch, usage, environment, journal, transcript, capture_notes } = event.data;
      const notes = capture_notes === undefined ? {} : { capture_notes };
      const runs = withRun(task, run_id, { status: "captured", tree, patch, usage, journal, transcript, ...notes });
      return { ...withoutLifts(task), status: "captured", runs, tree, patch, environment };
    }
    case "RunEnded": {
      const { run_id, usage: added, journal, patch, session, stuck, capture_notes } = event.data;
      const usage = hasUsage(added) ? added : (task.runs.find((run) => run.run_id === run_id)?.usage ?? added);
      const seen = {
        ...(session === undefined ? {} : { session }),
        ...(stuck === undefined ? {} : { stuck }),
        ...(capture_notes === undefined ? {} : { capture_notes }),
      };
      return { ...task, runs: withRun(task, run_id, { status: "ended", usage, journal, patch, ...seen }) };
    }
    case "ChecksRan":
      return {
        ...task,
        status: "checked",
        base_commit: event.data.base_commit,
        tree: event.data.tree,
        manifest: event.data.manifest,
      };
    case "EvidenceSealed":
      return withEvidence(task, event.data);
    case "VerdictRecorded":
      return withVerdict(task, event.data);
    case "GateDecided":
      return {
        ...(event.data.answer === "merge" ? withoutFallback(task) : task),
        runs: withOutcome(task, event.data.answer, event.data),
        gate: event.data,
        // An approval from before the same change landed is asked for again.
        ...(task.status === "landing" ? { approval: null } : {}),
        status: event.data.answer === "merge" ? "landing" : event.data.answer === "ask" ? "asked" : task.status,
      };
    case "LandingApproved":
      return { ...withoutFallback(task), approval: event.data, status: "landing" };
    case "TaskRejected":
      return { ...withOwnChange(task), status: "rejected", hold: null };
    case "LandingStarted":
      return { ...task, landing: event.data, landings: event.data.landing, ...withLanding(task, event.data) };
    case "PullRequestOpened":
    case "PullRequestWaits":
    case "PullRequestSuspended":
    case "PullRequestClosed":
    case "LandedTreeDiffers":
      return { ...task, pull_request: evolvePullRequest(task, event) };
    case "DraftPullRequestSkipped":
      return { ...task, draft_skipped: event.data };
    case "BaseMoved":
      return { ...task, status: "captured", landing: null, base_commit: event.data.to };
    case "ChangeLanded": {
      // An earlier, released hold is not how the run ended.
      const runs = withOutcome(task, task.gate?.answer ?? "merge", { hold_code: null, hold_detail: null });
      return { ...task, status: "landed", landed_commit: event.data.commit, hold: null, runs };
    }
    case "TaskHeld":
      return {
        ...task,
        status: "held",
        // The next run keeps the cause of an interrupted run.
        next_cause:
          task.status === "running" && event.data.back_to === "planned"
            ? (task.runs.at(-1)?.cause ?? null)
            : task.next_cause,
        runs: withSwitch(
          withOutcome(task, "hold", { hold_code: event.data.code, hold_detail: event.data.detail }),
          event,
        ),
        hold: { ...event.data, held_at: event.recorded_at },
      };
    case "HoldTimedOut":
      return task.hold === null ? task : { ...task, hold: { ...task.hold, timed_out_at: event.recorded_at } };
    case "HoldReleased":
      return withRelease(releaseHold(acceptUnchecked(task, event.data)), { hold: task.hold, data: event.data });
    case "CoderTold":
      return { ...task, told: [...(task.told ?? []), { text: event.data.text, by: event.data.by }] };
    case "CoderNotTold": {
      const missed = { hold_code: "HOLD-STOPPED", hold_detail: "it ended before it read what a person said" } as const;
      const runs = withRun({ ...task, runs: withOutcome(task, "hold", missed) }, event.data.run_id, { missed: true });
      return planAgain({ ...task, runs }, "words");
    }
    case "TaskRetried":
      return planAgain(task, null);
    case "TaskCancelled": {
      const { plan, ...cancelled } = withOwnChange(task);
      const stays = plan === undefined || event.data.replaced === true ? {} : { plan };
      return { ...cancelled, ...stays, status: "cancelled", hold: null };
    }
    default:
      throw new TypeError(`event ${event.type} is not a task's`);
  }
}

/** The fields of a task with a pending next run: decisions about the change no longer apply. The evidence stays until the run starts, because its prompt describes it. */
const planned = { status: "planned", hold: null, gate: null, approval: null, landing: null } as const;

/** For a stopped run this is its outcome; a change already has the gate's outcome. */
function startRepair(task: TaskState, { cause, code, detail }: EventData<"RepairStarted">): TaskState {
  const wasStopped = cause === "stuck" || cause === "timeout";
  const runs = wasStopped ? withOutcome(task, "hold", { hold_code: code, hold_detail: detail }) : task.runs;
  return { ...task, ...planned, repairs: task.repairs + 1, next_cause: cause, runs };
}

/** After a person's instruction, repairs and holds released by probes are counted from zero again. */
function planAgain(task: TaskState, cause: RunCause | null): TaskState {
  return { ...withOwnChange(withoutFallback(withoutLifts(task))), ...planned, repairs: 0, next_cause: cause };
}

/** Sets the outcome of the run that the task is about. A hold before a run starts is not the outcome of the previous run. */
function withOutcome(
  task: TaskState,
  answer: GateDecision,
  why: { hold_code: HoldCode | null; hold_detail: string | null },
): readonly RunState[] {
  const run = runOfChange(task);
  if (run === undefined || task.status === "planned") return task.runs;
  return withRun(task, run.run_id, { outcome: { answer, code: why.hold_code, detail: why.hold_detail } });
}

function startRun(
  task: TaskState,
  {
    data,
    recorded_at,
  }: { data: Omit<EventData<"RunStarted">, "prompt"> & Pick<RunState, "prompt">; recorded_at: string },
): TaskState {
  const { run_id, attempt, prompt, continues, told, memory: _memory, ...base } = data;
  const { restored: _restored, ...before } = task;
  // The keys are in stored order, as in planned-task.ts.
  const run: RunState = {
    attempt,
    base_commit: base.base_commit,
    basis: nextBasis(task),
    cause: task.next_cause,
    ...(continues === undefined ? {} : { continues }),
    journal: null,
    outcome: null,
    patch: null,
    prompt,
    run_id,
    started_at: recorded_at,
    status: "running",
    ...(told === undefined ? {} : { told }),
    transcript: null,
    tree: null,
    usage: noUsage,
  };
  return {
    ...before,
    ...noChange,
    ...base,
    status: "running",
    // A run that was cut short never reported its end.
    runs: [...task.runs.map((old) => (old.status === "running" ? { ...old, status: "ended" as const } : old)), run],
  };
}

/** A run without a coder: it has its change at once and costs no tokens. */
function prepareRevert(
  task: TaskState,
  { data, recorded_at }: { data: EventData<"RevertPrepared">; recorded_at: string },
): TaskState {
  const { tree, patch, before: _before, ...run } = data;
  const started = startRun(task, { data: { ...run, prompt: null }, recorded_at });
  const runs = withRun(started, data.run_id, { status: "captured", tree, patch });
  return { ...started, status: "captured", runs, tree, patch };
}

function withRun(task: TaskState, runId: string, change: Partial<RunState>): readonly RunState[] {
  return task.runs.map((run) => (run.run_id === runId ? { ...run, ...change } : run));
}

/** Releasing these holds asks the judges without an answer again; answers are kept. */
const askJudgesAgain: readonly HoldCode[] = [
  "HOLD-VALIDATOR-NOT-CONFIGURED",
  "HOLD-VALIDATOR-INCONCLUSIVE",
  "HOLD-VALIDATOR-UNAVAILABLE",
];

function releaseHold(task: TaskState): TaskState {
  if (task.hold === null) return task;
  if (task.hold.back_to === "planned") return { ...task, ...planned };
  const released = { ...task, status: task.hold.back_to, hold: null, ...withoutWaits(task) };
  // The gate decides again: an approval or landing under other permissions is no longer valid. Recorded events depend on which codes do this.
  if (releaseRule(task.hold.code) === "gate" && task.hold.back_to === "judged")
    return { ...released, approval: null, landing: null };
  if (task.hold.code === "HOLD-RISK-HIGH") return { ...released, risk_acknowledged: true };
  if (!askJudgesAgain.includes(task.hold.code)) return released;
  const kept = task.verdicts.filter(wasAnswered);
  const status = kept.length === task.verdicts.length ? released.status : "judging";
  return { ...released, ...withPartlyJudged(task), verdicts: kept, status };
}
