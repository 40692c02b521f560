/** The run that writes tests from the specification alone before a change merges, and the change that waits for it. */
import { type HoldCode, noUsage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import {
  type CommandBody,
  independentOutcome,
  initialState,
  nextBasis,
  nextDueAt,
  pendingWork,
  runOfChange,
  runToContinue,
  type State,
  taskDetails,
} from "../../src/index.ts";
import { explainTask, taskHistory } from "../../src/reading.ts";
import { taskQuestion } from "../../src/task/task-question.ts";
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
  startRun,
  stateAfter,
  stateAfterCommands,
  storyCommand,
  tree,
} from "../../src/testing/index.ts";

const [second, third, fourth] = ["r-bbbbbbbbbbbbbbbb", "r-cccccccccccccccc", "r-dddddddddddddddd"] as const;
const otherTree = "8".repeat(40);
const from = (state: State) => given([], state);
const taskOf = (state: State) => {
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("the story has a task");
  return task;
};
const merging = (change: object = {}) => ({ ...gated("merge"), independent_tests: true, ...change }) as CommandBody;
const mergingAgain = () => merging({ decision: decisionOf(gated("merge", again)) });
/** The steps from the end of the first run to the last verdict on its change. */
const steps = Object.keys(life);
const afterStart = Object.values(life).slice(steps.indexOf("started") + 1, steps.indexOf("gemini") + 1);
const judged = () => from(stateAfter("gemini", initialState));
const requested = () => judged().when(storyCommand(merging())).then("IndependentTestsRequested");
const writing = () =>
  requested()
    .when(storyCommand({ ...startRun, run_id: second, base_commit: "9".repeat(40) } as CommandBody))
    .then("RunStarted");
const written = () => {
  const result = { ...(captured as never as { result: object }).result, tree: otherTree, patch: blob("7") };
  return writing()
    .when(storyCommand({ ...captured, run_id: second, result } as CommandBody))
    .then("ChangeCaptured", "IndependentTestsEnded");
};
/** The first run's change, checked with the new tests and judged again. */
const judgedAgain = (state = written().state, run_id: string = ids.run, ofTree = tree) => {
  const bundle_digest = "c".repeat(64);
  const verdicts = (["openai", "gemini"] as const).map((name) => {
    const body = life[name] as Extract<CommandBody, { kind: "RecordVerdict" }>;
    return { ...body, verdict: { ...body.verdict, bundle_digest } };
  });
  const result = { ...(checked as never as { result: object }).result, tree: ofTree };
  const evidence = { run_id: run_id as never, tree: ofTree, bundle: blob("c") };
  const commands = [{ ...checked, run_id, result } as CommandBody, sealed(evidence)];
  return from(stateAfterCommands(state, [...commands, ...verdicts]));
};
const again = { bundle_digest: "c".repeat(64) };
const bounds = { max_runs: 3, task_tokens: 1_000 };
const reasons = [{ kind: "independent-tests" as const, tests: ["a"], more: 0 }];
const failing = {
  ...gated("ask", { ...again, reasons }),
  missing_tests: "a test fails",
  repair: bounds,
} as CommandBody;
/** The change of the run for tests that followed, judged: it would merge. */
const corrected = () => {
  const { state } = judgedAgain().when(storyCommand(failing)).then("GateDecided", "TestsRequested");
  const { result } = captured as never as { result: object };
  const run = [
    { ...startRun, run_id: third },
    { ...captured, run_id: third, result: { ...result, tree: otherTree, patch: blob("8") } },
  ] as CommandBody[];
  return judgedAgain(stateAfterCommands(state, run), third, otherTree);
};
const twice = { written: { base_commit: "9".repeat(40), patch: blob("7") }, rounds: 2, run_id: third };
const decisionOf = (body: CommandBody) => (body as Extract<CommandBody, { kind: "DecideGate" }>).decision;

const nothing = (code: HoldCode | null) => ({ written: null, rounds: 1, run_id: ids.run, missing: { code } });
const ended = (code: HoldCode, change: object = {}) =>
  storyCommand({
    kind: "RecordCoderResult",
    task_id: ids.task,
    run_id: second,
    result: sampleHeldReport(code, { usage: { ...noUsage, input_tokens: 5 }, ...change }),
    hold_id: ids.hold,
    repair: { max_runs: 2, task_tokens: 1_000 },
  });
const plainTask = () => taskOf(stateAfter("captured", initialState));
/** Asserts that the first run's change is checked next, as if it had just been captured. */
const isChecked = (state: State) => {
  const task = taskOf(state);
  const plain = plainTask();
  expect(task).toMatchObject({
    ...{ status: "captured", tree: plain.tree, patch: plain.patch, base_commit: plain.base_commit, hold: null },
    ...{ settings: plain.settings, policy: plain.policy, profile: plain.profile, next_cause: null, repairs: 0 },
    ...{ manifest: null, evidence: null, verdicts: [], gate: null },
  });
  expect(task.set_aside).toBeUndefined();
  expect(runOfChange(task)?.run_id).toBe(ids.run);
  expect(pendingWork(state, someInstant)).toMatchObject([
    { kind: "RunChecks", run_id: ids.run, base_commit: plain.base_commit },
  ]);
  return task;
};

describe("a run that writes tests", () => {
  it("starts a run for independent tests when a change would merge, from the base and without the change", () => {
    const { state } = requested().owes("PrepareRun");
    const task = taskOf(state);
    expect(task).toMatchObject({ status: "planned", next_cause: "independent-tests", repairs: 0, gate: null });
    expect([runToContinue(task), nextBasis(task)]).toEqual([null, null]);
    const { runs, base_commit } = taskOf(writing().owes("RunCoder").state);
    expect(runs.map(({ cause, basis }) => [cause, basis])).toEqual([
      [null, null],
      ["independent-tests", null],
    ]);
    expect(base_commit).toBe("9".repeat(40));
  });

  it("starts no run for independent tests if the policy does not want it, or a person is asked", () => {
    const merged = judged()
      .when(storyCommand(merging({ independent_tests: false })))
      .then("GateDecided");
    expect(taskOf(merged.state).status).toBe("landing");
    judged()
      .when(storyCommand({ ...gated("ask"), independent_tests: true } as CommandBody))
      .then("GateDecided");
  });

  it("lets a change wait if the run can't start now, so that it does not merge without tests", () => {
    const waits = (state: State, change: object = {}) =>
      from(state)
        .when(storyCommand(merging(change)))
        .then("IndependentTestsRequested");
    waits(judged().state, { waits_for_window: true });
    for (const pause of [{ kind: "PauseWork" }, { kind: "PauseRepository", repository: "repo" }] as const) {
      const { state } = waits(stateAfterCommands(judged().state, [pause]));
      const kinds = pendingWork(state, nextDueAt(state, someInstant) ?? "").map(({ kind }) => kind);
      expect(kinds).toContain("RestoreChange");
      expect(kinds).not.toContain("PrepareRun");
    }
    const held = { code: "HOLD-CODER-UNAVAILABLE", back_to: "running", held_at: someInstant };
    const task = taskOf(judged().state);
    const waiting = ["t-bbbbbbbbbbbbbbbb", "t-cccccccccccccccc"].map((task_id) => {
      return [task_id, { ...task, task_id, status: "held", hold: { ...held, hold_id: `h-${task_id}` } }];
    });
    waits({ ...judged().state, tasks: { ...judged().state.tasks, ...Object.fromEntries(waiting) } } as State);
  });

  it("runs the new tests in the checks of the earlier change, which merges if they pass", () => {
    const task = isChecked(written().state);
    expect(task.independent).toEqual({ ...twice, rounds: 1, run_id: ids.run });
    expect(independentOutcome(task)).toEqual({ isSecond: false, missing: null });
    const base = plainTask().base_commit;
    expect(pendingWork(written().state, someInstant)).toMatchObject([{ work_id: `RunChecks/${ids.run}/${base}/1` }]);
    const sealing = { ...written().state, tasks: { [ids.task]: { ...task, status: "checked" } } } as State;
    expect(pendingWork(sealing, someInstant)).toMatchObject([{ work_id: `SealEvidence/${ids.run}/${base}/1` }]);
    expect(taskDetails(written().state, task).run_details.map(({ status }) => status)).toEqual([
      "captured",
      "captured",
    ]);
    const merged = judgedAgain().when(storyCommand(mergingAgain())).then("GateDecided");
    expect(taskOf(merged.state)).toMatchObject({ status: "landing", gate: { answer: "merge" } });
  });

  it("writes independent tests once, and keeps the judges' answers on the change", () => {
    const { verdicts } = taskOf(judgedAgain().state);
    expect(verdicts.map(({ verdict, reused_from }) => [verdict, reused_from])).toEqual([
      ["pass", "e".repeat(64)],
      ["pass", "e".repeat(64)],
    ]);
  });

  it("follows failing independent tests with a run for tests, even after an earlier one", () => {
    const { state } = judgedAgain().when(storyCommand(failing)).then("GateDecided", "TestsRequested");
    expect(taskOf(state)).toMatchObject({ next_cause: "tests", fallback: { run_id: ids.run } });
    const before = taskOf(judgedAgain().state);
    const [first, ...others] = before.runs;
    const earlier = { ...first, run_id: fourth, cause: "tests" };
    const runs = [earlier, first, ...others].filter((run) => run !== undefined);
    from({ ...judgedAgain().state, tasks: { [ids.task]: { ...before, runs } } } as State)
      .when(storyCommand(failing))
      .then("GateDecided", "TestsRequested");
  });

  it("writes new independent tests before a later change merges, because its coder may know the first tests", () => {
    const requestedAgain = corrected().when(storyCommand(mergingAgain())).then("IndependentTestsRequested");
    expect(taskOf(requestedAgain.state)).toMatchObject({ next_cause: "independent-tests", independent: { rounds: 1 } });
    const repaired = { ...taskOf(corrected().state) };
    const runs = repaired.runs.map((run) => (run.run_id === third ? { ...run, cause: "checks" } : run));
    from({ ...corrected().state, tasks: { [ids.task]: { ...repaired, runs } } } as State)
      .when(storyCommand(mergingAgain()))
      .then("IndependentTestsRequested");
    // A second run makes up for a first that wrote nothing.
    const independent = nothing("HOLD-CODER-FAILED");
    const unmeasured = { ...repaired, independent };
    expect(independentOutcome(unmeasured)).toBeUndefined();
    from({ ...corrected().state, tasks: { [ids.task]: unmeasured } } as State)
      .when(storyCommand(mergingAgain()))
      .then("IndependentTestsRequested");
  });

  it("keeps the first tests if the second run writes none, and starts no third run", () => {
    const state = stateAfterCommands(corrected().state, [
      mergingAgain(),
      { ...startRun, run_id: fourth } as CommandBody,
    ]);
    const over = from(state)
      .when({ ...ended("HOLD-CODER-FAILED"), run_id: fourth } as never)
      .then("RunEnded", "IndependentTestsEnded");
    const missing = { code: "HOLD-CODER-FAILED" };
    expect(taskOf(over.state).independent).toEqual({ ...twice, missing });
    expect(independentOutcome(taskOf(over.state))).toEqual({ isSecond: true, missing: { why: "held", ...missing } });
    expect(runOfChange(taskOf(over.state))?.run_id).toBe(third);
    from({ ...corrected().state, tasks: { [ids.task]: { ...taskOf(corrected().state), independent: twice } } })
      .when(storyCommand(mergingAgain()))
      .then("GateDecided");
  });

  it("leaves the change to a person if tests of the second run fail", () => {
    const { result } = captured as never as { result: object };
    const state = stateAfterCommands(corrected().state, [
      mergingAgain(),
      { ...startRun, run_id: fourth } as CommandBody,
      { ...captured, run_id: fourth, result: { ...result, patch: blob("9") } } as CommandBody,
    ]);
    const { independent } = taskOf(state);
    expect(independent).toMatchObject({ written: { patch: blob("9") }, rounds: 2 });
    const asks = (kind: string) => {
      const decision = { ...decisionOf(failing), reasons: [{ kind, tests: ["a"], more: 0 }] };
      return judgedAgain(state, third, otherTree).when(storyCommand({ ...failing, decision } as CommandBody));
    };
    expect(taskOf(asks("independent-tests").then("GateDecided").state)).toMatchObject({ status: "asked" });
    asks("new-tests-green-on-base").then("GateDecided", "TestsRequested");
  });

  it("drops the change before a run for tests when independent tests are requested, and gives its repair back", () => {
    const fallback = { run_id: third, repairs: 0 } as never;
    const task = { ...taskOf(judged().state), fallback, repairs: 1 };
    const { state } = from({ ...judged().state, tasks: { [ids.task]: task } })
      .when(storyCommand(merging()))
      .then("IndependentTestsRequested");
    expect(taskOf(state)).toMatchObject({ repairs: 0, set_aside: { tree: task.tree } });
    expect(taskOf(state).fallback).toBeUndefined();
  });

  it("writes no independent tests for a change that a person was asked about after a run for tests did not help", () => {
    const restored = { run_id: ids.run as never, bundle_digest: null, cause: "held", code: null } as const;
    const task = { ...taskOf(judged().state), restored };
    expect(independentOutcome(taskOf(judged().state))).toBeUndefined();
    // A person is asked again on another base.
    expect(independentOutcome(task)).toEqual({ isSecond: false, missing: { why: "restored", code: null } });
    const about = { run_id: ids.run, rounds: 1, written: twice.written };
    expect(independentOutcome({ ...task, independent: about })).toEqual({ isSecond: false, missing: null });
    from({ ...judged().state, tasks: { [ids.task]: task } })
      .when(storyCommand(merging()))
      .then("GateDecided");
  });

  it("does not change the number of landings", () => {
    const task = { ...taskOf(judged().state), landings: 3 };
    const requestedThen = from({ ...judged().state, tasks: { [ids.task]: task } })
      .when(storyCommand(merging()))
      .then("IndependentTestsRequested")
      .when(storyCommand({ ...startRun, run_id: second } as CommandBody))
      .then("RunStarted")
      .when(ended("HOLD-CODER-FAILED"))
      .then("RunEnded", "IndependentTestsEnded");
    expect(taskOf(requestedThen.state).landings).toBe(3);
  });

  it.each<HoldCode>([
    "HOLD-CODER-FAILED",
    "HOLD-CODER-TIMEOUT",
    "HOLD-NO-PROGRESS",
    "HOLD-USAGE-LIMIT",
    "HOLD-BUDGET",
    "HOLD-CODER-UNAVAILABLE",
  ])("does not hold the change if the run for independent tests ends with %s", (code) => {
    const task = isChecked(writing().when(ended(code)).then("RunEnded", "IndependentTestsEnded").state);
    expect(task.independent).toEqual(nothing(code));
    expect(independentOutcome(task)).toEqual({ isSecond: false, missing: { why: "held", code } });
    expect(task.runs.map(({ outcome }) => outcome?.code ?? null)).toEqual([null, code]);
    judgedAgain(writing().when(ended(code)).then("RunEnded", "IndependentTestsEnded").state)
      .when(storyCommand(mergingAgain()))
      .then("GateDecided");
  });

  it("does not show a question of the run for independent tests", () => {
    const after = writing()
      .when(ended("HOLD-QUESTION", { detail: "approve me?" }))
      .then("RunEnded", "IndependentTestsEnded");
    expect(JSON.stringify(isChecked(after.state).runs.at(-1)?.outcome)).not.toContain("approve me");
  });

  it("does not hold the change if the run's base can't be fetched, or the run does not start within an hour", () => {
    const hold = storyCommand({
      ...{ kind: "HoldTask", task_id: ids.task, code: "HOLD-FETCH-FAILED", detail: null, hold_id: ids.hold },
    } as CommandBody);
    const failed = isChecked(requested().when(hold).then("IndependentTestsEnded").state);
    expect(failed.independent).toEqual(nothing("HOLD-FETCH-FAILED"));
    const { state } = requested();
    const due = nextDueAt(state, someInstant) ?? "";
    expect(Date.parse(due) - Date.parse(taskOf(state).changed_at)).toBe(60 * 60_000);
    const late = pendingWork(state, due).filter(({ kind }) => kind === "RestoreChange");
    expect(late).toHaveLength(1);
    expect(pendingWork(state, someInstant).filter(({ kind }) => kind === "RestoreChange")).toEqual([]);
    const restore = storyCommand({ kind: "RestoreChange", task_id: ids.task });
    const never = isChecked(requested().when(restore).then("IndependentTestsEnded").state);
    expect(never.independent).toEqual(nothing(null));
    expect(independentOutcome(never)).toEqual({ isSecond: false, missing: { why: "not-in-time", code: null } });
  });

  it("holds the run for independent tests like any other when all work stops, and starts over on a retry", () => {
    const hold = storyCommand({
      ...{ kind: "HoldTask", task_id: ids.task, code: "HOLD-STOPPED", detail: null, hold_id: ids.hold },
    } as CommandBody);
    const { state } = writing().when(hold).then("TaskHeld");
    const task = taskOf(state);
    expect(task.set_aside).toBeDefined();
    const retried = from(state)
      .when(storyCommand({ kind: "RetryTask", task_id: ids.task }))
      .then("TaskRetried").state;
    expect(taskOf(retried).set_aside).toBeUndefined();
    expect(taskOf(retried)).toMatchObject({ status: "planned", next_cause: null });
    // The coder is told of the change that a person sends back.
    const { evidence } = taskOf(judged().state);
    const words = { words: "simpler", specification: blob("5") };
    const back = (digest: string) =>
      storyCommand({ kind: "RequestChange", task_id: ids.task, digest, ...words } as CommandBody);
    const sentBack = from(state)
      .when(back(evidence?.change_digest ?? ""))
      .then("SpecificationAmended", "ChangeRequested").state;
    expect(nextBasis(taskOf(sentBack))).toMatchObject({ bundle: evidence?.bundle });
    from(state)
      .when(back("0".repeat(64)))
      .thenRefused("wrong-digest");
  });

  it("does not start the run for independent tests from work prepared for another run", () => {
    const { state } = requested();
    const starts = (cause: string | null) =>
      from(state).when(storyCommand({ ...startRun, run_id: second, cause } as CommandBody));
    starts(null).thenRefused("stale");
    starts("independent-tests").then("RunStarted");
  });

  it("restores the own change of a task that is cancelled or rejected during the run", () => {
    const { patch, tree: own } = plainTask();
    const { evidence, verdicts } = taskOf(judged().state);
    const cancelled = writing()
      .when(storyCommand({ kind: "CancelTask", task_id: ids.task }))
      .then("TaskCancelled");
    const hold = storyCommand({
      ...{ kind: "HoldTask", task_id: ids.task, code: "HOLD-STOPPED", detail: null, hold_id: ids.hold },
    } as CommandBody);
    const rejected = writing()
      .when(hold)
      .then("TaskHeld")
      .when(storyCommand({ kind: "RejectTask", task_id: ids.task, reason: null }))
      .then("TaskRejected");
    for (const { state } of [cancelled, rejected]) {
      expect(runOfChange(taskOf(state))?.run_id).toBe(ids.run);
      expect(taskOf(state)).toMatchObject({ patch, tree: own, evidence, verdicts });
    }
  });

  it("drops independent tests when their specification changes", () => {
    const asked = { ...taskOf(written().state), status: "asked" } as const;
    const state = { ...written().state, tasks: { [ids.task]: asked } };
    const back = storyCommand({
      ...{ kind: "RequestChange", task_id: ids.task, digest: null, words: "simpler", specification: blob("5") },
    } as CommandBody);
    expect(
      taskOf(from(state).when(back).then("SpecificationAmended", "ChangeRequested").state).independent,
    ).toBeUndefined();
    const retried = from(state)
      .when(storyCommand({ kind: "RetryTask", task_id: ids.task }))
      .then("TaskRetried").state;
    expect(taskOf(retried).independent).toBeDefined();
  });

  it("shows the run for independent tests neither the change's evidence nor its work", () => {
    const task = taskOf(requested().state);
    const outcome = { answer: "hold", code: "HOLD-STOPPED", detail: null };
    const interrupted = task.runs.map((run) => ({ ...run, status: "ended", outcome }));
    expect(runToContinue({ ...task, runs: interrupted } as never)).toBeNull();
    const { set_aside: _aside, ...own } = { ...task, runs: interrupted };
    expect(runToContinue(own as never)).toMatchObject({ code: "HOLD-STOPPED" });
    const evidence = { bundle: blob("e") };
    expect(nextBasis({ ...task, evidence } as never)).toBeNull();
    expect(nextBasis({ ...task, evidence, next_cause: "checks" } as never)).toMatchObject({ bundle: blob("e") });
  });

  it("shows the run for independent tests as running, and as ended once the change is checked without it", () => {
    const statuses = (state: State) => taskDetails(state, taskOf(state)).run_details.map(({ status }) => status);
    expect(statuses(writing().state)).toEqual(["captured", "running"]);
    const gone = writing()
      .when(ended("HOLD-DOCKER-UNAVAILABLE", { retry_free: true }))
      .then("IndependentTestsEnded");
    expect(taskOf(gone.state).runs.at(-1)?.status).toBe("running");
    expect(statuses(gone.state)).toEqual(["captured", "ended"]);
  });

  it("keeps the change's refused requests as they were", () => {
    const refusal = (run_id: string) =>
      storyCommand({ kind: "RecordRefusal", task_id: ids.task, run_id, what: "x" } as CommandBody);
    const refused = from(stateAfter("started", initialState)).when(refusal(ids.run)).then("RequestRefused");
    const { state } = from(stateAfterCommands(refused.state, afterStart))
      .when(storyCommand(merging()))
      .then("IndependentTestsRequested")
      .when(storyCommand({ ...startRun, run_id: second } as CommandBody))
      .then("RunStarted")
      .when(ended("HOLD-CODER-FAILED"))
      .then("RunEnded", "IndependentTestsEnded");
    expect(taskOf(state).refusals).toBe(1);
    from(state).when(refusal(second)).then();
  });

  it("drops independent tests once a question of the coder was answered", () => {
    const question = sampleHeldReport("HOLD-QUESTION", { detail: "which?" });
    const task = { ...taskOf(written().state), status: "planned", next_cause: "checks" } as const;
    const asked = from({ ...written().state, tasks: { [ids.task]: task } })
      .when(storyCommand({ ...startRun, run_id: third } as CommandBody))
      .then("RunStarted")
      .when(
        storyCommand({
          kind: "RecordCoderResult",
          task_id: ids.task,
          run_id: third,
          result: question,
          hold_id: ids.hold,
        } as CommandBody),
      )
      .then("RunEnded", "TaskHeld");
    expect(taskOf(asked.state).independent).toBeDefined();
    const answer = storyCommand({
      kind: "AnswerQuestion",
      task_id: ids.task,
      question_id: taskQuestion(taskOf(asked.state))?.id ?? "",
      text: "this",
    });
    expect(taskOf(asked.when(answer).then("QuestionAnswered").state).independent).toBeUndefined();
  });

  it("uses nothing that a half-way stopped run for independent tests left", () => {
    const task = taskOf(writing().state);
    const half = task.runs.map((run) => (run.run_id === second ? { ...run, status: "ended", patch: blob("7") } : run));
    const state = { ...writing().state, tasks: { [ids.task]: { ...task, status: "planned", runs: half } } } as State;
    const { independent } = taskOf(
      from(state)
        .when(storyCommand({ kind: "RestoreChange", task_id: ids.task }))
        .then("IndependentTestsEnded").state,
    );
    expect(independent).toEqual(nothing(null));
  });

  it("continues a stopped run for independent tests only from its own work", () => {
    const task = taskOf(writing().state);
    const outcome = { answer: "hold", code: "HOLD-STOPPED", detail: null };
    const half = task.runs.map((run) =>
      run.run_id === second ? { ...run, status: "ended", patch: blob("7"), outcome } : run,
    );
    const planned = { ...task, status: "planned", runs: half } as typeof task;
    expect(runToContinue(planned)).toMatchObject({ run: { run_id: second }, code: "HOLD-STOPPED" });
    const { set_aside: _aside, ...over } = planned;
    expect(runToContinue(over)).toBeNull();
    // After another change, the specification may be another.
    const [own, other] = half;
    const sentBack = { ...own, run_id: third, cause: "words" };
    const next = { ...planned, runs: [own, other, sentBack] } as typeof task;
    expect(runToContinue(next)).toBeNull();
  });

  it("does not count the run for independent tests in a series of usage limits of the change's own runs", () => {
    const limited = (resumes_at: string) => ({
      ...ended("HOLD-USAGE-LIMIT", { resumes_at }),
      usage_resumes: 1,
    });
    const later = new Date(Date.parse(someInstant) + 3_600_000).toISOString();
    const after = writing()
      .when(limited(later) as never)
      .then("RunEnded", "IndependentTestsEnded").state;
    const task = { ...taskOf(after), status: "planned", next_cause: "checks" } as const;
    const next = from({ ...after, tasks: { [ids.task]: task } })
      .when(storyCommand({ ...startRun, run_id: third } as CommandBody))
      .then("RunStarted")
      .when({ ...limited(later), run_id: third } as never)
      .then("RunEnded", "TaskHeld").state;
    expect(taskOf(next).hold).toMatchObject({ code: "HOLD-USAGE-LIMIT", resumes_at: later });
  });

  it("explains the run for independent tests, without attributing the change's later outcome to it", () => {
    const at = (second: number) => `2026-01-02T03:04:0${second}.000Z`;
    const event = (type: string, second: number, data: object = {}) => ({ type, recorded_at: at(second), data });
    const history = taskHistory([
      event("RunStarted", 0, { run_id: ids.run }),
      event("ChangeCaptured", 0, { run_id: ids.run }),
      event("IndependentTestsRequested", 1, { run_id: ids.run }),
      event("RunStarted", 2, { run_id: second }),
      event("RunEnded", 3, { run_id: second }),
      event("IndependentTestsEnded", 3, { run_id: second }),
      event("GateDecided", 4),
    ] as never);
    expect([history.outcomes.get(second), history.outcomes.get(ids.run)]).toEqual([at(3), at(4)]);
    const { state } = writing().when(ended("HOLD-CODER-FAILED")).then("RunEnded", "IndependentTestsEnded");
    const { story } = explainTask(state, taskOf(state), { now: someInstant, schedule: {}, history } as never);
    const texts = story.map(({ text }) => text);
    expect(texts).toContain(
      "run 2 started, to write tests from the mission alone before the change of the run before merges",
    );
    expect(texts.find((text) => text.startsWith("run 2 ended"))).toContain("HOLD-CODER-FAILED");
  });
});
