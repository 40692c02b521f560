/** A new version of a plan keeps the parts that a person left as they were, replaces or cancels others that have not started, and needs a new approval. */
import { describe, expect, it } from "vitest";
import { type CommandBody, initialState, type State, type TaskState } from "../../src/index.ts";
import { partChanges, planDifference } from "../../src/mission/plan-difference.ts";
import { mayStart } from "../../src/schedule/fair-order.ts";
import { blob, given, life, stateAfter, stateAfterCommands, storyCommand } from "../../src/testing/index.ts";

type Submission = Extract<CommandBody, { kind: "SubmitMission" }>;
type SubmitPlan = Extract<CommandBody, { kind: "SubmitPlan" }>;
type ReplacePlan = Extract<CommandBody, { kind: "ReplacePlan" }>;
type Replaced = ReplacePlan["parts"][number];

const submission = (id: string, after: string[] = []): Submission => ({
  ...(life["submitted"] as Submission),
  ...{ mission_id: `m-${id}`, after: after.map((name) => `m-${name}`) },
});
const words = (text: string) => blob(text).digest;
/** `second` waits for `first`; `third` waits for nothing. */
const order: Record<string, string[]> = { first: [], second: ["first"], third: [] };
const submitPlan: SubmitPlan = {
  ...{ kind: "SubmitPlan", mission: submission("whole"), on_failure: "stop" },
  parts: Object.entries(order).map(([name, after]) => {
    return { name, after, implied: [], files: [], written: words("1"), mission: submission(name, after) };
  }),
};
const kept = (name: string, change: { waits_for?: string[]; files?: string[] } = {}): Replaced => {
  const { waits_for = (order[name] ?? []).map((other) => `m-${other}`), files = [] } = change;
  return { name, after: order[name] ?? [], implied: [], files, written: words("1"), keeps: `m-${name}`, waits_for };
};
const fresh = (name: string, id: string, after: string[] = order[name] ?? []): Replaced => {
  const mission = { ...submission(id), after: after.map((other) => `m-${other}`) };
  return { name, after, implied: [], files: [], written: words("2"), mission };
};
const seen = blob("5").digest;
const replace = (parts: Replaced[], change: Partial<ReplacePlan> = {}): ReplacePlan => ({
  ...{ kind: "ReplacePlan", mission_id: "m-whole", spec_digest: seen, title: "Whole", on_failure: "stop" },
  ...{ criteria: [{ id: "c1", text: "all parts" }], parts, specification: blob("9"), clarified_spec: blob("a") },
  ...change,
});
const approve = (...names: string[]): CommandBody => ({
  ...{ kind: "ApproveMission", mission_id: "m-whole", spec_digest: null, task_id: "t-whole" },
  part_tasks: names.map((name) => ({ mission_id: `m-${name}`, task_id: `t-${name}` })),
});
const when = (state: State, body: CommandBody, actor?: string) => given([], state).when(storyCommand(body, actor));

const registered = stateAfter("registered", initialState);
const submitted = stateAfterCommands(registered, [submitPlan]);
const approved = stateAfterCommands(submitted, [approve("first", "second", "third")]);
const withTask = (state: State, name: string, change: Partial<TaskState>): State => {
  const task = state.tasks[`t-${name}`];
  if (task === undefined) throw new Error(`there is no task t-${name}`);
  return { ...state, tasks: { ...state.tasks, [task.task_id]: { ...task, ...change } } };
};
const run = { run_id: "r-1" } as TaskState["runs"][number];
const landed = withTask(approved, "first", { status: "landed", landed_commit: "9".repeat(40), runs: [run] });
const stagesOf = ({ missions }: State, ...ids: string[]) => ids.map((id) => missions[`m-${id}`]?.stage);
const startable = (state: State) =>
  Object.values(state.tasks).flatMap((task) =>
    task.status === "planned" && mayStart(state, task) ? [task.task_id] : [],
  );

describe("a new version of a plan", () => {
  it("keeps every part that is unchanged, and awaits approval", () => {
    const state = when(approved, replace([kept("first"), kept("second"), kept("third")])).then("PlanReplaced").state;
    expect(stagesOf(state, "whole", "first", "second")).toEqual(["awaiting_approval", "approved", "approved"]);
    expect(state.missions["m-whole"]).toMatchObject({ specification: blob("9"), plan: { version: 2 } });
    when(state, approve()).then("MissionApproved");
  });

  it("replaces a changed part that has not started, cancels a removed one, and submits a new one", () => {
    const parts = [kept("first"), fresh("second", "again"), fresh("fourth", "fourth", [])];
    const state = when(approved, replace(parts)).then(
      ...(["MissionCancelled", "TaskCancelled", "MissionCancelled", "TaskCancelled"] as const),
      ...(["MissionSubmitted", "MissionSubmitted", "PlanReplaced"] as const),
    ).state;
    expect(stagesOf(state, "second", "third", "again", "fourth")).toEqual([
      ...["cancelled", "cancelled"],
      ...["awaiting_approval", "awaiting_approval"],
    ]);
    expect(state.tasks["t-second"]).toMatchObject({ status: "cancelled" });
    expect(state.tasks["t-second"]?.plan).toBeUndefined();
    const again = stateAfterCommands(state, [approve("again", "fourth")]);
    expect(again.missions["m-whole"]?.task_ids).toEqual(["t-first", "t-again", "t-fourth"]);
    expect(again.missions["m-whole"]?.plan_before).toBeUndefined();
    expect(startable(again)).toEqual(["t-first", "t-fourth"]);
  });

  it("also replaces parts of a plan that nobody has decided about", () => {
    const parts = [kept("first"), kept("second"), fresh("third", "again", [])];
    const state = when(submitted, replace(parts)).then("MissionCancelled", "MissionSubmitted", "PlanReplaced").state;
    expect(stagesOf(state, "third", "again")).toEqual(["cancelled", "awaiting_approval"]);
  });

  it("lets a kept part wait for the mission that replaced its predecessor", () => {
    const parts = [fresh("first", "again", []), kept("second", { waits_for: ["m-again"] }), kept("third")];
    const state = stateAfterCommands(approved, [replace(parts)]);
    expect(state.missions["m-second"]).toMatchObject({ stage: "approved", after: ["m-again"] });
  });

  it("refuses to change or remove a part that has started, and keeps one that landed", () => {
    const running = withTask(approved, "first", { status: "running", runs: [run] });
    for (const state of [running, landed]) {
      when(state, replace([fresh("first", "again", []), kept("second"), kept("third")])).thenRefused("part-started");
      when(state, replace([kept("third")])).thenRefused("part-started");
    }
    const after = when(landed, replace([kept("first"), kept("second")])).then(
      ...(["MissionCancelled", "TaskCancelled", "PlanReplaced"] as const),
    ).state;
    expect(after.tasks["t-first"]).toMatchObject({ status: "landed", plan: "m-whole" });
  });

  it("starts nothing until it is approved", () => {
    expect(startable(landed)).toEqual(["t-second", "t-third"]);
    const undecided = stateAfterCommands(landed, [replace([kept("first"), kept("second"), kept("third")])]);
    expect(startable(undecided)).toEqual([]);
    expect(startable(stateAfterCommands(undecided, [approve()]))).toEqual(["t-second", "t-third"]);
  });

  it("refuses what is stale, ended or no plan, and an approval of the old version", () => {
    const same = [kept("first"), kept("second"), kept("third")];
    when(approved, replace(same, { spec_digest: blob("b").digest })).thenRefused("stale");
    when(approved, replace([kept("first"), kept("second"), fresh("third", "again", [])].toReversed())).thenRefused(
      "bad-plan",
    );
    when(approved, replace(same, { mission_id: "m-first" })).thenRefused("no-plan");
    when(approved, replace(same, { mission_id: "m-none" })).thenRefused("unknown-mission");
    const over = stateAfterCommands(approved, [{ kind: "CancelMission", mission_id: "m-whole" }]);
    when(over, replace(same)).thenRefused("final");
    const state = stateAfterCommands(approved, [replace(same)]);
    const old = { ...approve(), spec_digest: seen } as CommandBody;
    when(state, old).thenRefused("wrong-digest");
    when(state, { ...old, spec_digest: blob("9").digest } as CommandBody).then("MissionApproved");
    when(state, { kind: "RejectMission", mission_id: "m-whole", reason: null }).thenRefused("whole-plan");
  });

  it("refuses a command whose maker took a changed part for an unchanged one", () => {
    const files = [kept("first"), kept("second"), kept("third", { files: ["lib/a.js"] })];
    when(approved, replace(files)).thenRefused("stale");
    when(approved, replace([kept("first"), kept("second"), kept("third")])).then("PlanReplaced");
  });

  it("needs a person who did not write the new version, if the policy asks for a second one", () => {
    const operator = (name: string): CommandBody => ({
      ...{ kind: "AddOperator", name, role: "operator", token_digest: blob(name[0] ?? "").digest },
      ...{ github_login: null, is_owner: false },
    });
    const approvals = { require_second_person: true, require_sign_in_above: "high" } as const;
    const policy: CommandBody = { kind: "LoadPolicy", digest: blob("a").digest, policy: blob("a"), approvals };
    const persons = stateAfterCommands(submitted, [policy, operator("anna"), operator("bob")]);
    const parts = [kept("first"), kept("second"), kept("third")];
    const byAnna = when(persons, replace(parts), "operator:anna").then("PlanReplaced").state;
    const all = approve("first", "second", "third");
    when(byAnna, all, "operator:anna").thenRefused("same-person");
    expect(when(byAnna, all, "operator:bob").events).toHaveLength(7);
  });
});

describe("the difference between two versions", () => {
  const part = (name: string, change: object = {}) => ({
    ...{ name, mission_id: `m-${name}` as never, after: [], implied: [], files: [], clear: true, written: words("1") },
    ...change,
  });
  it("names added, removed and changed parts, with order and files, and the rule", () => {
    const before = { on_failure: "stop" as const, parts: ["one", "two", "three", "gone"].map((name) => part(name)) };
    const after = {
      on_failure: "independent" as const,
      parts: [
        part("one", { files: ["lib"] }),
        part("two", { written: words("2") }),
        part("three", { after: ["one"] }),
        part("new"),
      ],
    };
    expect(planDifference(before, after)).toEqual({
      ...{ added: ["new"], removed: ["gone"], on_failure: "independent" },
      changed: [
        { name: "one", what: ["files"] },
        { name: "two", what: ["request"] },
        { name: "three", what: ["order"] },
      ],
    });
    expect(planDifference(before, before)).toEqual({ added: [], removed: [], changed: [] });
  });

  it("counts a part as changed if its words are not known", () => {
    const { written: _written, ...unknown } = part("one");
    expect(partChanges(unknown, unknown)).toEqual(["request"]);
    expect(partChanges(part("one"), part("one"))).toEqual([]);
  });
});
