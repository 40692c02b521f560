/** What a command changes: events, or a refusal. Pure, synchronous and total; an unknown id is a refusal like any other. */
import { decideMission } from "../mission/decide-mission.ts";
import { decideTask } from "../task/decide-task.ts";
import type { Command } from "./command.ts";
import { type Decision, events } from "./decision.ts";
import type { State } from "./state.ts";

/** Answers with the events of an accepted command (none where it changes nothing), or the refusal. */
export function decide(command: Command, state: State): Decision {
  switch (command.kind) {
    case "InitializeHome":
      return state.system.home_id === null
        ? events({ stream: "system", type: "HomeInitialized", data: { home_id: command.home_id, epoch: 1 } })
        : events();
    case "LoadPolicy":
      return state.system.policy_digest === command.digest
        ? events()
        : events({ stream: "system", type: "PolicyLoaded", data: { digest: command.digest, policy: command.policy } });
    case "StartPlane": {
      const generation = state.system.generations[command.plane] + 1;
      return events({ stream: "system", type: "PlaneStarted", data: { plane: command.plane, generation } });
    }
    case "ConfigureRepository": {
      const { name, url, target, settings, profile, allow_writes } = command;
      return events({
        stream: `repository/${name}`,
        type: "RepositoryConfigured",
        data: { name, url, target, settings, profile, allow_writes },
      });
    }
    case "SubmitMission":
    case "ApproveMission":
    case "RejectMission":
    case "CancelMission":
      return decideMission(command, state);
    default:
      return decideTask(command, state);
  }
}
