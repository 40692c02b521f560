/** Applies the events of a plan to its mission, whose stage follows from its parts until a person decides. */
import type { EventData } from "@aedev/contracts/events";
import type { FoldedEvent } from "../model/event.ts";
import { isUndecided, type MissionState } from "../model/state.ts";

export function evolvePlan(
  mission: MissionState,
  event: Extract<FoldedEvent, { type: "MissionPlanned" | "PlanPartClarified" }>,
): MissionState {
  if (event.type === "MissionPlanned") return withStage({ ...mission, plan: event.data });
  const { plan } = mission;
  const { part, clear, specification, clarified_spec } = event.data;
  if (plan === undefined) throw new TypeError(`${mission.mission_id} has no plan`);
  const parts = plan.parts.map((one) => (one.mission_id === part ? { ...one, clear } : one));
  return withStage({ ...mission, specification, clarified_spec, plan: { ...plan, parts } });
}

function withStage(mission: MissionState): MissionState {
  if (!isUndecided(mission) || mission.plan === undefined) return mission;
  const isClear = mission.plan.parts.every(({ clear }) => clear);
  return { ...mission, stage: isClear ? "awaiting_approval" : "clarifying" };
}

/** The mission after a person's update. */
export function withUpdate(
  mission: MissionState,
  { priority = mission.priority, labels = mission.labels, on_failure }: EventData<"MissionUpdated">,
): MissionState {
  const { plan } = mission;
  return {
    ...mission,
    priority,
    ...(labels === undefined ? {} : { labels }),
    ...(plan === undefined || on_failure === undefined ? {} : { plan: { ...plan, on_failure } }),
  };
}
