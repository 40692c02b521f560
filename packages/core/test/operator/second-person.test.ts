/** Who may approve what under the policy's rules; a person who may is tested beside one who may not. */
import type { ApprovalRules } from "@aedev/contracts/events";
import { describe, expect, it } from "vitest";
import { approvers, initialState, type State, signInNeed } from "../../src/index.ts";
import { gated, given, ids, life, stateAfter, storyCommand } from "../../src/testing/index.ts";

const operators = Object.fromEntries(
  (
    [
      ["anna", "operator", "anna-b", false],
      ["ben", "operator", null, false],
      ["eva", "viewer", null, false],
      ["me", "admin", null, true],
    ] as const
  ).map(([name, role, github_login, is_owner]) => [
    name,
    {
      ...{ name, role, github_login, is_owner, token_digest: "a".repeat(64), epoch: 1 },
      ...{ added_at: "2026-01-02T03:04:05.678Z", added_by: "operator" },
    },
  ]),
);
const withRules = (state: State, rules: Partial<ApprovalRules>): State => ({
  ...state,
  system: {
    ...state.system,
    epoch: 1,
    operators,
    approvals: { require_second_person: false, require_sign_in_above: "high", ...rules },
  },
});
const by = (author: string, state: State, change: object = {}): State => {
  const mission = state.missions[ids.mission];
  if (mission === undefined) throw new Error("the story has a mission");
  return { ...state, missions: { [ids.mission]: { ...mission, author, ...change } } };
};
const submitted = stateAfter("submitted", initialState);
const asked = stateAfter("gated", initialState, { gated: gated("ask") });
const approveMission = (actor: string) =>
  storyCommand({ ...life["approved"], mission_id: ids.mission } as never, actor);
const approveChange = (actor: string) =>
  storyCommand({ kind: "ApproveLanding", task_id: ids.task, digest: null }, actor);

describe("a second person", () => {
  const rule = { require_second_person: true };
  const cases = [
    { author: "operator", same: ["operator", "operator:me"], others: ["operator:anna", "operator:ben"] },
    { author: "operator:me", same: ["operator", "operator:me"], others: ["operator:anna"] },
    { author: "operator:anna", same: ["operator:anna"], others: ["operator", "operator:ben"] },
    { author: "github:Anna-B", same: ["operator:anna"], others: ["operator:ben", "operator"] },
  ];
  it.each(cases)(
    "lets a second person approve what $author wrote, but neither the author nor somebody with the phone",
    (row) => {
      const specification = given([], by(row.author, withRules(submitted, rule)));
      const change = given([], by(row.author, withRules(asked, rule)));
      for (const actor of row.same) {
        specification.when(approveMission(actor)).thenRefused("same-person");
        change.when(approveChange(actor)).thenRefused("same-person");
      }
      for (const actor of row.others) {
        specification.when(approveMission(actor)).then("MissionApproved", "TaskPlanned");
        change.when(approveChange(actor)).then("LandingApproved");
      }
      specification.when(approveMission("phone")).thenRefused("sign-in-needed");
      change.when(approveChange("phone")).thenRefused("sign-in-needed");
    },
  );

  it("lets nobody approve who wrote the issue that another labeled, or who renamed or edited it", () => {
    const origin = { github: { text_by: ["anna-b", "else"] } };
    const labeled = given([], by("operator:ben", withRules(submitted, rule), { origin }));
    for (const actor of ["operator:anna", "operator:ben"])
      labeled.when(approveMission(actor)).thenRefused("same-person");
    labeled.when(approveMission("operator")).then("MissionApproved", "TaskPlanned");
  });

  it("lets nobody approve a mission from a phone link whose maker is unknown", () => {
    const link = { link_id: "l-aaaaaaaaaaaaaaaa", by: "operator:anna", revoked: false };
    const author = `phone/${link.link_id}`;
    const forgotten = by(author, withRules(submitted, rule));
    const known = { ...forgotten, system: { ...forgotten.system, phone_links: [link as never] } };
    for (const actor of ["operator:anna", "operator:ben", "operator"])
      given([], forgotten).when(approveMission(actor)).thenRefused("same-person");
    given([], known).when(approveMission("operator:anna")).thenRefused("same-person");
    given([], known).when(approveMission("operator:ben")).then("MissionApproved", "TaskPlanned");
  });

  it("lets nobody approve a change who told its coder something", () => {
    const state = by("operator", withRules(asked, rule));
    const tasks = { [ids.task]: { ...state.tasks[ids.task], told: [{ text: "open the port", by: "operator:ben" }] } };
    const told = given([], { ...state, tasks } as State);
    told.when(approveChange("operator:ben")).thenRefused("same-person");
    told.when(approveChange("operator:anna")).then("LandingApproved");
  });

  it("lets nobody approve who sent the change back or answered a question", () => {
    const state = by("operator", withRules(asked, rule), { writers: ["operator:anna"] });
    given([], state).when(approveChange("operator:anna")).thenRefused("same-person");
    given([], state).when(approveChange("operator:ben")).then("LandingApproved");
    // A login is foreign text: one that looks like a list names one person.
    const reviews = ["github:anna-b", "github:else", "github:x, operator:bob"].map((by, index) => ({
      kind: "review",
      id: index + 1,
      by,
      digest: "a".repeat(64),
    }));
    const reviewed = { by: "github:several", task_id: ids.task, specification: blob(), reviews } as never;
    const amended = given([{ stream: `mission/${ids.mission}`, type: "SpecificationAmended", data: reviewed }], state);
    expect(amended.state.missions[ids.mission]?.writers).toEqual([
      "operator:anna",
      "github:anna-b",
      "github:else",
      "github:x, operator:bob",
    ]);
    const words = { kind: "RequestChange", task_id: ids.task, digest: null, words: "more", specification: blob() };
    const send = (actor: string) => given([], state).when(storyCommand(words as never, actor));
    send("phone").thenRefused("sign-in-needed");
    const after = send("operator:ben").then("SpecificationAmended", "ChangeRequested").state;
    expect(after.missions[ids.mission]?.writers).toEqual(["operator:anna", "operator:ben"]);
  });

  it("lets the author and somebody with the phone approve if the policy requires no second person", () => {
    for (const state of [withRules(asked, {}), asked])
      for (const actor of ["operator", "phone"])
        given([], by("operator", state)).when(approveChange(actor)).then("LandingApproved");
  });

  it("counts only persons who may approve: viewers, and the owner under a name, add none", () => {
    expect(approvers(withRules(submitted, rule))).toEqual(["operator", "operator:anna", "operator:ben"]);
    expect(approvers(submitted)).toEqual(["operator"]);
  });
});

describe("sign-in", () => {
  const levels = ["low", "medium", "high"] as const;
  it("requires sign-in above the policy's level, for unknown risk above every level, and never at level high", () => {
    for (const limit of ["none", ...levels] as const) {
      const state = withRules(asked, { require_sign_in_above: limit });
      const needed = [...levels, null].filter((level) => {
        const gate = { ...state.tasks[ids.task]?.gate, level } as never;
        return signInNeed(state, { kind: "landing", mission: undefined, task: { gate } }) !== null;
      });
      const above = [...levels.slice(["none", ...levels].indexOf(limit)), null];
      expect([limit, needed]).toEqual([limit, limit === "high" ? [] : above]);
    }
  });

  it("refuses an approval without sign-in from the phone but not from a person; a specification needs sign-in only if everything does", () => {
    const state = (limit: "none" | "low") => given([], withRules(asked, { require_sign_in_above: limit }));
    state("none").when(approveChange("phone")).thenRefused("sign-in-needed");
    state("none").when(approveChange("operator:anna")).then("LandingApproved");
    state("low").when(approveChange("phone")).then("LandingApproved");
    const reject = storyCommand({ kind: "RejectTask", task_id: ids.task, reason: null }, "phone");
    state("none").when(reject).then("TaskRejected");
    for (const [limit, code] of [
      ["none", "sign-in-needed"],
      ["low", null],
    ] as const) {
      const waiting = given([], withRules(submitted, { require_sign_in_above: limit })).when(approveMission("phone"));
      if (code === null) waiting.then("MissionApproved", "TaskPlanned");
      else waiting.thenRefused(code);
    }
  });
});

function blob() {
  return { digest: "b".repeat(64), size_bytes: 1, media_type: "application/json" };
}
