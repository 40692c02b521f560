/**
 * What happened, kept for figures over a period: one fold of the log into submissions, runs, the gate's answers with what a person decided, landings and
 * charges. It only grows, so a reader adds what is new and never reads the log twice.
 *
 * Folder: figures about all of history.
 */
import type { HoldCode } from "@aedev/contracts";
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
  "TaskHeld",
  "ChangeLanded",
] as const satisfies readonly EventType[];

/** How a question of the gate ended; `dropped`: a new change or a cancellation made the decision unnecessary. */
export type QuestionEnd = "approved" | "rejected" | "sent_back" | "dropped";

export interface GateAnswer {
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
export interface Landing extends Placed {
  /** When its mission was submitted; null: not known. */
  readonly submitted_at: string | null;
  readonly alone: boolean;
}

interface MissionFacts extends Placed {
  readonly mission_id: string;
}
interface TaskFacts {
  readonly mission_id: string;
  readonly repository: string;
  answer: GateAnswer | null;
  isApproved: boolean;
}

/** Everything that the figures are made of, in the order of the log. */
export interface WorkHistory {
  readonly submissions: readonly MissionFacts[];
  readonly answers: readonly GateAnswer[];
  readonly landings: readonly Landing[];
  readonly holds: readonly (Placed & { readonly code: HoldCode })[];
  readonly charges: readonly Charge[];
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

export function createWorkHistory(): WorkHistory {
  const missions = new Map<string, MissionFacts>();
  const tasks = new Map<string, TaskFacts>();
  /** What is known when a run ends. */
  const begun = new Map<string, Partial<ChargeContext>>();
  const canaries = new Map<string, string | null>();
  const submissions: MissionFacts[] = [];
  const answers: GateAnswer[] = [];
  const landings: Landing[] = [];
  const holds: (Placed & { code: HoldCode })[] = [];
  const charges: Charge[] = [];
  const meanings = new Map<string, string>();

  const contextOf = ({ stream, data }: FoldedEvent): ChargeContext => {
    const id = stream.slice(stream.indexOf("/") + 1);
    const { mission_id = null, repository = canaries.get(id) ?? null } = tasks.get(id) ?? missions.get(id) ?? {};
    const run = "run_id" in data && data.run_id !== null ? begun.get(data.run_id) : undefined;
    return { started_at: null, given_tokens: 0, mission_id, repository, ...run };
  };

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
    const end = ends[event.type];
    if (end !== undefined) close(task, end, at);
    if (event.type === "LandingApproved") task.isApproved = true;
    if (event.type === "RunStarted") {
      task.isApproved = false;
      begun.set(event.data.run_id, { started_at: at });
    }
    if (event.type === "TaskHeld") holds.push({ at, repository, code: event.data.code });
    if (event.type === "GateDecided") {
      close(task, "dropped", at);
      const { answer } = event.data;
      task.answer = { at, repository, answer, reasons: answer === "ask" ? reasonsOf(event.data) : [], end: null };
      answers.push(task.answer);
    }
    if (event.type === "ChangeLanded")
      landings.push({
        ...{ at, repository, alone: !task.isApproved },
        submitted_at: missions.get(task.mission_id)?.at ?? null,
      });
  }

  return {
    ...{ submissions, answers, landings, holds, charges, meanings },
    add(event) {
      const { recorded_at: at, stream } = event;
      switch (event.type) {
        case "MissionSubmitted": {
          const mission = { at, repository: event.data.repository, mission_id: event.data.mission_id };
          missions.set(mission.mission_id, mission);
          submissions.push(mission);
          return;
        }
        case "TaskPlanned": {
          const { task_id, mission_id, repository } = event.data;
          tasks.set(task_id, { mission_id, repository, answer: null, isApproved: false });
          return;
        }
        case "DraftRequested":
          begun.set(event.data.run_id, { started_at: at, given_tokens: event.data.tokens });
          return;
        case "SetUpRunRequested": {
          const { run_id, tokens: given_tokens, repository } = event.data;
          begun.set(run_id, { started_at: at, given_tokens, repository });
          return;
        }
        case "CanaryPlanted":
          canaries.set(event.data.canary_id, tasks.get(event.data.source.task_id)?.repository ?? null);
          return;
      }
      const task = tasks.get(stream.replace(/^task\//, ""));
      if (task !== undefined) addOfTask(event, task);
      charges.push(...chargesOf(event, contextOf(event)));
    },
  };
}
