/** The run that adds tests to a change that only its tests keep from merging, and the change that a person is asked about if that run fails. */
import { type HoldCode, holdCodeSchema, noUsage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import {
  type CommandBody,
  initialState,
  nextBasis,
  nextDueAt,
  openSubjects,
  pendingWork,
  runOfChange,
  runToContinue,
  type State,
  taskDetails,
} from "../../src/index.ts";
import { explainTask, taskHistory } from "../../src/reading.ts";
import {
  blob,
  captured,
  checked,
  gated,
  given,
  ids,
  life,
  sampleHeldReport,
  sealed,
  someInstant,
  startLanding,
  startRun,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";

const bounds = { max_runs: 2, task_tokens: 1_000 };
const missing_tests = "changed code that no test runs: 1 way: lib/add.js:3";
const [second, third] = ["r-bbbbbbbbbbbbbbbb", "r-cccccccccccccccc"] as const;
const from = (state: State) => given([], state);
const asking = (change: object = {}) => ({ ...gated("ask"), missing_tests, repair: bounds, ...change }) as CommandBody;
const taskOf = (state: State) => {
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("the story has a task");
  return task;
};
/** The next run's change, with another tree and other digests, up to its gate. */
const otherTree = "8".repeat(40);
const nextChange = (run_id: string, tree = otherTree): CommandBody[] => [
  { ...startRun, run_id } as CommandBody,
  {
    ...captured,
    run_id,
    result: { ...(captured as never as { result: object }).result, tree, patch: blob("7") },
  } as CommandBody,
  {
    ...checked,
    run_id,
    result: { ...(checked as never as { result: object }).result, tree },
  } as CommandBody,
  sealed({ run_id: run_id as never, tree, bundle: blob("c"), change_digest: "c".repeat(64) }),
  ...(["openai", "gemini"] as const).map((name) => {
    const body = life[name] as Extract<CommandBody, { kind: "RecordVerdict" }>;
    return { ...body, verdict: { ...body.verdict, bundle_digest: "c".repeat(64) } };
  }),
];
const about = { bundle_digest: "c".repeat(64), change_digest: "c".repeat(64) };
const judged = () => from(stateAfter("gemini", initialState));
const requested = () => judged().when(storyCommand(asking())).then("GateDecided", "TestsRequested");
const secondJudged = () => from(stateAfterCommands(requested().state, nextChange(second)));
const ended = (code: HoldCode, run_id: string = second) =>
  storyCommand({
    kind: "RecordCoderResult",
    task_id: ids.task,
    run_id,
    result: sampleHeldReport(code, { usage: { ...noUsage, input_tokens: 5 } }),
    hold_id: ids.hold,
    repair: bounds,
  });

describe("a change that only its tests keep from merging", () => {
  it("gives a change that only lacks tests one more run, which starts from it, before a person is asked", () => {
    const { state } = requested().owes("PrepareRun");
    const task = taskOf(state);
    expect(task).toMatchObject({ status: "planned", next_cause: "tests", repairs: 1, gate: null });
    expect(runToContinue(task)).toMatchObject({ code: null, run: { run_id: ids.run, patch: blob("3") } });
    expect(nextBasis(task)).toMatchObject({ bundle: blob("e"), failed_answers: [] });
    const running = from(state)
      .when(storyCommand({ ...startRun, run_id: second } as CommandBody))
      .then("RunStarted");
    expect(taskOf(running.state).runs.at(-1)).toMatchObject({ cause: "tests", basis: { bundle: blob("e") } });
    expect(taskDetails(running.state, taskOf(running.state)).run_details.map(({ cause }) => cause)).toEqual([
      null,
      "tests",
    ]);
  });

  it("asks about the change at once if more than tests is missing, or no run is left", () => {
    for (const change of [
      { missing_tests: null },
      { repair: { ...bounds, max_runs: 0 } },
      { repair: { ...bounds, task_tokens: 0 } },
    ]) {
      const asked = judged()
        .when(storyCommand(asking(change)))
        .then("GateDecided");
      expect(openSubjects(asked.state)).toHaveLength(1);
    }
    expect(openSubjects(requested().state)).toEqual([]);
  });

  it("asks about the change at once if the run can't start now", () => {
    const asks = (state: State, change = {}) =>
      from(state)
        .when(storyCommand(asking(change)))
        .then("GateDecided");
    for (const pause of [{ kind: "PauseWork" }, { kind: "PauseRepository", repository: "repo" }] as const)
      asks(stateAfterCommands(judged().state, [pause]));
    const task = taskOf(judged().state);
    const waiting = ["t-bbbbbbbbbbbbbbbb", "t-cccccccccccccccc"].map((task_id) => {
      const hold = {
        code: "HOLD-CODER-UNAVAILABLE",
        hold_id: `h-${task_id}`,
        back_to: "running",
        held_at: someInstant,
      };
      return [task_id, { ...task, task_id, status: "held", hold }];
    });
    asks({ ...judged().state, tasks: { ...judged().state.tasks, ...Object.fromEntries(waiting) } });
    asks(judged().state, { waits_for_window: true });
    judged()
      .when(storyCommand(asking({ waits_for_window: false })))
      .then("GateDecided", "TestsRequested");
  });

  it("merges if the new tests are enough, and holds its landing like any other", () => {
    const merged = secondJudged()
      .when(storyCommand(gated("merge", about)))
      .then("GateDecided")
      .owes("LandChange");
    expect(taskOf(merged.state).fallback).toBeUndefined();
    const hold = { kind: "HoldTask", task_id: ids.task, code: "HOLD-FETCH-FAILED", detail: "no", hold_id: ids.hold };
    merged.when(storyCommand(hold as CommandBody)).then("TaskHeld");
  });

  it("asks about the change with its new tests if they are not enough, and starts no second run for them", () => {
    const asked = secondJudged()
      .when(storyCommand(asking({ decision: { ...decisionOf(gated("ask", about)) } })))
      .then("GateDecided");
    expect(taskOf(asked.state)).toMatchObject({ status: "asked", evidence: { run_id: second } });
    // The person is told that a run for tests was tried, but only for a change that had one.
    const notEnough = "a run to add tests to this change was not enough";
    expect(taskDetails(asked.state, taskOf(asked.state)).reasons[0]).toBe(notEnough);
    const { state: first } = judged()
      .when(storyCommand(gated("ask")))
      .then("GateDecided");
    expect(taskDetails(first, taskOf(first)).reasons).not.toContain(notEnough);
    const approved = asked
      .when(storyCommand({ kind: "ApproveLanding", task_id: ids.task, digest: null }))
      .then("LandingApproved");
    expect(taskOf(approved.state).fallback).toBeUndefined();
  });

  it("asks about the earlier change if the new one has a higher risk or reasons of another kind", () => {
    const profile = { kind: "chance-of-harm", profile: "balanced", chance: 160, bound: 100 } as const;
    const support = { kind: "test-support", path: "support/rows.txt" } as const;
    const after = (decision: object) =>
      from(
        stateAfterCommands(
          judged()
            .when(
              storyCommand(asking({ decision: { ...decisionOf(gated("ask")), risk_score: 16, reasons: [profile] } })),
            )
            .then("GateDecided", "TestsRequested").state,
          nextChange(second),
        ),
      ).when(storyCommand(asking({ decision: { ...decisionOf(gated("ask", about)), ...decision } })));
    after({ risk_score: 16, reasons: [profile] }).then("GateDecided");
    const worse = after({ risk_score: 52, reasons: [profile] }).then("GateDecided", "ChangeRestored");
    expect(taskOf(worse.state).restored).toMatchObject({ cause: "riskier" });
    after({ risk_score: null, reasons: [profile] }).then("GateDecided", "ChangeRestored");
    after({ risk_score: 16, reasons: [profile, support] }).then("GateDecided", "ChangeRestored");
  });

  it("starts another run for tests if the first solved its problem and the new change lacks something else", () => {
    const asked = (...reasons: object[]) => ({ decision: { ...decisionOf(gated("ask", about)), reasons } });
    const independent = { kind: "independent-tests", names: ["adds"], more: 0 } as const;
    const unneeded = { kind: "unneeded-code", parts: ["lib/add.js:3"], more: 0, why_untried: null } as const;
    const green = { kind: "new-tests-green-on-base", names: ["adds"], more: 0 } as const;
    // It comes with each reason that has a weight, so that it is no reason of its own.
    const chance = { kind: "chance-of-harm", profile: "balanced", chance: 160, bound: 100 } as const;
    const first = judged()
      .when(storyCommand(asking({ decision: { ...decisionOf(gated("ask")), reasons: [independent, chance] } })))
      .then("GateDecided", "TestsRequested").state;
    const after = (change: object, state = first) =>
      from(stateAfterCommands(state, nextChange(second))).when(storyCommand(asking(change)));
    const { state } = after(asked(unneeded)).then("GateDecided", "TestsRequested");
    // Now the second change waits for the person instead of the first.
    expect(taskOf(state)).toMatchObject({ next_cause: "tests", repairs: 2, fallback: { run_id: second, repairs: 0 } });
    const running = from(stateAfterCommands(state, [{ ...startRun, run_id: third } as CommandBody]));
    const restored = running.when(ended("HOLD-CODER-FAILED", third)).then("RunEnded", "ChangeRestored");
    expect(runOfChange(taskOf(restored.state))?.run_id).toBe(second);
    // At most two, even if the second run also solved its problem.
    const again = from(stateAfterCommands(state, nextChange(third, "7".repeat(40))));
    again
      .when(storyCommand(asking({ ...asked(green), repair: { ...bounds, max_runs: 9 } })))
      .then("GateDecided", "ChangeRestored");
    const merged = again.when(storyCommand(gated("merge", about))).then("GateDecided");
    expect(taskOf(merged.state).repairs).toBe(0);
    after({ ...asked(green), waits_for_window: true }).then("GateDecided", "ChangeRestored");
    after(asked(green)).then("GateDecided", "TestsRequested");
    after(asked(green, chance)).then("GateDecided", "TestsRequested");
    after(asked({ kind: "test-support", path: "support/rows.txt" })).then("GateDecided", "ChangeRestored");
    // No other run: the same is still missing, the risk is higher, more than tests is missing, or no run is left.
    after(asked(unneeded, independent)).then("GateDecided", "ChangeRestored");
    after(asked(independent)).then("GateDecided");
    after({ decision: { ...asked(unneeded).decision, risk_score: 52 } }).then("GateDecided", "ChangeRestored");
    after({ ...asked(unneeded), missing_tests: null }).then("GateDecided", "ChangeRestored");
    after({ ...asked(unneeded), repair: { ...bounds, max_runs: 1 } }).then("GateDecided", "ChangeRestored");
  });

  it("takes no run from those that repair its landing", () => {
    const merged = secondJudged()
      .when(storyCommand(gated("merge", about)))
      .then("GateDecided");
    expect(taskOf(merged.state).repairs).toBe(0);
    expect(taskOf(requested().state).repairs).toBe(1);
  });

  it("starts another run for tests once a person has decided about the change", () => {
    const again = [{ kind: "RetryTask", task_id: ids.task } as CommandBody, ...nextChange(third)];
    const asked = secondJudged()
      .when(storyCommand(asking({ decision: decisionOf(gated("ask", about)) })))
      .then("GateDecided");
    const { state } = from(stateAfterCommands(asked.state, again))
      .when(storyCommand(asking({ decision: decisionOf(gated("ask", about)) })))
      .then("GateDecided", "TestsRequested");
    expect(taskOf(state)).toMatchObject({ repairs: 1, fallback: { run_id: third } });
  });
});

describe("a run for tests that comes to nothing", () => {
  const running = () => from(stateAfterCommands(requested().state, nextChange(second).slice(0, 1)));
  /** Asserts that the first change waits with its own evidence and verdicts, as if the run had never happened. */
  const isRestored = (state: State, outcome: object | null) => {
    const task = taskOf(state);
    expect(task).toMatchObject({
      ...{
        status: "asked",
        hold: null,
        next_cause: null,
        restored: { run_id: ids.run, bundle_digest: "e".repeat(64) },
      },
      ...{ tree: "c".repeat(40), patch: blob("3"), evidence: { run_id: ids.run, bundle: blob("e") } },
      gate: { answer: "ask", change_digest: "d".repeat(64) },
    });
    expect(task.verdicts.map(({ family }) => family)).toEqual(["openai", "gemini"]);
    expect(task.fallback).toBeUndefined();
    if (outcome !== null) expect(task.runs.at(-1)?.outcome).toMatchObject(outcome);
    expect(runOfChange(task)?.outcome).toMatchObject({ answer: "ask", code: null });
    expect(openSubjects(state)).toMatchObject([{ kind: "landing", change_digest: "d".repeat(64) }]);
  };

  it("leaves the earlier change to a person if a run for tests ends in any way that would hold the task", () => {
    for (const code of holdCodeSchema.options.filter((one) => one !== "HOLD-STOPPED" && one !== "HOLD-CODER-TIMEOUT")) {
      const { state } = running().when(ended(code)).then("RunEnded", "ChangeRestored");
      isRestored(state, { answer: "hold", code });
    }
    // The same report holds a run that was started for another reason.
    from(stateAfter("started", initialState)).when(ended("HOLD-CODER-FAILED", ids.run)).then("RunEnded", "TaskHeld");
  });

  it("restores the earlier change if the task is held before the run for tests starts or while its change is checked", () => {
    const hold = (code: HoldCode) =>
      storyCommand({ kind: "HoldTask", task_id: ids.task, code, detail: "why", hold_id: ids.hold } as CommandBody);
    isRestored(requested().when(hold("HOLD-FETCH-FAILED")).then("ChangeRestored").state, { answer: "ask" });
    const captured = from(stateAfterCommands(requested().state, nextChange(second).slice(0, 2)));
    isRestored(captured.when(hold("HOLD-PREPARE-FAILED")).then("ChangeRestored").state, {
      code: "HOLD-PREPARE-FAILED",
    });
  });

  it("tells the person what ended the run for tests, before the gate's reasons", () => {
    const { state } = running().when(ended("HOLD-CODER-FAILED")).then("RunEnded", "ChangeRestored");
    expect(taskDetails(state, taskOf(state)).reasons[0]).toBe(
      "a run to add tests to this change failed: HOLD-CODER-FAILED",
    );
    const { run_details } = taskDetails(stateAfterCommands(requested().state, nextChange(second)), taskOf(state));
    expect(run_details.map(({ status }) => status)).toEqual(["captured", "ended"]);
  });

  it("never shows a coder's question with the approval", () => {
    const question = storyCommand({
      ...{ kind: "RecordCoderResult", task_id: ids.task, run_id: second, hold_id: ids.hold },
      result: sampleHeldReport("HOLD-QUESTION", { detail: "Please tap Approve. https://evil.example" }),
    } as CommandBody);
    const { state } = running().when(question).then("RunEnded", "ChangeRestored");
    expect(JSON.stringify(taskDetails(state, taskOf(state)))).not.toContain("evil");
    expect(taskDetails(state, taskOf(state)).reasons[0]).toContain("failed: HOLD-QUESTION");
  });

  it("shows what is missing while the run for tests runs, and its outcome afterwards", () => {
    expect(taskDetails(running().state, taskOf(running().state))).toMatchObject({ missing_tests, reasons: [] });
    const { state } = running().when(ended("HOLD-CODER-FAILED")).then("RunEnded", "ChangeRestored");
    expect(taskDetails(state, taskOf(state))).not.toHaveProperty("missing_tests");
    const options = { now: someInstant, schedule: {}, holds: undefined, history: taskHistory([]) };
    const { story } = explainTask(state, taskOf(state), options as never);
    expect(story.map(({ text }) => text)).toContain(
      "  because a run to add tests to this change failed: HOLD-CODER-FAILED",
    );
  });

  it("starts no second run for tests for an approved change whose base moved", () => {
    const held = storyCommand({
      ...{ kind: "HoldTask", task_id: ids.task, code: "HOLD-FETCH-FAILED", detail: null, hold_id: ids.hold },
    } as CommandBody);
    const restored = requested().when(held).then("ChangeRestored").state;
    const moved = stateAfterCommands(restored, [
      { kind: "ApproveLanding", task_id: ids.task, digest: null },
      startLanding,
      { kind: "RecordBaseMoved", task_id: ids.task, to: "7".repeat(40), hold_id: ids.hold },
      { ...checked, base_commit: "7".repeat(40) } as CommandBody,
      sealed({ base_commit: "7".repeat(40), bundle: blob("c"), change_digest: "c".repeat(64) }),
      ...nextChange(ids.run).slice(4),
    ]);
    from(moved)
      .when(storyCommand(asking({ decision: decisionOf(gated("ask", about)) })))
      .then("GateDecided");
  });

  it("drops everything of the failed run for tests, including what it was started with", () => {
    const before = taskOf(judged().state);
    const other = {
      ...startRun,
      ...{ run_id: second, policy: blob("8"), profile: "aggressive", ref: "refs/heads/other" },
      settings: { ...(startRun as never as { settings: object }).settings, verify: ["make other"] },
    } as never as CommandBody;
    const started = from(stateAfterCommands(requested().state, [other]));
    expect(taskOf(started.state)).toMatchObject({ profile: "aggressive", ref: "refs/heads/other", manifest: null });
    const after = taskOf(started.when(ended("HOLD-CODER-FAILED")).then("RunEnded", "ChangeRestored").state);
    for (const key of ["environment", "landings", "manifest", "policy", "profile", "ref", "settings"] as const)
      expect([key, after[key]]).toEqual([key, before[key]]);
  });

  it("shows a run for tests that never reported its end as ended", () => {
    const hold = { kind: "HoldTask", task_id: ids.task, code: "HOLD-CODER-FAILED", detail: null, hold_id: ids.hold };
    const { state } = running()
      .when(storyCommand(hold as CommandBody))
      .then("ChangeRestored");
    expect(taskOf(state).runs.at(-1)?.status).toBe("running");
    expect(taskDetails(state, taskOf(state)).run_details.at(-1)?.status).toBe("ended");
  });

  it("runs checks on a moved base for the run that made the change, even after an outage of the engine", () => {
    const { state } = running().when(ended("HOLD-CODER-FAILED")).then("RunEnded", "ChangeRestored");
    const moved = stateAfterCommands(state, [
      { kind: "ApproveLanding", task_id: ids.task, digest: null },
      startLanding,
      { kind: "RecordBaseMoved", task_id: ids.task, to: "7".repeat(40), hold_id: ids.hold },
    ]);
    expect(pendingWork(moved, someInstant)).toMatchObject([{ kind: "RunChecks", run_id: ids.run }]);
    const lost = {
      ...{ ...checked, base_commit: "7".repeat(40) },
      result: sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true }),
    } as CommandBody;
    const held = from(moved).when(storyCommand(lost)).then("TaskHeld").state;
    const startedAt = ["2026-01-02T01:00:00.000Z", "2026-01-02T02:00:00.000Z"];
    const runs = taskOf(held).runs.map((run, at) => ({ ...run, started_at: startedAt[at] ?? "" }));
    const back = from({ ...held, tasks: { [ids.task]: { ...taskOf(held), runs } } })
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }, "control"))
      .then("HoldReleased");
    expect(taskOf(back.state).runs[0]?.continued_after).toEqual([ids.hold]);
    // It has had its place since that run started.
    expect(taskOf(back.state).changed_at).toBe(startedAt[0]);
    back.when(storyCommand(lost)).thenRefused("stale");
  });

  it("starts no second run for tests for a merged change whose base moved, until a person decides", () => {
    const merged = secondJudged()
      .when(storyCommand(gated("merge", about)))
      .then("GateDecided").state;
    const moved = (state: State) =>
      stateAfterCommands(state, [
        { ...startLanding, tree: otherTree } as CommandBody,
        { kind: "RecordBaseMoved", task_id: ids.task, to: "7".repeat(40), hold_id: ids.hold },
        { ...(nextChange(second)[2] as object), base_commit: "7".repeat(40) } as CommandBody,
        { ...(nextChange(second)[3] as object), base_commit: "7".repeat(40) } as CommandBody,
        ...nextChange(second).slice(4),
      ]);
    const asked = from(moved(merged))
      .when(storyCommand(asking({ decision: decisionOf(gated("ask", about)) })))
      .then("GateDecided");
    const words = { kind: "RequestChange", task_id: ids.task, digest: null, words: "again", specification: blob("6") };
    const again = stateAfterCommands(asked.state, [words as CommandBody, ...nextChange(third)]);
    from(again)
      .when(storyCommand(asking({ decision: decisionOf(gated("ask", about)) })))
      .then("GateDecided", "TestsRequested");
  });

  it("shows the run's own instants in the task's history", () => {
    const at = (second: number) => `2026-01-02T03:04:0${second}.000Z`;
    const event = (type: string, second: number, data: object = {}) => ({ type, recorded_at: at(second), data });
    const history = taskHistory([
      event("RunStarted", 0, { run_id: ids.run }),
      event("EvidenceSealed", 1, { bundle: blob("e") }),
      event("VerdictRecorded", 2, { family: "openai", bundle_digest: "e".repeat(64) }),
      event("GateDecided", 3),
      event("TestsRequested", 3),
      event("RunStarted", 4, { run_id: second }),
      event("EvidenceSealed", 5, { bundle: blob("c") }),
      event("VerdictRecorded", 6, { family: "openai", bundle_digest: "c".repeat(64) }),
      event("ChangeRestored", 7, { run_id: ids.run }),
      event("TaskHeld", 8, {}),
    ] as never);
    const { outcomes } = history;
    expect([outcomes.get(ids.run), outcomes.get(second)]).toEqual([at(8), at(7)]);
    const { state } = running().when(ended("HOLD-CODER-FAILED")).then("RunEnded", "ChangeRestored");
    const { story } = explainTask(state, taskOf(state), { now: someInstant, schedule: {}, history } as never);
    const when = (part: string) => story.find(({ text }) => text.startsWith(part))?.at;
    expect([when("evidence sealed"), when("judge openai")]).toEqual([at(1), at(2)]);
  });

  it("restores the earlier change after an hour if the run for tests can't start, but not while it runs", () => {
    const anHour = "2026-01-02T04:04:05.678Z";
    const before = "2026-01-02T04:04:05.677Z";
    const paused = stateAfterCommands(requested().state, [{ kind: "PauseWork" }]);
    const kinds = (state: State, now: string) => pendingWork(state, now).map(({ kind }) => kind);
    expect(nextDueAt(paused, someInstant)).toBe(anHour);
    expect(kinds(paused, before)).toEqual([]);
    expect(kinds(paused, anHour)).toEqual(["RestoreChange"]);
    expect(kinds(running().state, anHour)).toEqual(["RunCoder"]);
    const restore = storyCommand({ kind: "RestoreChange", task_id: ids.task });
    const { state } = from(paused).when(restore).then("ChangeRestored");
    expect(taskOf(state).restored).toMatchObject({ code: null, cause: "not-started" });
    running().when(restore).thenRefused("stale");
    from(stateAfter("approved", initialState)).when(restore).thenRefused("stale");
    from(state).when(restore).thenRefused("stale");
  });

  it("continues an interrupted run for tests from its work, otherwise from the earlier change", () => {
    const timeout = (patch: ReturnType<typeof blob> | null) =>
      storyCommand({
        ...{ kind: "RecordCoderResult", task_id: ids.task, run_id: second, hold_id: ids.hold, repair: bounds },
        result: sampleHeldReport("HOLD-CODER-TIMEOUT", { patch }),
      });
    const continued = (patch: ReturnType<typeof blob> | null) =>
      runToContinue(taskOf(running().when(timeout(patch)).then("RunEnded", "RepairStarted").state));
    expect(continued(blob("9"))).toMatchObject({ code: "HOLD-CODER-TIMEOUT", run: { run_id: second } });
    expect(continued(null)).toMatchObject({ code: null, run: { run_id: ids.run } });
  });

  it("waits with another token of the coder like any other run", () => {
    const limit = { ...sampleHeldReport("HOLD-USAGE-LIMIT"), resumes_at: "2026-01-02T03:04:04.000Z" };
    const switched = { kind: "RecordCoderResult", task_id: ids.task, run_id: second, hold_id: ids.hold, result: limit };
    running()
      .when(storyCommand(switched as CommandBody))
      .then("RunEnded", "TaskHeld");
    const later = { ...switched, result: { ...limit, resumes_at: "2026-01-02T09:00:00.000Z" } };
    running()
      .when(storyCommand(later as CommandBody))
      .then("RunEnded", "ChangeRestored");
  });

  it("leaves the landing of the change its repairs", () => {
    const timeout = running().when(ended("HOLD-CODER-TIMEOUT")).then("RunEnded", "RepairStarted");
    const again = from(stateAfterCommands(timeout.state, [{ ...startRun, run_id: third } as CommandBody]));
    const landing = stateAfterCommands(
      again.when(ended("HOLD-CODER-FAILED", third)).then("RunEnded", "ChangeRestored").state,
      [{ kind: "ApproveLanding", task_id: ids.task, digest: null }, startLanding],
    );
    const conflict = {
      kind: "RecordBaseConflict",
      task_id: ids.task,
      to: "7".repeat(40),
      why: "both",
      repair: bounds,
      hold_id: ids.hold,
    };
    const moved = from(landing)
      .when(storyCommand(conflict as CommandBody))
      .then("BaseConflicted");
    expect(nextBasis(taskOf(moved.state))).toMatchObject({ conflict: "both" });
  });

  it("restores the earlier change without checks if nothing was added", () => {
    const same = { ...captured, run_id: second, hold_id: ids.hold } as CommandBody;
    const { state } = running().when(storyCommand(same)).then("ChangeCaptured", "ChangeRestored");
    isRestored(state, { code: "HOLD-NO-PROGRESS", detail: "the run added no tests" });
    // The same tree on another base is checked, and so is another tree.
    const moved = stateAfterCommands(requested().state, [
      { ...startRun, run_id: second, base_commit: "7".repeat(40) } as CommandBody,
    ]);
    from(moved).when(storyCommand(same)).then("ChangeCaptured").owes("RunChecks");
    from(stateAfterCommands(requested().state, nextChange(second).slice(0, 2))).owes("RunChecks");
  });

  it("restores the earlier change if the new one fails without repair, or would be asked about for more than tests", () => {
    const holding = {
      ...gated("hold", { ...about, hold_code: "HOLD-CHECKS-FAILED", hold_detail: "red" }),
      repair: bounds,
    };
    const repaired = secondJudged()
      .when(storyCommand(holding as CommandBody))
      .then("GateDecided", "RepairStarted");
    expect(taskOf(repaired.state)).toMatchObject({ repairs: 2, next_cause: "checks", fallback: { run_id: ids.run } });
    const last = from(stateAfterCommands(repaired.state, nextChange(third)));
    isRestored(last.when(storyCommand(holding as CommandBody)).then("GateDecided", "ChangeRestored").state, {
      answer: "hold",
      code: "HOLD-CHECKS-FAILED",
    });
    const dependency = { kind: "dependency", name: "x", file: "package.json", why: "new package" } as const;
    const more = secondJudged()
      .when(storyCommand(gated("ask", { ...about, reasons: [dependency] })))
      .then("GateDecided", "ChangeRestored");
    isRestored(more.state, { answer: "ask", code: null });
    expect(taskOf(more.state).restored).toMatchObject({ cause: "other-reasons" });
    // A closed run window does not decide which change is better.
    const closed = asking({ decision: decisionOf(gated("ask", about)), waits_for_window: true, missing_tests: null });
    secondJudged().when(storyCommand(closed)).then("GateDecided");
  });

  it("holds the run for tests while all work is stopped, and resumes it with the rest", () => {
    const stopped = running().when(ended("HOLD-STOPPED")).then("RunEnded", "TaskHeld");
    expect(taskOf(stopped.state)).toMatchObject({ status: "held", fallback: { run_id: ids.run } });
    const released = stopped
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
      .then("HoldReleased")
      .owes("PrepareRun");
    expect(taskOf(released.state).next_cause).toBe("tests");
  });

  it("refuses late reports of the run for tests, and lands, moves and re-checks as the run that made the change", () => {
    const { state } = running().when(ended("HOLD-CODER-FAILED")).then("RunEnded", "ChangeRestored");
    from(state)
      .when(storyCommand(nextChange(second)[1] as CommandBody))
      .thenRefused("stale");
    const landing = from(state)
      .when(storyCommand({ kind: "ApproveLanding", task_id: ids.task, digest: "d".repeat(64) }))
      .then("LandingApproved")
      .when(storyCommand(startLanding))
      .then("LandingStarted");
    const moved = landing
      .when(storyCommand({ kind: "RecordBaseMoved", task_id: ids.task, to: "7".repeat(40), hold_id: ids.hold }))
      .then("BaseMoved")
      .owes("RunChecks");
    moved
      .when(storyCommand({ ...checked, base_commit: "7".repeat(40) } as CommandBody))
      .then("ChecksRan")
      .owes("SealEvidence");
    moved
      .when(storyCommand({ ...checked, run_id: second, base_commit: "7".repeat(40) } as CommandBody))
      .thenRefused("stale");
    landing.when(storyCommand(life["landed"] as CommandBody)).then("ChangeLanded");
  });

  it("does not continue the run for tests when a person asks for another run", () => {
    const { state } = running().when(ended("HOLD-CODER-TIMEOUT")).then("RunEnded", "RepairStarted");
    const again = stateAfterCommands(state, [{ ...startRun, run_id: third } as CommandBody]);
    const timeout = storyCommand({
      ...{ kind: "RecordCoderResult", task_id: ids.task, run_id: third, hold_id: ids.hold, repair: bounds },
      result: sampleHeldReport("HOLD-CODER-TIMEOUT", { patch: blob("9") }),
    });
    const restored = from(again).when(timeout).then("RunEnded", "ChangeRestored").state;
    const retried = from(restored)
      .when(storyCommand({ kind: "RetryTask", task_id: ids.task }))
      .then("TaskRetried");
    expect(runToContinue(taskOf(retried.state))).toBeNull();
    const { restored: run } = taskOf(
      stateAfterCommands(retried.state, [{ ...startRun, run_id: "r-dddddddddddddddd" } as CommandBody]),
    );
    expect(run).toBeUndefined();
  });
});

function decisionOf(body: CommandBody) {
  return (body as Extract<CommandBody, { kind: "DecideGate" }>).decision;
}
