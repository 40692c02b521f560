/** Pausing all work: nothing starts, runs are stopped without loss on request, and everything continues afterwards. */
import { noUsage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import {
  type CommandBody,
  initialState,
  nextDueAt,
  pendingWork,
  runToContinue,
  type State,
  statusSummary,
} from "../../src/index.ts";
import { mayLandNow } from "../../src/landing/queue.ts";
import { totalsOf } from "../../src/mission/status-summary.ts";
import {
  blob,
  given,
  ids,
  sampleHeldReport,
  setUpRequest,
  someInstant,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";

const after = (last: string) => given([], stateAfter(last, initialState));
const pause: CommandBody = { kind: "PauseWork" };
const stop: CommandBody = { kind: "PauseWork", hold_ids: [ids.hold] };
const resume: CommandBody = { kind: "ResumeWork" };
const send = (body: CommandBody) => storyCommand(body);
const kinds = (state: State, now = someInstant) => pendingWork(state, now).map(({ kind }) => kind);

describe("a pause of all work", () => {
  it("lets no run start during a pause of all work, until work is resumed", () => {
    const planned = after("approved").owes("PrepareRun");
    const paused = planned.when(send(pause)).then("WorkPaused").owes();
    paused.when(send(pause)).then().when(send(resume)).then("WorkResumed").owes("PrepareRun");
    planned.when(send(resume)).then();
  });

  it("lets runs, checks and judgements continue during a pause, but nothing land", () => {
    for (const [last, kind] of [
      ["started", "RunCoder"],
      ["captured", "RunChecks"],
    ] as const)
      expect(kinds(after(last).when(send(pause)).then("WorkPaused").state)).toEqual([kind]);
    const landing = after("gated").owes("LandChange").when(send(pause)).then("WorkPaused").owes();
    const task = landing.state.tasks[ids.task];
    if (task === undefined) throw new Error("the story has a task");
    expect(mayLandNow(landing.state, task)).toBe(false);
    landing.when(send(resume)).then("WorkResumed").owes("LandChange");
  });

  it("refuses set-up runs during a pause of all work", () => {
    const { state } = after("approved").when(send(pause)).then("WorkPaused");
    given([], state).when(send(setUpRequest)).thenRefused("work-paused");
    after("approved").when(send(setUpRequest)).then("SetUpRunRequested");
  });

  it("shows a pause of all work in the status", () => {
    const { state } = after("approved").when(send(pause)).then("WorkPaused");
    const summary = (one: State) => statusSummary(one, someInstant, totalsOf(one).missions).paused;
    expect(summary(state)).toEqual({ since: someInstant, stop_runs: false });
    expect(summary(after("approved").state)).toBeUndefined();
  });
});

it("shows the pause of one repository, or of its landings, in the status on its own", () => {
  const paused = (state: State) => statusSummary(state, someInstant, totalsOf(state).missions).paused_repositories;
  const { state } = after("approved");
  const [repository = ""] = Object.keys(state.repositories);
  const by = (kind: "PauseRepository" | "PauseLandings" | "ResumeRepository") => send({ kind, repository });
  expect(paused(state)).toBeUndefined();
  const landings = given([], state).when(by("PauseLandings")).then("LandingPaused");
  expect(paused(landings.state)).toEqual([{ name: repository, paused: "landings" }]);
  const both = landings.when(by("PauseRepository")).then("RepositoryPaused");
  expect(paused(both.state)).toEqual([{ name: repository, paused: "repository" }]);
  const landingsAgain = both.when(by("ResumeRepository")).then("RepositoryResumed");
  expect(paused(landingsAgain.state)).toEqual([{ name: repository, paused: "landings" }]);
});

describe("stopping all runs", () => {
  it("holds each running task when all runs are stopped, and continues from its work once work is resumed", () => {
    const stopped = after("started").owes("RunCoder").when(send(stop)).then("WorkPaused", "TaskHeld").owes();
    const late: CommandBody = {
      kind: "RecordCoderResult",
      task_id: ids.task,
      run_id: ids.run,
      result: sampleHeldReport("HOLD-CODER-FAILED", { usage: { ...noUsage, requests: 1 }, patch: blob("9") }),
      hold_id: "h-bbbbbbbbbbbbbbbb",
    };
    const kept = stopped.when(send(late)).then("RunEnded").owes();
    const resumed = kept.when(send(resume)).then("WorkResumed").owes("ResumeHold");
    const released = resumed.when(send({ kind: "ReleaseHold", hold_id: ids.hold })).then("HoldReleased");
    released.owes("PrepareRun");
    const task = released.state.tasks[ids.task];
    expect(task && runToContinue(task)).toMatchObject({ run: { patch: blob("9") }, code: "HOLD-STOPPED" });
  });

  it("waits a while for the work of a stopped run, but not forever", () => {
    const { state } = after("started").when(send(stop)).then("WorkPaused", "TaskHeld");
    expect(nextDueAt(state, someInstant)).toBeNull();
    const inMinutes = (minutes: number) => new Date(Date.parse(someInstant) + minutes * 60_000).toISOString();
    const resumed = stateAfterCommands(state, [resume], inMinutes(60));
    expect(kinds(resumed, inMinutes(64))).toEqual([]);
    expect(nextDueAt(resumed, inMinutes(60))).toBe(inMinutes(65));
    expect(kinds(resumed, inMinutes(65))).toEqual(["ResumeHold"]);
  });

  it("lets neither checks nor judgements start while all runs are stopped", () => {
    for (const last of ["captured", "checked", "sealed"]) {
      const before = after(last);
      expect(kinds(before.state)).not.toEqual([]);
      const stopped = before.when(send(stop)).then("WorkPaused").owes();
      expect(kinds(stopped.when(send(resume)).then("WorkResumed").state)).toEqual(kinds(before.state));
    }
  });

  it("also stops what a pause lets continue, and is not weakened by a later pause", () => {
    const paused = after("started").when(send(pause)).then("WorkPaused").owes("RunCoder");
    const stopped = paused.when(send(stop)).then("WorkPaused", "TaskHeld");
    expect(stopped.when(send(pause)).then().state.system.pause?.stop_runs).toBe(true);
    stopped.when(send(stop)).then();
  });

  it("refuses the whole stop if there are more runs than ids for their holds", () => {
    after("started")
      .when(send({ kind: "PauseWork", hold_ids: [] }))
      .thenRefused("stale");
  });
});
