/** Decides on a submitted plan: the mission and its parts together, or nothing. The mission is a new one, or the one for which a coder proposed the parts. */
import type { EventData } from "@aedev/contracts/events";
import { type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import { entityById, type State } from "../model/state.ts";
import { refuseUnsignedWords } from "../operator/second-person.ts";
import { refuseAcceptance } from "./decide-draft.ts";
import { submitMission } from "./decide-mission.ts";
import { plannedEvent, refuseParts } from "./plan.ts";

export function decidePlan(command: CommandOf<"SubmitPlan">, state: State): Decision {
  const { mission, parts, accepts } = command;
  const envelope = { command_id: command.command_id, actor: command.actor, at: command.at };
  const sent = command.way === undefined ? envelope : { ...envelope, way: command.way };
  const refused = refuseParts(parts);
  if (refused !== null) return refused;
  const submission = { ...mission, ...sent };
  const whole =
    accepts === undefined ? submitMission(submission, { state }) : acceptPlan(submission, { accepts, state });
  if (whole.kind === "refused") return whole;
  const submitted: NewEvent[] = [...whole.events, plannedEvent(command)];
  const coming = new Set<string>();
  for (const { name, mission: part } of parts) {
    const decision = submitMission({ ...part, ...sent }, { state, coming, plan: mission.mission_id });
    if (decision.kind === "refused") return { ...decision, reason: `${name}: ${decision.reason}` };
    submitted.push(...decision.events);
    coming.add(part.mission_id);
  }
  return events(...submitted);
}

/** The mission gets the specification of the plan. */
function acceptPlan(
  command: CommandOf<"SubmitMission">,
  { accepts, state }: { accepts: NonNullable<CommandOf<"SubmitPlan">["accepts"]>; state: State },
): Decision {
  const mission = entityById(state.missions, command.mission_id);
  if (mission === undefined)
    return refuse("unknown-mission", `there is no mission ${command.mission_id}`, "aedev mission list");
  const refused = refuseUnsignedWords(state, command.actor) ?? refuseAcceptance(mission, accepts, "planned");
  if (refused !== null) return refused;
  const { clarity, criteria, specification, clarified_spec } = command;
  const run_id = accepts.run_id as EventData<"DraftAccepted">["run_id"];
  const data = { ...deciderOf(command), run_id, answers: [], clarity, criteria, specification, clarified_spec };
  return events({ stream: `mission/${mission.mission_id}`, type: "DraftAccepted", data });
}
