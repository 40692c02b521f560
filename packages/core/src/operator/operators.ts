/**
 * Operators: who is an operator, decisions to add and remove them, and applying these. This file sees digests of tokens, never a token.
 *
 * Folder: operators, and whether a person may approve.
 */
import {
  githubLoginOf,
  type OperatorRole,
  operatorActor,
  operatorNameOf,
  ownerActor,
  phoneActor,
} from "@aedev/contracts";
import type { OperatorDocument } from "@aedev/contracts/api";
import { type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { FoldedEvent } from "../model/event.ts";
import type { OperatorState } from "../model/person-state.ts";
import { linkOfAuthor } from "../model/person-state.ts";
import { entityById, type State, type SystemState } from "../model/state.ts";

type OperatorCommand = CommandOf<"AddOperator" | "RemoveOperator">;
type OperatorEvent = Extract<FoldedEvent, { type: "OperatorAdded" | "OperatorRemoved" }>;
type WithSystem = Pick<State, "system">;

const operatorsMax = 100;

/** Adds an operator, gives an operator with a void token a new one, or removes an operator. */
export function decideOperator(command: OperatorCommand, state: State): Decision {
  const known = operatorOf(state, command.name);
  if (command.kind === "RemoveOperator")
    return known === undefined
      ? unknownOperator(command.name)
      : events({ stream: "system", type: "OperatorRemoved", data: { name: known.name, ...deciderOf(command) } });
  if (known !== undefined && isInForce(state, known))
    return refuse(
      "known-operator",
      `there is an operator ${known.name} already`,
      `for a new token or another role: aedev operator remove ${known.name} && aedev operator add ${known.name}`,
    );
  const { name, role, token_digest, github_login, is_owner } = command;
  if (is_owner && command.actor !== ownerActor)
    return refuse("role-missing", "only the owner of the home can say who is the owner", "leave --owner out");
  const others = operatorsOf(state).filter((other) => other.name !== name);
  if (others.length >= operatorsMax)
    return refuse("known-operator", `there are ${others.length} operators already`, "aedev operator remove NAME");
  const sameLogin = others.find((other) => github_login !== null && other.github_login === github_login);
  if (sameLogin !== undefined)
    return refuse("known-operator", `${github_login} at GitHub is ${sameLogin.name} already`, "aedev operator list");
  return events({
    stream: "system",
    type: "OperatorAdded",
    data: {
      ...{ name, role, token_digest, github_login, is_owner },
      epoch: state.system.epoch,
      ...deciderOf(command),
    },
  });
}

function unknownOperator(name: string): Refusal {
  return refuse("unknown-operator", `there is no operator ${name}`, "aedev operator list");
}

/** The system after one of these events. */
export function evolveOperators(system: SystemState, event: OperatorEvent): SystemState {
  const { [event.data.name]: _replaced, ...others } = system.operators ?? {};
  if (event.type === "OperatorRemoved")
    return { ...system, operators: others, ...withoutKeysOf(system, operatorActor(event.data.name)) };
  const { by, way: _way, ...operator } = event.data;
  const added = { ...operator, added_at: event.recorded_at, added_by: by };
  return { ...system, operators: { ...others, [operator.name]: added } };
}

/** The links and signed-in browsers without those of an operator who was removed: another operator who later gets the name must not revive them. */
function withoutKeysOf(
  { phone_links: links, browser_sessions: sessions }: SystemState,
  maker: string,
): Pick<SystemState, "phone_links" | "browser_sessions"> {
  return {
    ...(links === undefined
      ? {}
      : { phone_links: links.map((link) => (link.by === maker ? { ...link, revoked: true } : link)) }),
    ...(sessions === undefined ? {} : { browser_sessions: sessions.filter(({ by }) => by !== maker) }),
  };
}

/** All operators by name, including those with a void token. */
export function operatorsOf({ system }: WithSystem): OperatorState[] {
  return Object.values(system.operators ?? {}).sort((left, right) => (left.name < right.name ? -1 : 1));
}

function operatorOf({ system }: WithSystem, name: string): OperatorState | undefined {
  return entityById(system.operators ?? {}, name);
}

/** False if the log was accepted as it is after the operator was added: the log may lack the removal of this operator (SECURITY T13, T33). */
export function isInForce({ system }: WithSystem, operator: OperatorState): boolean {
  return operator.epoch === system.epoch;
}

/** The role of an actor: the owner's, an operator's own, and the lowest for anybody else. */
export function roleOfActor(state: WithSystem, actor: string): OperatorRole {
  const name = operatorNameOf(actor);
  const operator = name === null ? undefined : operatorOf(state, name);
  return actor === ownerActor ? "admin" : (operator?.role ?? "viewer");
}

function operatorOfLogin(state: WithSystem, login: string): OperatorState | undefined {
  return operatorsOf(state).find(({ github_login }) => github_login === login.toLowerCase());
}

/** Refuses a command of an operator who was removed meanwhile; null: the actor may act. */
export function refuseRemoved({ actor }: { readonly actor: string }, state: WithSystem): Refusal | null {
  const name = operatorNameOf(actor);
  if (name === null) return null;
  const operator = operatorOf(state, name);
  if (operator !== undefined && isInForce(state, operator)) return null;
  return refuse("operator-removed", `${name} is not an operator any more`, "aedev operator list");
}

/**
 * The person behind an actor, in one spelling. A GitHub login and its operator are one person, and so are the owner and the operator marked as the
 * owner. A phone link and an agent stand for the person who made it. Null: the person is unknown, or the link was forgotten.
 */
export function personOf(state: WithSystem, actor: string): string | null {
  if (actor === phoneActor) return null;
  const link = linkOfAuthor(actor);
  if (link !== null) {
    const maker = state.system.phone_links?.find(({ link_id }) => link_id === link)?.by;
    return maker === undefined ? null : personOf(state, maker);
  }
  const login = githubLoginOf(actor);
  const name = login === null ? operatorNameOf(actor) : (operatorOfLogin(state, login)?.name ?? null);
  if (name === null) return login === null ? actor : `github:${login}`;
  const operator = operatorOf(state, name);
  if (operator?.role === "agent") return personOf(state, operator.added_by);
  return operator?.is_owner === true ? ownerActor : operatorActor(name);
}

/** An actor as clients show it. A GitHub login is shown with its operator, e.g. "operator:anna (github:anna-b)". */
export function knownActor(state: WithSystem, actor: string): string {
  const login = githubLoginOf(actor);
  const operator = login === null ? undefined : operatorOfLogin(state, login);
  return operator === undefined ? actor : `${operatorActor(operator.name)} (${actor})`;
}

/** An operator as clients show it. */
export function operatorDocument(state: WithSystem, operator: OperatorState): OperatorDocument {
  const { name, role, github_login, is_owner, added_at, added_by } = operator;
  return { name, role, github_login, is_owner, added_at, added_by, token_works: isInForce(state, operator) };
}
