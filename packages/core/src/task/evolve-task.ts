/** What the events of a task's stream mean for the task. A new run forgets everything that was about the old one's change. */
import { askedFamilies } from "../judge/asked-families.ts";
import { withJudged } from "../judge/standing-verdict.ts";
import type { EventData } from "../log/event.ts";
import type { FoldedEvent } from "../log/evolve.ts";
import { type RunCause, type RunState, type TaskState, withPush } from "../log/state.ts";
import { type HoldCode, noUsage, wasAnswered } from "../wire/index.ts";
import { nextBasis } from "./repair.ts";

/** The task after `event`. Throws where the event is not a task's: a bug of the writer. */
export function evolveTask(task: TaskState, event: FoldedEvent): TaskState {
  if (event.type === "PushSent") return { ...task, pushes: withPush(task.pushes, event) };
  if (event.type === "RequestRefused") return { ...task, refusals: task.refusals + 1 };
  return { ...changed(task, event), changed_at: event.recorded_at };
}

function changed(task: TaskState, event: FoldedEvent): TaskState {
  switch (event.type) {
    case "RunStarted":
      return startRun(task, event);
    case "RepairStarted":
      return { ...task, ...planned, repairs: task.repairs + 1, next_cause: event.data.cause };
    case "BaseConflicted": {
      const runs = withOutcome(task, "hold", { hold_code: "HOLD-BASE-MOVED", hold_detail: event.data.why });
      return { ...task, ...planned, repairs: task.repairs + 1, next_cause: "base-moved", runs };
    }
    case "ChangeRequested":
      return { ...planAnew(task, "words"), specification: event.data.specification };
    case "QuestionAnswered": {
      const { question, text } = event.data;
      return { ...planAnew(task, "answer"), answers: [...task.answers, { question, text }] };
    }
    case "ChangeCaptured": {
      const { run_id, tree, patch, usage, environment, journal, transcript } = event.data;
      const runs = withRun(task, run_id, { status: "captured", tree, patch, usage, journal, transcript });
      return { ...task, status: "captured", runs, tree, patch, environment };
    }
    case "RunEnded": {
      const { run_id, usage, journal, patch } = event.data;
      return { ...task, runs: withRun(task, run_id, { status: "ended", usage, journal, patch }) };
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
      return sealEvidence(task, event.data);
    case "VerdictRecorded":
      return recordVerdict(task, event.data);
    case "GateDecided":
      return {
        ...task,
        runs: withOutcome(task, event.data.answer, event.data),
        gate: event.data,
        status: event.data.answer === "merge" ? "landing" : event.data.answer === "ask" ? "asked" : task.status,
      };
    case "LandingApproved":
      return { ...task, approval: event.data, status: "landing" };
    case "TaskRejected":
      return { ...task, status: "rejected", hold: null };
    case "LandingStarted":
      return { ...task, landing: event.data, landings: event.data.landing };
    case "BaseMoved":
      return { ...task, status: "captured", landing: null, base_commit: event.data.to };
    case "ChangeLanded": {
      // A hold on the way that was lifted is not how it ended.
      const runs = withOutcome(task, task.gate?.answer ?? "merge", { hold_code: null, hold_detail: null });
      return { ...task, status: "landed", landed_commit: event.data.commit, hold: null, runs };
    }
    case "TaskHeld":
      return {
        ...task,
        status: "held",
        // A run that was cut short takes its errand to the next one.
        next_cause:
          task.status === "running" && event.data.back_to === "planned"
            ? (task.runs.at(-1)?.cause ?? null)
            : task.next_cause,
        runs: withOutcome(task, "hold", { hold_code: event.data.code, hold_detail: event.data.detail }),
        hold: { ...event.data, held_at: event.recorded_at },
      };
    case "HoldReleased":
      return releaseHold(task);
    case "TaskRetried":
      return planAnew(task, null);
    case "TaskCancelled":
      return { ...task, status: "cancelled", hold: null };
    default:
      throw new TypeError(`event ${event.type} is not a task's`);
  }
}

/** Once a next run is owed, what was decided about the change is history; its evidence stays until the run begins, which is told of it. */
const planned = { status: "planned", hold: null, gate: null, approval: null, landing: null } as const;

/** A person's word starts over: repair counts from nothing again. */
function planAnew(task: TaskState, cause: RunCause | null): TaskState {
  return { ...task, ...planned, repairs: 0, next_cause: cause };
}

/** What the last run came to; a hold before any run is nobody's outcome. */
function withOutcome(
  task: TaskState,
  answer: "merge" | "ask" | "hold",
  why: { hold_code: HoldCode | null; hold_detail: string | null },
): readonly RunState[] {
  const last = task.runs.at(-1);
  if (last === undefined || task.status === "planned") return task.runs;
  return withRun(task, last.run_id, { outcome: { answer, code: why.hold_code, detail: why.hold_detail } });
}

function startRun(
  task: TaskState,
  { data, recorded_at }: { data: EventData<"RunStarted">; recorded_at: string },
): TaskState {
  const run: RunState = {
    run_id: data.run_id,
    attempt: data.attempt,
    base_commit: data.base_commit,
    prompt: data.prompt,
    status: "running",
    usage: noUsage,
    journal: null,
    transcript: null,
    patch: null,
    tree: null,
    started_at: recorded_at,
    cause: task.next_cause,
    basis: nextBasis(task),
    outcome: null,
  };
  const { base_commit, ref, settings, policy, profile } = data;
  const forgotten = {
    tree: null,
    patch: null,
    environment: null,
    manifest: null,
    evidence: null,
    gate: null,
    approval: null,
    landing: null,
  };
  return {
    ...task,
    ...forgotten,
    verdicts: [],
    risk_acknowledged: false,
    refusals: 0,
    landings: 0,
    next_cause: null,
    status: "running",
    base_commit,
    ref,
    settings,
    policy,
    profile,
    // A run that a person or a hold cut short never reported; it is over now.
    runs: [...task.runs.map((old) => (old.status === "running" ? { ...old, status: "ended" as const } : old)), run],
  };
}

function withRun(task: TaskState, runId: string, change: Partial<RunState>): readonly RunState[] {
  return task.runs.map((run) => (run.run_id === runId ? { ...run, ...change } : run));
}

/** A landing bundle that inherits keeps verdicts, gate and approval and goes straight on to land. */
function sealEvidence(task: TaskState, data: EventData<"EvidenceSealed">): TaskState {
  if (data.inherits) return { ...task, evidence: data, status: "landing" };
  return {
    ...task,
    evidence: data,
    verdicts: [],
    gate: null,
    approval: null,
    status: data.judgeable ? "judging" : "judged",
  };
}

function recordVerdict(task: TaskState, data: EventData<"VerdictRecorded">): TaskState {
  const verdicts = [...task.verdicts.filter((verdict) => verdict.family !== data.family), data];
  const isComplete = askedFamilies(task.evidence).every((asked) => verdicts.some(({ family }) => family === asked));
  return { ...task, verdicts, judged: withJudged(task, data), status: isComplete ? "judged" : "judging" };
}

/** Judges that gave no answer are asked again; what was answered stays. */
const askJudgesAgain: readonly HoldCode[] = ["HOLD-VALIDATOR-NOT-CONFIGURED", "HOLD-VALIDATOR-INCONCLUSIVE"];

function releaseHold(task: TaskState): TaskState {
  if (task.hold === null) return task;
  if (task.hold.back_to === "planned") return { ...task, ...planned };
  const released = { ...task, status: task.hold.back_to, hold: null };
  if (task.hold.code === "HOLD-RISK-HIGH") return { ...released, risk_acknowledged: true };
  if (!askJudgesAgain.includes(task.hold.code)) return released;
  const kept = task.verdicts.filter(wasAnswered);
  return { ...released, verdicts: kept, status: kept.length === task.verdicts.length ? released.status : "judging" };
}
