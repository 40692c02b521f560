/** The order in which a person wants missions to start. */
import type { MissionStatus } from "@aedev/contracts";
import { type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import { entityById, type MissionState, type State } from "../model/state.ts";
import { missionStatus, tasksOf } from "../model/status.ts";

const notStarted: readonly MissionStatus[] = ["clarifying", "awaiting_approval", "approved"];

/** Refuses missions that are unknown, or that have started. The order that is in force already changes nothing. */
export function orderMissions(command: CommandOf<"OrderMissions">, state: State): Decision {
  const missions: MissionState["mission_id"][] = [];
  for (const id of new Set(command.missions)) {
    const mission = entityById(state.missions, id);
    if (mission === undefined) return refuse("unknown-mission", `there is no mission ${id}`, "aedev mission list");
    const status = missionStatus(mission, tasksOf(state, mission));
    if (!notStarted.includes(status))
      return refuse(
        "not-awaiting",
        `mission ${id} does not wait for its start: it is ${status}`,
        `aedev mission show ${id}`,
      );
    missions.push(mission.mission_id);
  }
  if ((state.system.start_order ?? []).join() === missions.join()) return events();
  return events({ stream: "system", type: "MissionsOrdered", data: { missions, ...deciderOf(command) } });
}

/** The ordered missions that still wait for their start. */
export function orderedMissions(state: State): string[] {
  return (state.system.start_order ?? []).filter((id) => {
    const mission = entityById(state.missions, id);
    return mission !== undefined && notStarted.includes(missionStatus(mission, tasksOf(state, mission)));
  });
}
