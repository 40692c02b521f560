/** Which run's evidence and decision are shown: the current change's, a named run's, or the last that there are. */
import { type CommandBody, decide, evolve, initialState } from "@aedev/core";
import { gated, ids, life, sampleHeldReport, sealed, startRun, stateAfter, storyCommand } from "@aedev/core/testing";
import { expect, it } from "vitest";
import { sealedRunOf } from "../../src/reader/sealed-run.ts";

const second = "r-bbbbbbbbbbbbbbbb";
const bounds = { max_runs: 2, task_tokens: 1_000_000 };
const emptyRun = {
  ...{ kind: "RecordCoderResult", task_id: ids.task, run_id: second, hold_id: ids.hold, repair: bounds },
  result: sampleHeldReport("HOLD-NO-PROGRESS", { detail: "empty_patch" }),
};

/** A task whose first run weakened a test and whose second changed nothing, with its events. */
function story() {
  const held = {
    ...gated("hold", { hold_code: "HOLD-CHECKS-FAILED", hold_detail: "weaker-assertion: a.test.js" }),
    repair: bounds,
  };
  const events: { type: string; data: unknown }[] = [];
  let state = stateAfter("checked", initialState);
  for (const body of [sealed({}), life["openai"], life["gemini"], held, { ...startRun, run_id: second }, emptyRun]) {
    const decision = decide(storyCommand(body as CommandBody), state);
    if (decision.kind === "refused") throw new Error(decision.reason);
    for (const event of decision.events) {
      events.push(event);
      state = evolve(state, { ...event, recorded_at: "2026-01-02T04:00:00.000Z" });
    }
  }
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("the story has a task");
  return { task, home: { taskEvents: () => events as never } };
}

it("the hold of a run that changed nothing begins with what the run before was held for", () => {
  expect(story().task.hold).toMatchObject({
    code: "HOLD-NO-PROGRESS",
    detail: "run 1: HOLD-CHECKS-FAILED (weaker-assertion: a.test.js); the next run left nothing new: empty_patch",
  });
});

it("the first run's evidence and decision are shown if the last run left none, or by its number or id", () => {
  const { task, home } = story();
  const first = { run_id: ids.run, attempt: 1, gate: { answer: "hold", hold_code: "HOLD-CHECKS-FAILED" } };
  for (const run of ["latest", "1", ids.run, ids.run.slice(0, 6)])
    expect(sealedRunOf(home, task, run)).toMatchObject(first);
  for (const run of ["current", "2", second, "3", "r-z"])
    expect(() => sealedRunOf(home, task, run)).toThrow(expect.objectContaining({ code: "no-evidence" }));
});
