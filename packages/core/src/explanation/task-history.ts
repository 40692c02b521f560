/** When the events of a task's story happened, and its ended holds. They are read from the task's events, because the state keeps only what decisions need. */
import { deciderText, type Verdict } from "@aedev/contracts";
import type { FoldedEvent } from "../model/event.ts";

export interface EndedHold {
  readonly held_at: string;
  readonly code: string;
  readonly detail: string | null;
  readonly ended_at: string;
  /** How the hold ended, such as "was released by anna in the terminal". */
  readonly how: string;
}
/** Instants are ISO 8601 in UTC. A missing entry is unknown. */
export interface TaskHistory {
  /** When the coder of each run ended, by run. */
  readonly runEnds: ReadonlyMap<string, string>;
  /** When the outcome of each run was known, by run. */
  readonly outcomes: ReadonlyMap<string, string>;
  /** When each bundle of evidence was sealed, by its digest. */
  readonly sealings: ReadonlyMap<string, string>;
  /** When each verdict was given, by `verdictKey`. */
  readonly verdicts: ReadonlyMap<string, string>;
  /** Oldest first. */
  readonly holds: readonly EndedHold[];
}

/** `events`: the events of the task's stream, in order. */
export function taskHistory(events: readonly FoldedEvent[]): TaskHistory {
  const runEnds = new Map<string, string>();
  const outcomes = new Map<string, string>();
  const sealings = new Map<string, string>();
  const verdicts = new Map<string, string>();
  const holds: EndedHold[] = [];
  let run: string | null = null;
  let setAside: string | null = null;
  let open: Pick<EndedHold, "held_at" | "code" | "detail"> | null = null;
  for (const event of events) {
    const { recorded_at: at } = event;
    if (endsRun(event) && !runEnds.has(event.data.run_id)) runEnds.set(event.data.run_id, at);
    if (run !== null && outcomeTypes.has(event.type)) outcomes.set(run, at);
    const how = holdEnd(event);
    if (open !== null && how !== null) {
      holds.push({ ...open, ended_at: at, how });
      open = null;
    }
    if (namesRun(event)) run = event.data.run_id;
    if (event.type === "IndependentTestsRequested") setAside = event.data.run_id;
    if (event.type === "IndependentTestsEnded") run = setAside;
    if (event.type === "TaskHeld") open = { held_at: at, code: event.data.code, detail: event.data.detail };
    if (event.type === "VerdictRecorded") verdicts.set(verdictKey(event.data), at);
    if (event.type === "EvidenceSealed") sealings.set(event.data.bundle.digest, at);
  }
  return { runEnds, outcomes, sealings, verdicts, holds };
}

export function verdictKey({ bundle_digest, family }: Pick<Verdict, "bundle_digest" | "family">): string {
  return `${family} of ${bundle_digest}`;
}

type RunChoice = Extract<FoldedEvent, { type: "RunStarted" | "RevertPrepared" | "ChangeRestored" }>;

/** Whether the event names the run that the following events are about. */
function namesRun(event: FoldedEvent): event is RunChoice {
  return event.type === "RunStarted" || event.type === "RevertPrepared" || event.type === "ChangeRestored";
}

type RunEnd = Extract<FoldedEvent, { type: "ChangeCaptured" | "RunEnded" }>;

function endsRun(event: FoldedEvent): event is RunEnd {
  return event.type === "ChangeCaptured" || event.type === "RunEnded";
}

/** Types of events that give the last run its outcome. */
const outcomeTypes: ReadonlySet<string> = new Set([
  "TaskHeld",
  "GateDecided",
  "RepairStarted",
  "BaseConflicted",
  "ChangeRestored",
  "IndependentTestsEnded",
  "CoderNotTold",
]);

/** How this event ends a hold; null: it ends none. */
function holdEnd(event: FoldedEvent): string | null {
  switch (event.type) {
    case "HoldReleased":
      return event.data.by === "control" ? "was released automatically" : `was released by ${deciderText(event.data)}`;
    case "TaskRetried":
      return `ended by a retry of ${deciderText(event.data)}`;
    case "TaskCancelled":
      return `ended: cancelled by ${deciderText(event.data)}`;
    case "TaskRejected":
      return "ended: the change was given up";
    case "ChangeRequested":
      return "ended: the change was sent back with instructions";
    case "QuestionAnswered":
      return "ended: the question was answered";
    case "RepairStarted":
    case "BaseConflicted":
      return "ended: a next run was started";
    case "ChangeLanded":
      return "ended: the change landed";
    case "TaskHeld":
      return "was replaced by another hold";
    default:
      return null;
  }
}
