/** Applies the events of a plan to its mission, whose stage follows from its parts until a person decides. */
import type { EventData } from "@aedev/contracts/events";
import type { FoldedEvent } from "../model/event.ts";
import { isUndecided, type MissionState } from "../model/state.ts";

export function evolvePlan(
  mission: MissionState,
  event: Extract<FoldedEvent, { type: "MissionPlanned" | "PlanPartClarified" | "PlanReplaced" }>,
): MissionState {
  if (event.type === "MissionPlanned") return withStage({ ...mission, plan: event.data });
  const { plan } = mission;
  if (event.type === "PlanReplaced") return withReplacement(mission, event.data);
  const { part, clear, specification, clarified_spec } = event.data;
  if (plan === undefined) throw new TypeError(`${mission.mission_id} has no plan`);
  const parts = plan.parts.map((one) => (one.mission_id === part ? { ...one, clear } : one));
  return withStage({ ...mission, specification, clarified_spec, plan: { ...plan, parts } });
}

/** It awaits approval again. An approval later compares it with the last approved version, or with the one before if none was approved. */
function withReplacement(mission: MissionState, data: EventData<"PlanReplaced">): MissionState {
  const { plan, plan_before = plan } = mission;
  if (plan === undefined || plan_before === undefined) throw new TypeError(`${mission.mission_id} has no plan`);
  const { title, criteria, specification, clarified_spec, task_ids, version, on_failure, parts } = data;
  const replaced = { title, criteria, specification, clarified_spec, task_ids, plan: { version, on_failure, parts } };
  return withStage({ ...mission, ...replaced, plan_before, stage: "awaiting_approval" });
}

/** The mission after its approval. */
export function withApproval(
  { plan_before: _before, ...mission }: MissionState,
  { task_ids }: EventData<"MissionApproved">,
): MissionState {
  return { ...mission, stage: "approved", task_ids };
}

function withStage(mission: MissionState): MissionState {
  if (!isUndecided(mission) || mission.plan === undefined) return mission;
  const isClear = mission.plan.parts.every(({ clear }) => clear);
  return { ...mission, stage: isClear ? "awaiting_approval" : "clarifying" };
}

/** The mission after a person's update. */
export function withUpdate(
  mission: MissionState,
  {
    priority = mission.priority,
    labels = mission.labels,
    on_failure,
    after = mission.after,
  }: EventData<"MissionUpdated">,
): MissionState {
  const { plan } = mission;
  return {
    ...mission,
    priority,
    after,
    ...(labels === undefined ? {} : { labels }),
    ...(plan === undefined || on_failure === undefined ? {} : { plan: { ...plan, on_failure } }),
  };
}
