/** A plan is submitted, clarified, approved, rejected and cancelled as a whole; its parts start when what they wait for has landed. */
import { describe, expect, it } from "vitest";
import { type CommandBody, initialState, openPart, type State, type TaskState } from "../../src/index.ts";
import { missionStatus, tasksOf } from "../../src/model/status.ts";
import { mayStart } from "../../src/schedule/fair-order.ts";
import { stoppedBy } from "../../src/schedule/plan-stop.ts";
import { blob, clear, given, life, stateAfter, stateAfterCommands, storyCommand } from "../../src/testing/index.ts";

type Submission = Extract<CommandBody, { kind: "SubmitMission" }>;
type SubmitPlan = Extract<CommandBody, { kind: "SubmitPlan" }>;

const submission = (id: string, change: Partial<Submission> = {}): Submission => ({
  ...(life["submitted"] as Submission),
  mission_id: `m-${id}`,
  ...change,
});
/** `last` waits for `left` and `right`, which wait for `first`. */
const order = { first: [], left: ["first"], right: ["first"], last: ["left", "right"] } satisfies Record<
  string,
  string[]
>;
const names = Object.keys(order) as (keyof typeof order)[];
const unclear = {
  ...clear,
  round: 1,
  score: 60,
  signals: [{ name: "no_acceptance_criteria" as const, weight: 60, why: "there is none" }],
  questions: [
    {
      ...{ id: "criterion", signal: "no_acceptance_criteria" as const, text: "What shows that it is done?" },
      ...{ choices: ["a new test shows it"], default: "a new test shows it" },
    },
  ],
};

function submitPlan(
  change: Partial<Record<keyof typeof order, Partial<Submission>>> = {},
  on_failure: SubmitPlan["on_failure"] = "stop",
): SubmitPlan {
  const parts = names.map((name): SubmitPlan["parts"][number] => {
    const after = order[name].map((other) => `m-${other}`);
    return { name, after: order[name], implied: [], files: [], mission: submission(name, { after, ...change[name] }) };
  });
  return { kind: "SubmitPlan", mission: submission("whole"), on_failure, parts };
}

const tasks = names.map((name) => ({ mission_id: `m-${name}`, task_id: `t-${name}` }));
const approve = {
  ...{ kind: "ApproveMission", mission_id: "m-whole", spec_digest: null, task_id: "t-whole" },
  part_tasks: tasks,
} as const satisfies CommandBody;
const about = (kind: "RejectMission" | "CancelMission", id: string): CommandBody =>
  kind === "RejectMission" ? { kind, mission_id: id, reason: null } : { kind, mission_id: id };
const when = (state: State, body: CommandBody, actor?: string) => given([], state).when(storyCommand(body, actor));

const registered = stateAfter("registered", initialState);
const submitted = stateAfterCommands(registered, [submitPlan()]);
const approved = stateAfterCommands(submitted, [approve]);
const stages = ({ missions }: State) => ["whole", ...names].map((name) => missions[`m-${name}`]?.stage);
const withTask = (state: State, name: string, change: Partial<TaskState>): State => {
  const task = state.tasks[`t-${name}`];
  if (task === undefined) throw new Error(`there is no task t-${name}`);
  return { ...state, tasks: { ...state.tasks, [task.task_id]: { ...task, ...change } } };
};
const withLanded = (state: State, ...landed: string[]) =>
  landed.reduce((before, name) => withTask(before, name, { status: "landed", landed_commit: "9".repeat(40) }), state);
const startable = (state: State) =>
  Object.values(state.tasks).flatMap((task) =>
    task.status === "planned" && mayStart(state, task) ? [task.task_id] : [],
  );

describe("submitting a plan", () => {
  it("submits the mission and all its parts", () => {
    when(registered, submitPlan()).then(
      ...(["MissionSubmitted", "MissionPlanned", ...names.map(() => "MissionSubmitted" as const)] as const),
    );
    expect(stages(submitted)).toEqual(Array(5).fill("awaiting_approval"));
  });

  it("submits nothing if one part is refused, and says which", () => {
    for (const [change, code] of [
      [{ repository: "unknown" }, "unknown-repository"],
      [{ criteria: [] }, "no-criterion"],
      [{ after: ["m-unknown"] }, "unknown-mission"],
    ] as const) {
      const refused = when(registered, submitPlan({ right: change as Partial<Submission> }));
      expect(refused.events).toEqual([]);
      refused.thenRefused(code);
    }
  });

  it("refuses parts that wait for a later one, have the same name, or are none", () => {
    const plan = submitPlan();
    when(registered, { ...plan, parts: plan.parts.toReversed() }).thenRefused("bad-plan");
    when(registered, { ...plan, parts: plan.parts.map((part) => ({ ...part, name: "same", after: [] })) }).thenRefused(
      "bad-plan",
    );
    when(registered, { ...plan, parts: [] }).thenRefused("bad-plan");
  });
});

describe("a part with a question", () => {
  const asking = stateAfterCommands(registered, [submitPlan({ left: { clarity: unclear, clarified_spec: null } })]);
  const answer = (before: string, digest = blob("5").digest): CommandBody => ({
    ...{ kind: "AnswerMission", mission_id: "m-left", round: 1, spec_digest: digest },
    ...{ answers: [{ question_id: "criterion", text: "a new test shows it" }], clarity: { ...clear, round: 1 } },
    ...{ criteria: [{ id: "c1", text: "a new test shows it" }], specification: blob("7"), clarified_spec: blob("8") },
    plan: { before, specification: blob("9"), clarified_spec: blob("a") },
  });

  it("keeps its plan from being approved until it is answered, which changes the plan's specification", () => {
    expect(stages(asking)).toEqual([
      "clarifying",
      "awaiting_approval",
      "clarifying",
      "awaiting_approval",
      "awaiting_approval",
    ]);
    when(asking, approve).thenRefused("questions-open");
    when(asking, answer(blob("b").digest)).thenRefused("stale");
    const { plan: _plan, ...alone } = answer(blob("5").digest) as Extract<CommandBody, { kind: "AnswerMission" }>;
    when(asking, alone).thenRefused("stale");
    const clarified = when(asking, answer(blob("5").digest)).then("ClarificationAnswered", "PlanPartClarified").state;
    expect(clarified.missions["m-whole"]).toMatchObject({ stage: "awaiting_approval", specification: blob("9") });
    when(clarified, { ...approve, spec_digest: blob("5").digest }).thenRefused("wrong-digest");
    expect(stages(stateAfterCommands(clarified, [{ ...approve, spec_digest: blob("9").digest }]))).toEqual(
      Array(5).fill("approved"),
    );
  });
});

describe("deciding about a plan", () => {
  it("approves all parts, each with its task, or none", () => {
    expect(stages(approved)).toEqual(Array(5).fill("approved"));
    expect(Object.keys(approved.tasks)).toEqual(tasks.map(({ task_id }) => task_id));
    expect(approved.missions["m-whole"]?.task_ids).toEqual(tasks.map(({ task_id }) => task_id));
    when(submitted, { ...approve, spec_digest: blob("6").digest }).thenRefused("wrong-digest");
    const { part_tasks: _tasks, ...without } = approve;
    when(submitted, without).thenRefused("stale");
    when(submitted, { ...approve, part_tasks: tasks.slice(1) }).thenRefused("stale");
    const same = tasks.map((part) => ({ ...part, task_id: "t-same" }));
    when(submitted, { ...approve, part_tasks: same }).thenRefused("stale");
  });

  it("rejects and cancels all parts that are open", () => {
    expect(stages(stateAfterCommands(submitted, [about("RejectMission", "m-whole")]))).toEqual(
      Array(5).fill("rejected"),
    );
    expect(stages(stateAfterCommands(submitted, [about("CancelMission", "m-whole")]))).toEqual(
      Array(5).fill("cancelled"),
    );
    const landed = withLanded(approved, "first");
    const cancelled = stateAfterCommands(landed, [about("CancelMission", "m-whole")]);
    expect(stages(cancelled)).toEqual(["cancelled", "approved", "cancelled", "cancelled", "cancelled"]);
    expect(Object.values(cancelled.tasks).map(({ status }) => status)).toEqual([
      "landed",
      "cancelled",
      "cancelled",
      "cancelled",
    ]);
  });

  it("refuses to decide about a part alone until the plan is approved", () => {
    const alone = { ...approve, mission_id: "m-left" };
    when(submitted, alone).thenRefused("part-of-plan");
    when(submitted, about("RejectMission", "m-left")).thenRefused("part-of-plan");
    when(submitted, about("CancelMission", "m-left")).thenRefused("part-of-plan");
    when(approved, about("CancelMission", "m-left")).then("MissionCancelled", "TaskCancelled");
  });

  it("needs a person who wrote none of its parts, if the policy asks for a second one", () => {
    const operator = (name: string): CommandBody => ({
      ...{ kind: "AddOperator", name, role: "operator", token_digest: blob(name[0] ?? "").digest },
      ...{ github_login: null, is_owner: false },
    });
    const approvals = { require_second_person: true, require_sign_in_above: "high" } as const;
    const policy: CommandBody = { kind: "LoadPolicy", digest: blob("a").digest, policy: blob("a"), approvals };
    const persons = stateAfterCommands(registered, [policy, operator("anna"), operator("bob"), operator("cleo")]);
    const byAnna = when(persons, submitPlan(), "operator:anna").then(
      ...(["MissionSubmitted", "MissionPlanned", ...names.map(() => "MissionSubmitted" as const)] as const),
    ).state;
    const part = byAnna.missions["m-left"];
    if (part === undefined) throw new Error("the part was not submitted");
    const changed = { ...byAnna, missions: { ...byAnna.missions, "m-left": { ...part, writers: ["operator:bob"] } } };
    when(changed, approve, "operator:anna").thenRefused("same-person");
    when(changed, approve, "operator:bob").thenRefused("same-person");
    expect(when(changed, approve, "operator:cleo").events).toHaveLength(9);
  });
});

describe("a plan whose part has failed", () => {
  const update = (mission_id: string): CommandBody => ({
    kind: "UpdateMission",
    mission_id,
    on_failure: "independent",
  });
  const failed = withTask(withLanded(approved, "first"), "left", { status: "rejected" });

  it("starts no other part, until a person lets those start that do not come after it", () => {
    expect(startable(approved)).toEqual(["t-first"]);
    expect(startable(withLanded(approved, "first"))).toEqual(["t-left", "t-right"]);
    expect(startable(withLanded(approved, "first", "left"))).toEqual(["t-right"]);
    expect(startable(withLanded(approved, "first", "left", "right"))).toEqual(["t-last"]);
    expect(startable(failed)).toEqual([]);
    const independent = stateAfterCommands(failed, [update("m-whole")]);
    expect(startable(independent)).toEqual(["t-right"]);
    when(independent, update("m-whole")).then();
    when(failed, update("m-left")).thenRefused("no-plan");
    when(stateAfter("submitted", initialState), update("m-aaaaaaaaaaaaaaaa")).thenRefused("no-plan");
  });

  it("has the status of its most urgent part", () => {
    const statusOf = (state: State) => {
      const whole = state.missions["m-whole"];
      return whole === undefined ? undefined : missionStatus(whole, tasksOf(state, whole));
    };
    expect(statusOf(failed)).toBe("approved");
    expect(statusOf(withLanded(failed, "right", "last"))).toBe("rejected");
    expect(statusOf(withLanded(approved, ...names))).toBe("landed");
  });

  it("stays stopped after a part was taken back and what took it back has ended", () => {
    const revert: CommandBody = {
      ...{ kind: "RevertTask", task_id: "t-first", commit: "9".repeat(40), subject: "Close the hole" },
      ...{ mission_id: "m-revert", revert_task_id: "t-revert", title: "Revert", criteria: [] },
      ...{ specification: blob("6"), clarified_spec: blob("7") },
    };
    const taken = withLanded(stateAfterCommands(withLanded(approved, "first"), [revert]), "revert");
    for (const state of [taken, openPart(taken)]) {
      const left = state.tasks["t-left"];
      expect(left === undefined ? [] : stoppedBy(state, left)).toEqual([
        { mission_id: "m-first", failure: "taken back" },
      ]);
    }
  });
});

describe("a mission that waits for a plan", () => {
  it("may start once all parts have landed, also after these have left the state", () => {
    const next = [submission("next", { after: ["m-whole"] }), { ...approve, mission_id: "m-next", task_id: "t-next" }];
    const waiting = stateAfterCommands(approved, next);
    expect(startable(openPart(withLanded(waiting, "first", "left", "right")))).not.toContain("t-next");
    expect(startable(openPart(withLanded(waiting, ...names)))).toContain("t-next");
  });
});
