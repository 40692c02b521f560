/** When runs are released, in particular those that a hold would have returned to, once a person starts another run. */
import { type CommandBody, decide, evolve, initialState } from "@aedev/core";
import {
  blob,
  captured,
  gated,
  ids,
  sampleHeldReport,
  setUpRequest,
  someInstant,
  startRun,
  stateAfter,
  storyCommand,
} from "@aedev/core/testing";
import { describe, expect, it } from "vitest";
import { toldSince } from "../../src/control/run-inputs.ts";
import { liveRuns, releaseRuns, tellRuns } from "../../src/planes/release-runs.ts";

const engineLost = {
  ...captured,
  result: sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true }),
} as CommandBody;
const words = { kind: "RequestChange", task_id: ids.task, digest: null, words: "again", specification: blob("6") };

/** What the plane is asked after the last of these commands, once a run was begun. */
const asked = (...bodies: readonly unknown[]) => askedFrom("started", bodies);

function askedFrom(step: string, bodies: readonly unknown[]): { calls: string[]; live: string[] } {
  let state = stateAfter(step, initialState);
  let calls: string[] = [];
  for (const body of bodies as CommandBody[]) {
    const decision = decide(storyCommand(body), state);
    if (decision.kind === "refused") throw new Error(decision.reason);
    calls = [];
    const planes = {
      forgetRun: (runId: string) => void calls.push(`forget ${runId}`),
      stopRun: (runId: string) => void calls.push(`stop ${runId}`),
    };
    for (const event of decision.events) state = evolve(state, { ...event, recorded_at: someInstant });
    for (const event of decision.events) releaseRuns(event, state, planes);
  }
  return { calls, live: liveRuns(state) };
}

describe("a run that writes independent tests", () => {
  const second = "r-bbbbbbbbbbbbbbbb";
  const request = { ...gated("merge"), independent_tests: true };
  const start = { ...startRun, run_id: second };

  it("a run for independent tests is stopped once the change that waited for it is checked without it", () => {
    expect(askedFrom("gemini", [request, start])).toEqual({ calls: [], live: [second] });
    expect(askedFrom("gemini", [request, start, { ...engineLost, run_id: second }])).toEqual({
      calls: [`stop ${second}`, `forget ${second}`],
      live: [],
    });
  });
});

describe("what a person says to a coder", () => {
  const told = (step: string, more: readonly CommandBody[], texts: readonly string[]) => {
    const calls: unknown[] = [];
    let state = stateAfter(step, initialState);
    const said = texts.map((text) => ({ kind: "TellCoder", task_id: ids.task, text }) as CommandBody);
    const produced = [...more, ...said].flatMap((body) => {
      const decision = decide(storyCommand(body), state);
      if (decision.kind === "refused") throw new Error(decision.reason);
      for (const event of decision.events) state = evolve(state, { ...event, recorded_at: someInstant });
      return decision.events;
    });
    // The listener gets all events of a batch with the state after the last one.
    for (const event of produced) tellRuns(event, state, { tellRun: (runId, all) => calls.push([runId, all]) });
    return { calls, task: state.tasks[ids.task] };
  };

  it("reaches the run under way whole, also if several messages come at once", () => {
    const both = [
      { number: 1, text: "one" },
      { number: 2, text: "two" },
    ];
    expect(told("started", [], ["one", "two"]).calls).toEqual([
      [ids.run, both],
      [ids.run, both],
    ]);
    expect(told("approved", [], ["one"]).calls).toEqual([]);
  });

  it("is left out of a run that has it in its prompt, and of one that writes independent tests", () => {
    const { task } = told("started", [], ["one", "two"]);
    if (task === undefined) throw new Error("the story has a task");
    expect(toldSince(task, { told: 1, cause: null })).toEqual([{ number: 2, text: "two" }]);
    expect(toldSince(task, { cause: "independent-tests" })).toEqual([]);
  });
});

describe("a run that adds tests", () => {
  const second = "r-bbbbbbbbbbbbbbbb";
  const request = { ...gated("ask"), missing_tests: "a way", repair: { max_runs: 2, task_tokens: 1_000 } };
  const start = { ...startRun, run_id: second };
  const hold = { kind: "HoldTask", task_id: ids.task, code: "HOLD-CODER-FAILED", detail: null, hold_id: ids.hold };

  it("a run that adds tests is stopped once the change before it is restored; that change's own run is, with its task", () => {
    expect(askedFrom("gemini", [request, start])).toEqual({ calls: [], live: [second] });
    expect(askedFrom("gemini", [request, start, hold])).toEqual({
      calls: [`stop ${second}`, `forget ${second}`],
      live: [],
    });
    const cancel = { kind: "CancelTask", task_id: ids.task };
    expect(askedFrom("gemini", [request, start, hold, cancel]).calls).toContain(`stop ${ids.run}`);
  });
});

describe("a draft under way", () => {
  const run_id = "r-dddddddddddddddd";
  const mission = { mission_id: ids.mission };
  const request = { kind: "RequestDraft", ...mission, run_id, tokens: 1000 };
  const after = (...bodies: readonly unknown[]) => askedFrom("submitted", bodies).calls;

  it("a draft under way is stopped once the mission is decided, and not before", () => {
    expect(after(request)).toEqual([]);
    expect(after(request, { kind: "CancelMission", ...mission })).toEqual([`stop ${run_id}`]);
    expect(after(request, { kind: "RejectMission", ...mission, reason: null })).toEqual([`stop ${run_id}`]);
    const approve = { kind: "ApproveMission", ...mission, spec_digest: null, task_id: ids.task };
    expect(after(request, approve)).toEqual([`stop ${run_id}`]);
    expect(after(approve)).toEqual([]);
  });

  it("a draft under way is stopped with all runs, and not by a pause", () => {
    expect(after(request, { kind: "PauseWork" })).toEqual([]);
    expect(after(request, { kind: "PauseWork", hold_ids: [] })).toEqual([`stop ${run_id}`]);
  });
});

it("a set-up run is stopped once nobody waits for it, and not before", () => {
  const { run_id } = setUpRequest;
  expect(asked(setUpRequest).calls).toEqual([]);
  expect(asked(setUpRequest, { kind: "CancelSetUpRun", run_id }).calls).toEqual([`stop ${run_id}`]);
  expect(asked(setUpRequest, { kind: "PauseWork" }).calls).toEqual([]);
  expect(askedFrom("approved", [setUpRequest, { kind: "PauseWork", hold_ids: [] }]).calls).toEqual([`stop ${run_id}`]);
});

describe("a run behind a hold that goes back to it", () => {
  it("a run behind a hold that goes back to it stays during the hold and after its release", () => {
    expect(asked(engineLost)).toEqual({ calls: [], live: [ids.run] });
    expect(asked(engineLost, { kind: "ReleaseHold", hold_id: ids.hold })).toEqual({ calls: [], live: [ids.run] });
  });

  it("a run behind a hold is stopped and forgotten once a person starts another run or ends the task", () => {
    const gone = { calls: [`stop ${ids.run}`, `forget ${ids.run}`], live: [] };
    expect(asked(engineLost, words)).toEqual(gone);
    expect(asked(engineLost, { kind: "RetryTask", task_id: ids.task })).toEqual(gone);
    expect(asked(engineLost, { kind: "RejectTask", task_id: ids.task, reason: null })).toEqual(gone);
  });
});
