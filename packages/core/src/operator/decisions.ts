/** What an event adds to a mission or task about persons: their decisions, which clients show, and the writers of parts of the specification. */
import { type DecisionWay, phoneActor } from "@aedev/contracts";
import type { FoldedEvent } from "../model/event.ts";
import type { MissionState, TaskState } from "../model/state.ts";

interface EventOfPerson extends Pick<FoldedEvent, "type" | "recorded_at"> {
  readonly data: {
    readonly by: string;
    readonly way?: DecisionWay | undefined;
    readonly reviews?: readonly { readonly by: string }[] | undefined;
  };
}

/** The most decisions kept for one mission or task; the newest are kept. */
const decisionsMax = 20;

/** Types of events that are a person's decision on a mission or task, with a word for each. */
const decisionTexts: { readonly [T in FoldedEvent["type"]]?: string } = {
  ClarificationAnswered: "answered",
  DraftRequested: "asked for a draft",
  DraftAccepted: "accepted a draft",
  MissionSentBack: "sent back",
  MissionUpdated: "updated",
  PlanReplaced: "replaced the plan",
  MissionApproved: "approved",
  MissionRejected: "rejected",
  MissionCancelled: "cancelled",
  LandingApproved: "approved",
  TaskRejected: "rejected",
  TaskCancelled: "cancelled",
  HoldReleased: "hold released",
  ChangeRequested: "sent back",
  QuestionAnswered: "answered",
  CoderTold: "told the coder",
  TaskRetried: "retried",
};

/** What a person decided with an event of this type, in a word or two; undefined: it is no such decision. */
export function decisionText(type: FoldedEvent["type"]): string | undefined {
  return decisionTexts[type];
}

/** The entity after its event, with the persons that the event names. Only missions and tasks store persons. */
export function withPersons<T>(entity: T, event: FoldedEvent): T {
  const isMission = event.stream.startsWith("mission/");
  if ((!isMission && !event.stream.startsWith("task/")) || !("by" in event.data)) return entity;
  const decided = withDecision(entity as MissionState | TaskState, event as EventOfPerson);
  return (isMission ? withWriter(decided as MissionState, event as EventOfPerson) : decided) as T;
}

/** Adds the decision. An event without a way is aedev's own, or comes from a version that stored no decisions, so its fold stays the same. */
function withDecision<T extends MissionState | TaskState>(entity: T, event: EventOfPerson): T {
  const what = decisionText(event.type);
  const { by, way } = event.data;
  if (what === undefined || way === undefined) return entity;
  const decision = { what, by, way, at: event.recorded_at };
  return { ...entity, decisions: [...(entity.decisions ?? []), decision].slice(-decisionsMax) };
}

const writingTypes: readonly FoldedEvent["type"][] = [
  "ClarificationAnswered",
  "DraftAccepted",
  "MissionSentBack",
  "PlanReplaced",
  "SpecificationAmended",
];

/** The mission with the writers of parts of its specification that this event names. */
function withWriter(mission: MissionState, { type, data: { by, reviews } }: EventOfPerson): MissionState {
  if (!writingTypes.includes(type)) return mission;
  const { author, writers = [] } = mission;
  // Reviews that are taken together can have several writers.
  const more = [...new Set(reviews?.map((review) => review.by) ?? [by])].filter(
    (writer) => writer !== phoneActor && writer !== author && !writers.includes(writer),
  );
  return more.length === 0 ? mission : { ...mission, writers: [...writers, ...more] };
}
