/** What a new label means for earlier missions of the same issue: an unapproved mission is cancelled, and a mission under way refuses the new one. */
import type { MissionOrigin } from "@aedev/contracts/events";
import { type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import type { NewEvent } from "../model/event.ts";
import { isUndecided, type MissionState, type State } from "../model/state.ts";
import { missionStatus, tasksOf } from "../model/status.ts";

const endedMissions: readonly string[] = ["landed", "rejected", "cancelled"];

/** The events that end the earlier missions, or the refusal. */
export function supersedeIssue(
  origin: MissionOrigin,
  command: CommandOf<"SubmitMission">,
  state: State,
): { readonly kind: "events"; readonly events: readonly NewEvent[] } | Refusal {
  const earlier = openMissionsOfIssue(state, { repository: command.repository, issue: origin.github.issue });
  const running = earlier.find((mission) => !isUndecided(mission));
  if (running !== undefined)
    return refuse(
      "known-mission",
      `mission ${running.mission_id} of this issue is under way`,
      `aedev mission show ${running.mission_id}`,
    );
  return {
    kind: "events",
    events: earlier.map(({ mission_id }) => ({
      stream: `mission/${mission_id}`,
      type: "MissionCancelled",
      data: deciderOf(command),
    })),
  };
}

function openMissionsOfIssue(
  state: State,
  { repository, issue }: { readonly repository: string; readonly issue: number },
): MissionState[] {
  return Object.values(state.missions).filter(
    (mission) =>
      mission.repository === repository &&
      mission.origin?.github.issue === issue &&
      !endedMissions.includes(missionStatus(mission, tasksOf(state, mission))),
  );
}
