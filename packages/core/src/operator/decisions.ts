/** What an event adds to a mission or task about persons: their decisions, for clients to show, and who wrote a part of the specification. */
import { type DecisionWay, phoneActor } from "@aedev/contracts";
import type { FoldedEvent } from "../model/event.ts";
import type { MissionState, TaskState } from "../model/state.ts";

/** An event that names a person. */
interface EventOfPerson extends Pick<FoldedEvent, "type" | "recorded_at"> {
  readonly data: {
    readonly by: string;
    readonly way?: DecisionWay | undefined;
    readonly reviews?: readonly { readonly by: string }[] | undefined;
  };
}

/** How many decisions of one mission or task are kept: the newest. */
const decisionsMax = 20;

/** The events that are a person's decision about a mission or task, as a person reads them. */
const said: { readonly [T in FoldedEvent["type"]]?: string } = {
  ClarificationAnswered: "answered",
  DraftRequested: "asked for a draft",
  DraftAccepted: "accepted a draft",
  MissionSentBack: "sent back",
  MissionApproved: "approved",
  MissionRejected: "rejected",
  MissionCancelled: "cancelled",
  LandingApproved: "approved",
  TaskRejected: "rejected",
  TaskCancelled: "cancelled",
  HoldReleased: "hold released",
  ChangeRequested: "sent back",
  QuestionAnswered: "answered",
  TaskRetried: "retried",
};

/** An entity after its event, with what that says about persons; only missions and tasks keep anything of it. */
export function withPersons<T>(entity: T, event: FoldedEvent): T {
  const isMission = event.stream.startsWith("mission/");
  if ((!isMission && !event.stream.startsWith("task/")) || !("by" in event.data)) return entity;
  const decided = withDecision(entity as MissionState | TaskState, event as EventOfPerson);
  return (isMission ? withWriter(decided as MissionState, event as EventOfPerson) : decided) as T;
}

/** Events without a way are aedev's own or of a version that kept no decisions: what they fold to stays the same. */
function withDecision<T extends MissionState | TaskState>(entity: T, event: EventOfPerson): T {
  const what = said[event.type];
  const { by, way } = event.data;
  if (what === undefined || way === undefined) return entity;
  const decision = { what, by, way, at: event.recorded_at };
  return { ...entity, decisions: [...(entity.decisions ?? []), decision].slice(-decisionsMax) };
}

const writing: readonly FoldedEvent["type"][] = [
  "ClarificationAnswered",
  "DraftAccepted",
  "MissionSentBack",
  "SpecificationAmended",
];

/** The mission with whoever wrote a part of its specification by this event. */
function withWriter(mission: MissionState, { type, data: { by, reviews } }: EventOfPerson): MissionState {
  if (!writing.includes(type)) return mission;
  const { author, writers = [] } = mission;
  // Reviews that are taken together were written by several people.
  const more = [...new Set(reviews?.map((review) => review.by) ?? [by])].filter(
    (writer) => writer !== phoneActor && writer !== author && !writers.includes(writer),
  );
  return more.length === 0 ? mission : { ...mission, writers: [...writers, ...more] };
}
