/** Operators in the log: added, removed, void with the epoch; and which actors are one person. */
import { describe, expect, it } from "vitest";
import { initialState, operatorsOf, type State } from "../../src/index.ts";
import { knownActor, personOf } from "../../src/operator/operators.ts";
import { phoneLink, phoneLinkStatus } from "../../src/phone-link/phone-link.ts";
import { given, ids, life, stateAfter, storyCommand } from "../../src/testing/index.ts";

const add = (name: string, change: object = {}) =>
  ({
    kind: "AddOperator",
    name,
    role: "operator",
    token_digest: "a".repeat(64),
    github_login: null,
    is_owner: false,
    ...change,
  }) as const;
const submitted = given([], stateAfter("submitted", initialState));

describe("an operator", () => {
  it("adds an operator once, and again only after a removal or once the token is void", () => {
    const added = submitted.when(storyCommand(add("anna"))).then("OperatorAdded");
    expect(operatorsOf(added.state)).toMatchObject([{ name: "anna", role: "operator", added_by: "operator" }]);
    added.when(storyCommand(add("anna", { role: "admin" }))).thenRefused("known-operator");
    added.when(storyCommand({ kind: "RemoveOperator", name: "ben" })).thenRefused("unknown-operator");
    const removed = added.when(storyCommand({ kind: "RemoveOperator", name: "anna" })).then("OperatorRemoved");
    expect(operatorsOf(removed.state)).toEqual([]);
    removed.when(storyCommand(add("anna"))).then("OperatorAdded");
    const accepted = { ...added.state, system: { ...added.state.system, epoch: added.state.system.epoch + 1 } };
    const again = given([], accepted)
      .when(storyCommand(add("anna", { role: "admin" })))
      .then("OperatorAdded");
    expect(operatorsOf(again.state)).toMatchObject([{ name: "anna", role: "admin", epoch: accepted.system.epoch }]);
  });

  it("refuses decisions of an operator after the removal, or once the log was accepted as it is", () => {
    const reject = storyCommand({ kind: "RejectMission", mission_id: ids.mission, reason: null }, "operator:anna");
    submitted.when(reject).thenRefused("operator-removed");
    const added = submitted.when(storyCommand(add("anna"))).then("OperatorAdded");
    added.when(reject).then("MissionRejected");
    const epoch = added.state.system.epoch + 1;
    given([], { ...added.state, system: { ...added.state.system, epoch } })
      .when(reject)
      .thenRefused("operator-removed");
  });

  it("gives each login to one operator, and lets only the owner mark an operator as the owner", () => {
    const added = submitted.when(storyCommand(add("anna", { github_login: "anna-b" }))).then("OperatorAdded");
    added.when(storyCommand(add("ben", { github_login: "anna-b" }))).thenRefused("known-operator");
    added.when(storyCommand(add("ben", { is_owner: true }), "operator:anna")).thenRefused("role-missing");
    added.when(storyCommand(add("ben", { is_owner: true }))).then("OperatorAdded");
  });
});

it("treats an operator and their GitHub login as one person, the owner under a name too, and the phone as nobody", () => {
  const agent = add("claude", { role: "agent" });
  const state = [add("anna", { github_login: "anna-b" }), add("me", { is_owner: true }), agent].reduce<State>(
    (before, body) => given([], before).when(storyCommand(body)).then("OperatorAdded").state,
    submitted.state,
  );
  const person = (actor: string) => personOf(state, actor);
  expect(person("github:Anna-B")).toBe(person("operator:anna"));
  expect(person("operator:me")).toBe(person("operator"));
  // An agent counts as the person who added it, so that it can't be the second person beside them.
  expect(person("operator:claude")).toBe(person("operator"));
  expect(person("operator:anna")).not.toBe(person("operator"));
  expect([person("github:else"), person("phone")]).toEqual(["github:else", null]);
  expect([knownActor(state, "github:anna-b"), knownActor(state, "github:else")]).toEqual([
    "operator:anna (github:anna-b)",
    "github:else",
  ]);
});

it("counts a phone link as its maker and ends it with that operator, but not another operator's", () => {
  const expires_at = "2027-01-01T00:00:00.000Z";
  const make = (link_id: string, actor: string) => storyCommand({ kind: "MakePhoneLink", link_id, expires_at }, actor);
  const made = submitted
    .when(storyCommand(add("anna", { role: "admin" })))
    .then("OperatorAdded")
    .when(make("l-aaaaaaaaaaaaaaaa", "operator:anna"))
    .then("PhoneLinkMade")
    .when(make("l-bbbbbbbbbbbbbbbb", "operator"))
    .then("PhoneLinkMade");
  const statuses = ({ system }: State) =>
    ["l-aaaaaaaaaaaaaaaa", "l-bbbbbbbbbbbbbbbb"].map((id) => {
      const link = phoneLink(system, id);
      return link === undefined ? null : phoneLinkStatus(system, link, "2026-06-01T00:00:00.000Z");
    });
  expect(personOf(made.state, "phone/l-aaaaaaaaaaaaaaaa")).toBe("operator:anna");
  expect(statuses(made.state)).toEqual(["open", "open"]);
  const removed = made.when(storyCommand({ kind: "RemoveOperator", name: "anna" })).then("OperatorRemoved");
  expect(statuses(removed.state)).toEqual(["revoked", "open"]);
  const again = removed.when(storyCommand(add("anna", { role: "viewer" }))).then("OperatorAdded");
  expect(statuses(again.state)).toEqual(["revoked", "open"]);
});

it("stores who decided and through which channel, but no decision without a channel, as earlier versions wrote it", () => {
  const approve = { ...life["approved"], mission_id: ids.mission } as never;
  const named = submitted.when({ ...storyCommand(approve), way: "terminal" }).then("MissionApproved", "TaskPlanned");
  const decisions = Object.values(named.state.missions)[0]?.decisions;
  expect(decisions).toMatchObject([{ what: "approved", by: "operator", way: "terminal" }]);
  const before = submitted.when(storyCommand(approve)).then("MissionApproved", "TaskPlanned");
  expect(Object.values(before.state.missions)[0]).not.toHaveProperty("decisions");
});
