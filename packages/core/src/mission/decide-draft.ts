/** Decides on drafts of a mission: a person asks for a draft, its run ends, the person accepts it. ADR 0022. */

import { type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import { type DraftState, entityById, isUndecided, type MissionState, openDraft, type State } from "../model/state.ts";
import { notAwaiting, showHint, streamOf } from "./decide-mission.ts";
import { planChangeOf } from "./plan.ts";

/** The most drafts of one mission: a fourth draft hardly settles what three did not. */
const draftsMax = 3;

type DraftCommand = CommandOf<"RequestDraft" | "EndDraft" | "AcceptDraft">;

export function decideDraft(command: DraftCommand, state: State): Decision {
  const mission = entityById(state.missions, command.mission_id);
  if (mission === undefined)
    return refuse("unknown-mission", `there is no mission ${command.mission_id}`, "aedev mission list");
  switch (command.kind) {
    case "RequestDraft":
      return requestDraft(command, mission, state);
    case "EndDraft":
      return endDraft(command, mission);
    case "AcceptDraft":
      return acceptDraft(command, mission, state);
  }
}

/** A draft helps to word a mission, so the mission must not be approved yet. */
function requestDraft(command: CommandOf<"RequestDraft">, mission: MissionState, state: State): Decision {
  const { mission_id, repository, drafts = [] } = mission;
  if (!isUndecided(mission)) return notAwaiting(mission);
  if (mission.plan !== undefined)
    return refuse("whole-plan", "ask for a draft of a part, not of the whole plan", showHint(mission));
  if (openDraft(mission) !== undefined)
    return refuse("draft-under-way", `a draft of mission ${mission_id} is under way`, showHint(mission));
  if (drafts.length >= draftsMax)
    return refuse("drafts-used-up", `mission ${mission_id} had its ${draftsMax} drafts`, showHint(mission));
  if (state.system.pause !== undefined)
    return refuse("work-paused", "all work is paused: no run starts", "aedev resume");
  if (state.repositories[repository]?.paused === true)
    return refuse("repository-paused", `${repository} is paused: no run starts`, `aedev repo resume ${repository}`);
  const { run_id, tokens, of } = command;
  if (tokens <= 0)
    return refuse("no-tokens", "the tokens of the day are used up or reserved for runs under way", "aedev status");
  return events({
    stream: streamOf(mission),
    type: "DraftRequested",
    data: {
      ...deciderOf(command),
      run_id: run_id as DraftState["run_id"],
      tokens,
      generation: state.system.generations.execution,
      ...(of === undefined ? {} : { of }),
    },
  });
}

/** The usage of a draft counts even if the mission was decided meanwhile. */
function endDraft(command: CommandOf<"EndDraft">, mission: MissionState): Decision {
  const { run_id, base_commit, prompt, usage, journal, result } = command;
  if (openDraft(mission)?.run_id !== run_id)
    return refuse("no-draft", `no draft ${run_id} of mission ${mission.mission_id} is under way`);
  return events({
    stream: streamOf(mission),
    type: "DraftEnded",
    data: { run_id, base_commit, prompt, usage, journal, result },
  });
}

function acceptDraft(command: CommandOf<"AcceptDraft">, mission: MissionState, state: State): Decision {
  const refused = refuseAcceptance(mission, command, "drafted");
  if (refused !== null) return refused;
  if (command.answers.length === 0)
    return refuse("bad-answer", "nothing of the draft can count; answer the questions instead", showHint(mission));
  const { run_id, answers, clarity, criteria, specification, clarified_spec } = command;
  const planned = planChangeOf(command, mission, state);
  if ("kind" in planned) return planned;
  const accepted: NewEvent = {
    stream: streamOf(mission),
    type: "DraftAccepted",
    data: {
      ...deciderOf(command),
      run_id: run_id as DraftState["run_id"],
      answers: [...answers],
      clarity,
      criteria,
      specification,
      clarified_spec,
    },
  };
  return events(accepted, ...planned);
}

/** Why the mission's draft can't be accepted; null: it can. `outcome`: what it must have proposed. */
export function refuseAcceptance(
  mission: MissionState,
  { run_id, spec_digest }: { readonly run_id: string; readonly spec_digest: string },
  outcome: "drafted" | "planned",
): Refusal | null {
  if (!isUndecided(mission)) return notAwaiting(mission);
  const draft = mission.drafts?.at(-1);
  if (draft?.run_id !== run_id || draft.ended?.result.outcome !== outcome)
    return refuse("no-draft", `mission ${mission.mission_id} has no draft ${run_id}`, showHint(mission));
  if (draft.accepted) return refuse("no-draft", `the draft ${run_id} was accepted before`, showHint(mission));
  if (spec_digest !== mission.specification.digest)
    return refuse("stale", "the mission was answered meanwhile; look at it again", showHint(mission));
  return null;
}
