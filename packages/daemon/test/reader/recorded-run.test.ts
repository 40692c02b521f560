/** Which run of a task is replayed if none is named. */
import { type CommandBody, decide, evolve, initialState, type State } from "@aedev/core";
import { captured, gated, ids, sampleHeldReport, startRun, stateAfter, storyCommand } from "@aedev/core/testing";
import { expect, it } from "vitest";
import { recordedRunOf } from "../../src/reader/recorded-run.ts";

const second = "r-bbbbbbbbbbbbbbbb";
const after = (state: State, ...bodies: object[]): State =>
  bodies.reduce<State>((before, body) => {
    const decision = decide(storyCommand(body as CommandBody), before);
    if (decision.kind === "refused") throw new Error(decision.reason);
    return decision.events.reduce(
      (now, event) => evolve(now, { ...event, recorded_at: "2026-01-02T04:00:00.000Z" }),
      before,
    );
  }, state);
const { journal } = (captured as never as { result: { journal: object } }).result;
const ended = {
  ...{ kind: "RecordCoderResult", task_id: ids.task, run_id: second, hold_id: ids.hold },
  result: sampleHeldReport("HOLD-CODER-FAILED", { journal: journal as never }),
};
const recorded = (state: State) => {
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("the story has a task");
  return recordedRunOf(task);
};

it("the run of the task's current change is replayed, not the last one after that change was restored", () => {
  const request = { ...gated("ask"), missing_tests: "a way", repair: { max_runs: 2, task_tokens: 1_000 } };
  const restored = after(stateAfter("gemini", initialState), request, { ...startRun, run_id: second }, ended);
  expect(recorded(restored)).toMatchObject({ run_id: ids.run, hold_code: null });
  const again = after(stateAfter("gated", initialState, { gated: gated("ask") }), {
    kind: "RetryTask",
    task_id: ids.task,
  });
  const failed = after(again, { ...startRun, run_id: second }, ended);
  expect(recorded(failed)).toMatchObject({ run_id: second, hold_code: "HOLD-CODER-FAILED" });
});

it("the last run with a recording is replayed if the change's run has none", () => {
  const again = after(stateAfter("gated", initialState, { gated: gated("ask") }), {
    kind: "RetryTask",
    task_id: ids.task,
  });
  expect(recorded(after(again, { ...startRun, run_id: second }))).toMatchObject({ run_id: ids.run });
});
