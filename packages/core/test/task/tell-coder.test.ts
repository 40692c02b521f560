/** What a person says to a coder: who can say it and when, and what follows if the run ends before it reads it. */
import { describe, expect, it } from "vitest";
import { type CommandBody, initialState, type State } from "../../src/index.ts";
import {
  captured,
  gated,
  given,
  ids,
  life,
  sampleHeldReport,
  startRun,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";

const tell = (text = "use the helper") => storyCommand({ kind: "TellCoder", task_id: ids.task, text });
const capturing = (heard?: number) =>
  storyCommand({
    ...captured,
    result: { ...(captured as { result: object }).result, ...(heard === undefined ? {} : { heard }) },
  } as CommandBody);
const from = (state: State) => given([], state);
const after = (step: string) => from(stateAfter(step, initialState));
const second = (told?: number) =>
  storyCommand({
    ...startRun,
    run_id: "r-bbbbbbbbbbbbbbbb",
    cause: "words",
    ...(told === undefined ? {} : { told }),
  } as CommandBody);

describe("what a person says to a coder", () => {
  it("is kept for a run under way or to come, and refused once no coder is to read it", () => {
    for (const step of ["approved", "started"]) after(step).when(tell()).then("CoderTold");
    for (const step of ["captured", "gated", "landed"]) after(step).when(tell()).thenRefused("not-coding");
    const held = after("started")
      .when(
        storyCommand({
          kind: "HoldTask",
          task_id: ids.task,
          code: "HOLD-FETCH-FAILED",
          detail: null,
          hold_id: ids.hold,
        }),
      )
      .then("TaskHeld");
    held.when(tell()).then("CoderTold");
  });

  it("has a limit for each task", () => {
    let state = after("started");
    for (let said = 0; said < 50; said += 1) state = state.when(tell(`message ${said}`)).then("CoderTold");
    state.when(tell()).thenRefused("too-many-words");
  });

  it("changes nothing if the run read it", () => {
    const told = after("started").when(tell()).then("CoderTold");
    told.when(capturing(1)).then("ChangeCaptured").owes("RunChecks");
  });

  it("starts a next run on the same change if the run ended before it read it, which the next run's prompt settles", () => {
    const told = after("started").when(tell()).then("CoderTold").when(tell("and its tests")).then("CoderTold");
    for (const heard of [undefined, 1]) told.when(capturing(heard)).then("ChangeCaptured", "CoderNotTold");
    const missed = told.when(capturing(1)).then("ChangeCaptured", "CoderNotTold").owes("PrepareRun");
    expect(missed.state.tasks[ids.task]?.runs[0]).toMatchObject({
      status: "captured",
      missed: true,
      outcome: { code: "HOLD-STOPPED" },
    });
    const again = { ...captured, run_id: "r-bbbbbbbbbbbbbbbb" } as CommandBody;
    missed.when(second(2)).then("RunStarted").when(storyCommand(again)).then("ChangeCaptured").owes("RunChecks");
    // A prompt that was written before the second message leaves it unread.
    missed.when(second(1)).then("RunStarted").when(storyCommand(again)).then("ChangeCaptured", "CoderNotTold");
  });

  it("is not lost if the run fails", () => {
    const failed = after("started")
      .when(tell())
      .then("CoderTold")
      .when(storyCommand({ ...captured, result: sampleHeldReport("HOLD-CODER-FAILED") } as CommandBody))
      .then("RunEnded", "TaskHeld");
    expect(failed.state.tasks[ids.task]?.told).toMatchObject([{ text: "use the helper" }]);
  });

  it("is neither accepted for a run that only adds tests to a finished change, nor missed by one", () => {
    const wait = { ...gated("merge"), independent_tests: true } as CommandBody;
    const independent = from(stateAfterCommands(stateAfter("gemini", initialState), [wait]));
    independent.when(tell()).thenRefused("not-coding");
    const told = stateAfterCommands(stateAfter("started", initialState), [
      { kind: "TellCoder", task_id: ids.task, text: "use the helper" },
    ]);
    const heard = { ...captured, result: { ...(captured as { result: object }).result, heard: 1 } } as CommandBody;
    const judged = ["checked", "sealed", "openai", "gemini"].map((step) => life[step] as CommandBody);
    const other = { ...startRun, run_id: "r-bbbbbbbbbbbbbbbb" } as CommandBody;
    from(stateAfterCommands(told, [heard, ...judged, wait, other]))
      .when(storyCommand({ ...captured, run_id: "r-bbbbbbbbbbbbbbbb" } as CommandBody))
      .then("ChangeCaptured", "IndependentTestsEnded");
    const forTests = {
      ...gated("ask"),
      missing_tests: "a way",
      repair: { max_runs: 2, task_tokens: 1_000 },
    } as CommandBody;
    from(stateAfterCommands(stateAfter("gemini", initialState), [forTests]))
      .when(tell())
      .thenRefused("not-coding");
  });
});
