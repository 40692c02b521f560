/**
 * What happened, kept for figures over a period: one fold of the log into submissions, runs, the gate's answers with what a person decided, landings and
 * charges. It only grows, so a reader adds what is new and never reads the log twice.
 *
 * Folder: figures about all of history.
 */
import type { HoldCode, RepositorySettings, Verdict } from "@aedev/contracts";
import type { EventData, EventType, GateDecision } from "@aedev/contracts/events";
import { reasonsOfQuestion } from "../gate/trial/asked-in-vain.ts";
import type { FoldedEvent } from "../model/event.ts";
import { type Charge, type ChargeContext, chargedTypes, chargesOf } from "../usage/charge.ts";

/** The types of the events that the fold reads. */
export const historyTypes = [
  ...chargedTypes,
  "MissionSubmitted",
  "TaskPlanned",
  "DraftRequested",
  "SetUpRunRequested",
  "CanaryPlanted",
  "GateDecided",
  "LandingApproved",
  "TaskRejected",
  "ChangeRequested",
  "TaskRetried",
  "TaskCancelled",
  "EvidenceSealed",
  "TaskHeld",
  "ChangeLanded",
] as const satisfies readonly EventType[];

/** How a question of the gate ended; `dropped`: a new change or a cancellation made the decision unnecessary. */
export type QuestionEnd = "approved" | "rejected" | "sent_back" | "dropped";

export interface AnswerFacts {
  readonly at: string;
  readonly repository: string;
  readonly answer: GateDecision;
  /** The reasons that it asked for, each once. */
  readonly reasons: readonly string[];
  /** Null: it is not a question, or nobody has decided. */
  end: { readonly how: QuestionEnd; readonly at: string } | null;
}
interface Placed {
  readonly at: string;
  readonly repository: string;
}
interface LandingFacts extends Placed {
  readonly task_id: string;
  readonly mission_id: string;
  readonly commit: string;
  /** When its mission was submitted; null: not known. */
  readonly submitted_at: string | null;
  readonly alone: boolean;
}

/** A run of a coder, or a draft or set-up run. */
export interface RunFacts extends Placed {
  readonly run_id: string;
  readonly role: "run" | "draft" | "set-up";
  /** Null: it belongs to none. */
  readonly task_id: string | null;
  readonly mission_id: string | null;
  readonly charges: Charge[];
  /** Null: it is under way, or was given up and never reported. `captured`: with a change or a proposal. */
  end: { readonly how: "captured" | "without-change"; readonly at: string } | null;
  /** What the gate said about its change; null: nothing. */
  answer: GateDecision | null;
  /** The last hold during it or after it; null: none. */
  hold: HoldCode | null;
}
/** A judge's answer on a change, and what the gate then decided about it. */
export interface JudgedFacts extends Placed {
  readonly verdict: Verdict;
  answer: GateDecision | null;
}
/** What the last run of a repository found. */
export interface LastBase {
  readonly at: string;
  readonly base_commit: string;
  readonly settings: RepositorySettings;
  checks: EventData<"EvidenceSealed">["checks_status"] | null;
}

interface MissionFacts extends Placed {
  readonly mission_id: string;
  readonly title: string;
  readonly criteria: readonly string[];
}
interface TaskFacts {
  readonly task_id: string;
  readonly mission_id: string;
  readonly repository: string;
  run: RunFacts | null;
  judged: JudgedFacts[];
  answer: AnswerFacts | null;
  isApproved: boolean;
}

/** Everything that the figures are made of, in the order of the log. */
export interface WorkHistory {
  readonly submissions: readonly MissionFacts[];
  readonly answers: readonly AnswerFacts[];
  readonly landings: readonly LandingFacts[];
  readonly holds: readonly (Placed & { readonly code: HoldCode })[];
  readonly charges: readonly Charge[];
  readonly runs: readonly RunFacts[];
  readonly judged: readonly JudgedFacts[];
  readonly missions: ReadonlyMap<string, MissionFacts>;
  /** By repository. */
  readonly bases: ReadonlyMap<string, LastBase>;
  /** What each reason of a question means. */
  readonly meanings: ReadonlyMap<string, string>;
  add(event: FoldedEvent): void;
}

const ends: Readonly<Partial<Record<EventType, QuestionEnd>>> = {
  LandingApproved: "approved",
  TaskRejected: "rejected",
  ChangeRequested: "sent_back",
  TaskRetried: "dropped",
  TaskCancelled: "dropped",
};

/** An empty history, to which events are added in the order of the log. */
export function createWorkHistory(): WorkHistory {
  const missions = new Map<string, MissionFacts>();
  const tasks = new Map<string, TaskFacts>();
  /** What is known when a run ends. */
  const begun = new Map<string, Partial<ChargeContext>>();
  const canaries = new Map<string, string | null>();
  const submissions: MissionFacts[] = [];
  const answers: AnswerFacts[] = [];
  const landings: LandingFacts[] = [];
  const holds: (Placed & { code: HoldCode })[] = [];
  const charges: Charge[] = [];
  const runs: RunFacts[] = [];
  const runsById = new Map<string, RunFacts>();
  const judged: JudgedFacts[] = [];
  const bases = new Map<string, LastBase>();
  const meanings = new Map<string, string>();

  const contextOf = ({ stream, data }: FoldedEvent): ChargeContext => {
    const id = stream.slice(stream.indexOf("/") + 1);
    const { mission_id = null, repository = canaries.get(id) ?? null } = tasks.get(id) ?? missions.get(id) ?? {};
    const run = "run_id" in data && data.run_id !== null ? begun.get(data.run_id) : undefined;
    return { started_at: null, given_tokens: 0, mission_id, repository, ...run };
  };

  function startRun(run: Omit<RunFacts, "charges" | "end" | "answer" | "hold">): RunFacts {
    const started = { ...run, charges: [], end: null, answer: null, hold: null };
    runs.push(started);
    runsById.set(run.run_id, started);
    return started;
  }

  function reasonsOf(decision: EventData<"GateDecided">): string[] {
    return reasonsOfQuestion(decision).map(({ reason, means }) => {
      meanings.set(reason, means);
      return reason;
    });
  }

  function close(task: TaskFacts, how: QuestionEnd, at: string): void {
    if (task.answer?.answer === "ask") task.answer.end ??= { how, at };
  }

  function addOfTask(event: FoldedEvent, task: TaskFacts): void {
    const { recorded_at: at } = event;
    const { repository } = task;
    // A hold that timed out is rejected by nobody.
    const isTimeout = event.type === "TaskRejected" && event.data.way === undefined;
    const end = isTimeout ? "dropped" : ends[event.type];
    if (end !== undefined) close(task, end, at);
    if (event.type === "LandingApproved") task.isApproved = true;
    if (event.type === "RunStarted") {
      task.isApproved = false;
      const { run_id, settings, base_commit } = event.data;
      begun.set(run_id, { started_at: at });
      bases.set(repository, { at, base_commit, settings, checks: null });
      task.run = startRun({ at, repository, run_id, role: "run", task_id: task.task_id, mission_id: task.mission_id });
    }
    if (event.type === "EvidenceSealed") {
      const base = bases.get(repository);
      if (base !== undefined) base.checks = event.data.checks_status;
    }
    if (event.type === "VerdictRecorded") {
      const verdict = { at, repository, verdict: event.data, answer: null };
      judged.push(verdict);
      task.judged.push(verdict);
    }
    if (event.type === "TaskHeld") {
      holds.push({ at, repository, code: event.data.code });
      if (task.run !== null) task.run.hold = event.data.code;
    }
    if (event.type === "GateDecided") {
      close(task, "dropped", at);
      task.isApproved = false;
      const { answer } = event.data;
      task.answer = { at, repository, answer, reasons: answer === "ask" ? reasonsOf(event.data) : [], end: null };
      answers.push(task.answer);
      if (task.run !== null) task.run.answer = answer;
      for (const one of task.judged) if (one.verdict.bundle_digest === event.data.bundle_digest) one.answer = answer;
      task.judged = [];
    }
    if (event.type === "ChangeLanded")
      landings.push({
        ...{ at, repository, alone: !task.isApproved, commit: event.data.commit },
        ...{ task_id: task.task_id, mission_id: task.mission_id },
        submitted_at: missions.get(task.mission_id)?.at ?? null,
      });
  }

  return {
    ...{ submissions, answers, landings, holds, charges, runs, judged, missions, bases, meanings },
    add(event) {
      const { recorded_at: at, stream } = event;
      switch (event.type) {
        case "MissionSubmitted": {
          const { mission_id, repository, title } = event.data;
          const mission = { at, repository, mission_id, title, criteria: event.data.criteria.map(({ text }) => text) };
          missions.set(mission.mission_id, mission);
          submissions.push(mission);
          return;
        }
        case "TaskPlanned": {
          const { task_id, mission_id, repository } = event.data;
          tasks.set(task_id, {
            ...{ task_id, mission_id, repository },
            ...{ run: null, judged: [], answer: null, isApproved: false },
          });
          return;
        }
        case "DraftRequested": {
          const { run_id, tokens: given_tokens } = event.data;
          begun.set(run_id, { started_at: at, given_tokens });
          const { mission_id = null, repository = "" } = missions.get(stream.slice("mission/".length)) ?? {};
          startRun({ at, repository, run_id, role: "draft", task_id: null, mission_id });
          return;
        }
        case "SetUpRunRequested": {
          const { run_id, tokens: given_tokens, repository } = event.data;
          begun.set(run_id, { started_at: at, given_tokens, repository });
          startRun({ at, repository, run_id, role: "set-up", task_id: null, mission_id: null });
          return;
        }
        case "CanaryPlanted":
          canaries.set(event.data.canary_id, tasks.get(event.data.source.task_id)?.repository ?? null);
          return;
      }
      const task = tasks.get(stream.replace(/^task\//, ""));
      if (task !== undefined) addOfTask(event, task);
      const made = chargesOf(event, contextOf(event));
      charges.push(...made);
      const run = "run_id" in event.data && event.data.run_id !== null ? runsById.get(event.data.run_id) : undefined;
      if (run === undefined) return;
      run.charges.push(...made);
      const how = endOf(event);
      if (how !== null) run.end = { how, at };
    },
  };
}

/** How a run ended, if the event says so. */
function endOf(event: FoldedEvent): NonNullable<RunFacts["end"]>["how"] | null {
  switch (event.type) {
    case "ChangeCaptured":
      return "captured";
    case "RunEnded":
      return event.data.again === true ? null : "without-change";
    case "DraftEnded":
      return event.data.result.outcome === "drafted" || event.data.result.outcome === "planned"
        ? "captured"
        : "without-change";
    case "SetUpRunEnded":
      return event.data.result.outcome === "proposed" ? "captured" : "without-change";
    default:
      return null;
  }
}
