/** Whether an actor may approve: the writer of a mission may not, if the policy asks for a second person; and who may. */
import { actorText, mayAct, ownerActor, phoneActor } from "@aedev/contracts";
import type { ApprovalRules } from "@aedev/contracts/events";
import { type Refusal, refuse } from "../model/command.ts";
import type { MissionState, State, TaskState } from "../model/state.ts";
import { isInForce, operatorsOf, personOf } from "./operators.ts";

type WithSystem = Pick<State, "system">;
/** What is approved: the specification of a mission, or the change of a task. */
export type Approvable =
  | { readonly kind: "specification"; readonly mission: MissionState }
  | {
      readonly kind: "landing";
      readonly mission: MissionState | undefined;
      readonly task: Pick<TaskState, "gate" | "told">;
    };

/** The rules of a policy without any: a person approves, and a token of the phone is enough. */
const usualRules: ApprovalRules = { require_second_person: false, require_sign_in_above: "high" };

function approvalRulesOf({ system }: WithSystem): ApprovalRules {
  return system.approvals ?? usualRules;
}

/** Why an approval on the phone needs an operator's token; null: it needs none. A rejection never needs one. */
export function signInNeed(state: WithSystem, approvable: Approvable): "second-person" | "risk" | null {
  const { require_second_person, require_sign_in_above: limit } = approvalRulesOf(state);
  if (require_second_person) return "second-person";
  if (limit === "high") return null;
  if (approvable.kind === "specification") return limit === "none" ? "risk" : null;
  // A change of unknown risk is above every level.
  const level = approvable.task.gate?.level ?? null;
  const levels = ["low", "medium", "high"] as const;
  return level !== null && limit !== "none" && levels.indexOf(level) <= levels.indexOf(limit) ? null : "risk";
}

/** The refusal of an approval by `actor`; null: the actor may approve. */
export function refuseApproval(state: WithSystem, actor: string, approvable: Approvable): Refusal | null {
  const need = signInNeed(state, approvable);
  if (actor === phoneActor && need !== null) return refuse("sign-in-needed", signInReasons[need], openLink);
  if (!approvalRulesOf(state).require_second_person) return null;
  const person = personOf(state, actor);
  // Who told the coder something shaped the change.
  const tellers = approvable.kind === "landing" ? (approvable.task.told ?? []).map(({ by }) => by) : [];
  const wrote = [...writersOf(approvable.mission), ...tellers].find((writer) => {
    const known = personOf(state, writer);
    return known === null || known === person;
  });
  // Without the mission, its writers are unknown.
  if (approvable.mission !== undefined && person !== null && wrote === undefined) return null;
  return refuse(
    "same-person",
    `${actorText(actor)} wrote a part of this mission or told its coder something, or it is not known who did, so another person must approve it (approvals.require_second_person)`,
    "another operator approves it: aedev operator list",
  );
}

/** The refusal of instructions from an unknown person, if the policy needs to know the writer; null: they are allowed. */
export function refuseUnsignedWords(state: WithSystem, actor: string): Refusal | null {
  if (actor !== phoneActor || !approvalRulesOf(state).require_second_person) return null;
  return refuse(
    "sign-in-needed",
    "these words must name who wrote them, because a second person is required: sign in, or write them at the terminal",
    "aedev mission answer <mission>, or aedev task send-back <task> --reason TEXT",
  );
}

/** Whether a tap on an offer (to take a change back, to raise a budget) needs an operator's token: it starts work, and a person who asks for a revert counts as a writer. */
export function offerNeedsSignIn(state: WithSystem): boolean {
  const { require_second_person, require_sign_in_above } = approvalRulesOf(state);
  return require_second_person || require_sign_in_above === "none";
}

/** The refusal of a tap on an offer by an unknown person; null: it is allowed. */
export function refuseUnsignedOffer(
  state: WithSystem,
  actor: string,
  what: "takes a change back" | "raises a budget",
): Refusal | null {
  if (actor !== phoneActor || !offerNeedsSignIn(state)) return null;
  return refuse("sign-in-needed", `whoever ${what} must be named here: sign in to do it`, openLink);
}

const openLink = "open the link of the message and sign in with your token";
const signInReasons = {
  "second-person": "this approval must name a person, because a second person is required: sign in to approve",
  risk: "this approval needs sign-in, because of its risk: sign in to approve",
} as const;

/** Everybody who wrote a part of the mission's specification: its author, whoever answered its questions, accepted its draft or sent it or its change back, and reviewers at GitHub. */
function writersOf(mission: MissionState | undefined): readonly string[] {
  if (mission === undefined) return [];
  const ofIssue = mission.origin?.github.text_by ?? [];
  return [mission.author, ...(mission.writers ?? []), ...ofIssue.map((login) => `github:${login}`)];
}

/** The persons who may approve: the owner, and operators with a suitable role. */
export function approvers(state: WithSystem): readonly string[] {
  const named = operatorsOf(state).filter(
    (operator) => isInForce(state, operator) && mayAct(operator.role, "operator"),
  );
  return [...new Set([ownerActor, ...named.flatMap(({ name }) => personOf(state, `operator:${name}`) ?? [])])];
}
