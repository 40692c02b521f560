/** A request that breaks tests: a person is asked after one run, or after two runs that fail alike; and the effect of each answer. */
import { describe, expect, it } from "vitest";
import { type CommandBody, decide, evolve, initialState, missionDocument, type State } from "../../src/index.ts";
import {
  blob,
  captured,
  gated,
  given,
  ids,
  life,
  sealed,
  someInstant,
  startRun,
  stateAfter,
  storyCommand,
} from "../../src/testing/index.ts";

const repair = { max_runs: 2, task_tokens: 1_000_000 };
const names = ["test/split.test.js > splits at commas"];
const red = (by_request: boolean, detail = "newly failing: splits", broken: readonly string[] = names) =>
  ({
    ...gated("hold", { hold_code: "HOLD-CHECKS-FAILED", hold_detail: detail }),
    ...{ repair, broken: { names: broken, by_request } },
  }) as CommandBody;
const judged = () => stateAfter("gemini", initialState);
const asked = () =>
  given([], judged())
    .when(storyCommand(red(true)))
    .then("GateDecided", "TaskHeld");
const answer = (text: string, more = {}) =>
  storyCommand({ kind: "AnswerQuestion", task_id: ids.task, question_id: "tests-1", text, ...more } as CommandBody);
const taskOf = (state: State) => state.tasks[ids.task];

describe("tests that the request breaks", () => {
  it("asks about broken tests after the first run, as a question instead of a hold", () => {
    const { state } = asked();
    const document = missionDocument(state, ids.mission);
    expect([document?.status, document?.questions]).toEqual([
      "clarifying",
      [
        {
          id: "tests-1",
          text: "Your request breaks `splits at commas`; allow that test to change?",
          choices: ["Yes, that test may change", "No, keep the test"],
          default: "",
        },
      ],
    ]);
  });

  it("lets the tests change in a next run after a yes, by a specification that names them", () => {
    for (const text of ["Yes, that test may change", " yes "])
      asked()
        .when(answer(text, { specification: blob("7") }))
        .then("SpecificationAmended", "QuestionAnswered")
        .owes("PrepareRun");
    asked().when(answer("yes")).thenRefused("stale");
    const after = asked().when(answer("yes", { specification: blob("7") }));
    const { state } = after.then("SpecificationAmended", "QuestionAnswered");
    expect(taskOf(state)).toMatchObject({ specification: blob("7"), next_cause: "answer", repairs: 0, answers: [] });
    expect(state.missions[ids.mission]?.specification).toEqual(blob("7"));
  });

  it("keeps the tests after a no: the task is held with the reason, and no run follows", () => {
    const { state } = asked()
      .when(answer("No, keep the test", { hold_id: `h-${"k".repeat(16)}` }))
      .then("QuestionAnswered", "TaskHeld");
    const hold = taskOf(state)?.hold;
    expect([hold?.code, hold?.detail, hold?.hold_id]).toEqual([
      "HOLD-CHECKS-FAILED",
      `you kept a test that the request breaks: ${names[0]}`,
      `h-${"k".repeat(16)}`,
    ]);
    expect(missionDocument(state, ids.mission)?.questions).toEqual([]);
    // A later run is not told the no as an answer.
    expect(taskOf(state)).toMatchObject({ answers: [], next_cause: null });
  });

  it("requires a named person's yes if a second person is required, and refuses a yes on the phone", () => {
    const { state } = asked();
    const approvals = { require_second_person: true, require_sign_in_above: "high" } as const;
    const strict: State = { ...state, system: { ...state.system, approvals } };
    const yes = (from: State, actor: string) =>
      given([], from).when({ ...answer("yes", { specification: blob("7") }), actor });
    yes(strict, "phone").thenRefused("sign-in-needed");
    yes(strict, "operator").then("SpecificationAmended", "QuestionAnswered");
    yes(state, "phone").then("SpecificationAmended", "QuestionAnswered");
  });

  it("keeps the tests after any other text, which becomes part of the request", () => {
    const { state } = asked()
      .when(answer("use ; only with a flag", { specification: blob("8") }))
      .then("SpecificationAmended", "QuestionAnswered");
    expect(taskOf(state)).toMatchObject({ specification: blob("8"), next_cause: "words" });
  });

  it("repairs the run without asking if a mistake broke the tests, or if they are too many", () => {
    given([], judged())
      .when(storyCommand(red(false)))
      .then("GateDecided", "RepairStarted");
    const { broken: _none, ...other } = red(true) as Extract<CommandBody, { kind: "DecideGate" }>;
    given([], judged()).when(storyCommand(other)).then("GateDecided", "RepairStarted");
    // More than a person can answer for.
    const many = (count: number) =>
      red(
        true,
        undefined,
        Array.from({ length: count }, (_, at) => `test ${at}`),
      );
    given([], judged())
      .when(storyCommand(many(64)))
      .then("GateDecided", "TaskHeld");
    given([], judged())
      .when(storyCommand(many(65)))
      .then("GateDecided", "RepairStarted");
  });

  it("does not ask about broken tests if the gate holds the change for another reason", () => {
    const red = (hold_code: "HOLD-CHECKS-FAILED" | "HOLD-VALIDATOR-FAIL") =>
      given([], judged()).when(
        storyCommand({
          ...gated("hold", { hold_code }),
          repair,
          broken: { names, by_request: true },
        } as never),
      );
    red("HOLD-VALIDATOR-FAIL").then("GateDecided", "RepairStarted");
    red("HOLD-CHECKS-FAILED").then("GateDecided", "TaskHeld");
  });

  it("does not ask about broken tests of a revert, or of a run for tests whose earlier change waits for approval", () => {
    const holdOf = (change: object) => {
      const before = judged();
      const task = { ...before.tasks[ids.task], ...change };
      const decided = given([], { ...before, tasks: { [ids.task]: task } } as State).when(storyCommand(red(true)));
      return decided.events.map((event) => (event.type === "TaskHeld" ? event.data.code : event.type));
    };
    expect(holdOf({})).toEqual(["GateDecided", "HOLD-QUESTION"]);
    const reverts = { task_id: ids.task, commit: "9".repeat(40), subject: "Add it" };
    expect(holdOf({ reverts })).toEqual(["GateDecided", "HOLD-CHECKS-FAILED"]);
    expect(holdOf({ fallback: { repairs: 0 } })).toEqual(["GateDecided", "RepairStarted"]);
  });

  it("asks about broken tests after a second run that fails alike, and repairs the run if it fails differently", () => {
    const second = (detail: string, { cause = "checks" } = {}) => {
      const run_id = `r-${"c".repeat(16)}`;
      const first = given([], judged())
        .when(storyCommand(red(false)))
        .then("GateDecided", "RepairStarted");
      const steps = [
        { ...startRun, run_id },
        { ...captured, run_id },
        { ...life["checked"], run_id },
        sealed({ run_id: run_id as never }),
        life["openai"],
        life["gemini"],
      ] as CommandBody[];
      const state = steps.reduce((before, body) => {
        const decision = decide(storyCommand(body), before);
        if (decision.kind === "refused") throw new Error(`${body.kind}: ${decision.reason}`);
        return decision.events.reduce((now, event) => evolve(now, { ...event, recorded_at: someInstant }), before);
      }, first.state);
      const task = taskOf(state);
      const runs = task?.runs.map((run, at) => (at === 1 ? { ...run, cause } : run));
      return given([], { ...state, tasks: { [ids.task]: { ...task, runs } } } as State).when(
        storyCommand(red(false, detail, names)),
      );
    };
    const { state } = second("newly failing: splits").then("GateDecided", "TaskHeld");
    expect(missionDocument(state, ids.mission)?.questions[0]?.text).toBe(
      "Two runs for your request broke or removed `splits at commas`, which passes without the change; allow that test to change?",
    );
    second("newly failing: trims").then("GateDecided", "RepairStarted");
    // A coder that was not told of the failure did not fail to repair it.
    second("newly failing: splits", { cause: "words" }).then("GateDecided", "RepairStarted");
  });
});
