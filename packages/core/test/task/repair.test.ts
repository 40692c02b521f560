/** When a next run starts automatically and when not, as a specification: red checks, a failed verdict and a moved base, within runs and tokens. */

import { type HoldCode, holdCodeSchema, noUsage } from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CommandBody,
  decide,
  evolve,
  initialState,
  missionDocument,
  runToContinue,
  type State,
  taskDetails,
} from "../../src/index.ts";
import {
  blob,
  captured,
  gated,
  given,
  ids,
  life,
  sampleHeldReport,
  sealed,
  someInstant,
  startRun,
  stateAfter,
  storyCommand,
} from "../../src/testing/index.ts";

const bounds = { max_runs: 2, task_tokens: 1_000 };
const repaired: readonly HoldCode[] = ["HOLD-CHECKS-FAILED", "HOLD-VALIDATOR-FAIL", "HOLD-VALIDATOR-DISAGREEMENT"];
const after = (last: string, replaced = {}): State => stateAfter(last, initialState, replaced);
const from = (state: State) => given([], state);
const taskOf = (state: State) => {
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("the story has a task");
  return task;
};
const holding = (code: HoldCode, repair = bounds, detail: string | null = "why") =>
  storyCommand({ ...gated("hold", { hold_code: code, hold_detail: detail }), repair } as CommandBody);
const conflict = (repair = bounds) =>
  storyCommand({
    kind: "RecordBaseConflict",
    task_id: ids.task,
    to: "7".repeat(40),
    why: "lib/add.js changed on both sides",
    repair,
    hold_id: ids.hold,
  });
const runIds = [..."bcdefghijk"].map((letter) => `r-${letter.repeat(16)}`);
const spending = (tokens: number): CommandBody =>
  ({
    ...captured,
    result: { ...(captured as never as { result: object }).result, usage: { ...noUsage, input_tokens: tokens } },
  }) as CommandBody;

/** Another whole run up to its gate, which holds it with `code`. */
function runAgain(state: State, runId: string, code: HoldCode, repair = bounds): State {
  const steps: CommandBody[] = [
    { ...startRun, run_id: runId } as CommandBody,
    { ...spending(10), run_id: runId } as CommandBody,
    { ...life["checked"], run_id: runId } as CommandBody,
    sealed({ run_id: runId as never }),
    life["openai"] as CommandBody,
    life["gemini"] as CommandBody,
    { ...gated("hold", { hold_code: code, hold_detail: "why" }), repair } as CommandBody,
  ];
  return steps.reduce((before, body) => {
    const decision = decide(storyCommand(body), before);
    if (decision.kind === "refused") throw new Error(`${body.kind}: ${decision.reason}`);
    return decision.events.reduce((state, event) => evolve(state, { ...event, recorded_at: someInstant }), before);
  }, state);
}

describe("a run that got stuck", () => {
  const stuck = { kind: "repeated-call", call: "runs npm test", times: 12 } as const;
  const ended = (change: object, repair: typeof bounds | null = bounds, run_id: string = ids.run) =>
    storyCommand({
      kind: "RecordCoderResult",
      task_id: ids.task,
      run_id,
      result: sampleHeldReport("HOLD-NO-PROGRESS", { detail: "the same call", patch: blob("5"), ...change }),
      hold_id: ids.hold,
      ...(repair === null ? {} : { repair }),
    });

  it("follows a stuck run with another within the limits of repair, then holds with what was seen", () => {
    const once = from(after("started")).when(ended({ stuck })).then("RunEnded", "RepairStarted").owes("PrepareRun");
    expect(taskOf(once.state)).toMatchObject({ repairs: 1, next_cause: "stuck", runs: [{ stuck, patch: blob("5") }] });
    expect(runToContinue(taskOf(once.state))).toMatchObject({ code: "HOLD-NO-PROGRESS", run: { run_id: ids.run } });
    let last = once;
    for (const run_id of runIds.slice(0, 2)) {
      last = last.when(storyCommand({ ...startRun, run_id } as CommandBody)).then("RunStarted");
      const isSecond = run_id === runIds[1];
      last = last.when(ended({ stuck }, bounds, run_id)).then("RunEnded", isSecond ? "TaskHeld" : "RepairStarted");
    }
    expect(taskOf(last.state).hold).toMatchObject({
      code: "HOLD-NO-PROGRESS",
      detail: "attempts spent (3 runs): the same call",
    });
  });

  it("holds a stuck run at once if repair is off or its tokens are spent, and any run without a change", () => {
    from(after("started")).when(ended({})).then("RunEnded", "TaskHeld");
    from(after("started")).when(ended({ stuck }, null)).then("RunEnded", "TaskHeld");
    from(after("started"))
      .when(ended({ stuck }, { ...bounds, max_runs: 0 }))
      .then("RunEnded", "TaskHeld");
    const usage = { ...noUsage, input_tokens: bounds.task_tokens };
    from(after("started")).when(ended({ stuck, usage })).then("RunEnded", "TaskHeld");
  });
});

describe("a run that reached its time limit", () => {
  const ended = (run_id: string, change: object, repair: typeof bounds | null = bounds) =>
    storyCommand({
      kind: "RecordCoderResult",
      task_id: ids.task,
      run_id,
      result: sampleHeldReport("HOLD-CODER-TIMEOUT", { exit_code: 124, ...change }),
      hold_id: ids.hold,
      ...(repair === null ? {} : { repair }),
    });
  /** Three runs that all reach the time limit, each continuing from the previous run's work; `left`: the patch of each. */
  function attempts(left: readonly (string | null)[]) {
    const patchOf = (index: number) => (left[index] == null ? null : blob(left[index] ?? ""));
    let story = from(after("started"))
      .when(ended(ids.run, { patch: patchOf(0) }))
      .then("RunEnded", "RepairStarted");
    for (const [index, run_id] of runIds.slice(0, 2).entries()) {
      const earlier = { run_id: index === 0 ? ids.run : runIds[0], code: "HOLD-CODER-TIMEOUT" };
      const patch = patchOf(index);
      const continues = { ...earlier, patch, from_base: patch === null ? "nothing was kept" : null };
      story = story
        .owes("PrepareRun")
        .when(storyCommand({ ...startRun, run_id, continues } as CommandBody))
        .then("RunStarted")
        .when(ended(run_id, { patch: patchOf(index + 1) }))
        .then("RunEnded", index === 1 ? "TaskHeld" : "RepairStarted");
    }
    return taskOf(story.owes().state);
  }

  it("follows a run that reached its time limit with another from its work, within the limits of repair", () => {
    const once = from(after("started"))
      .when(ended(ids.run, { patch: blob("5") }))
      .then("RunEnded", "RepairStarted");
    expect(taskOf(once.owes("PrepareRun").state)).toMatchObject({
      ...{ status: "planned", hold: null, repairs: 1, next_cause: "timeout" },
      runs: [{ patch: blob("5"), outcome: { code: "HOLD-CODER-TIMEOUT" } }],
    });
    expect(runToContinue(taskOf(once.state))).toMatchObject({ code: "HOLD-CODER-TIMEOUT", run: { run_id: ids.run } });
  });

  it("holds at the time limit once the attempts are used up, if one of them left something new", () => {
    const expected = { code: "HOLD-CODER-TIMEOUT", detail: "attempts spent (3 runs)" };
    expect(attempts(["5", "6", "7"]).hold).toMatchObject(expected);
    expect(attempts(["5", "5", "5"]).hold).toMatchObject(expected);
    expect(attempts([null, null, "5"]).hold).toMatchObject(expected);
    expect(attempts(["5", "6", "7"]).runs.map(({ cause }) => cause)).toEqual([null, "timeout", "timeout"]);
  });

  it("holds for want of progress if no attempt left anything", () => {
    const task = attempts([null, null, null]);
    expect(task.hold).toMatchObject({
      code: "HOLD-NO-PROGRESS",
      detail: "attempts spent (3 runs): each reached limits.run_timeout and left nothing new",
    });
    expect(runToContinue(task)?.code).toBe("HOLD-NO-PROGRESS");
  });

  it("holds a run at its time limit at once if repair is off or the task's tokens are spent", () => {
    const held = (change: object, repair: typeof bounds | null = bounds) =>
      taskOf(
        from(after("started"))
          .when(ended(ids.run, change, repair))
          .then("RunEnded", "TaskHeld")
          .owes().state,
      ).hold;
    expect(held({}, null)).toMatchObject({ code: "HOLD-CODER-TIMEOUT", detail: null });
    expect(held({}, { ...bounds, max_runs: 0 })).toMatchObject({ code: "HOLD-CODER-TIMEOUT", detail: null });
    const usage = { ...noUsage, input_tokens: bounds.task_tokens };
    expect(held({ usage, patch: blob("5") })).toMatchObject({ code: "HOLD-CODER-TIMEOUT" });
    from(after("started"))
      .when(ended(ids.run, { usage: { ...usage, input_tokens: bounds.task_tokens - 1 } }))
      .then("RunEnded", "RepairStarted");
  });
});

describe("a run that a usage limit stopped", () => {
  it("resumes a run at the reset of its usage limit as often in a row as allowed, then waits for a person", () => {
    const limited = (run_id: string) =>
      storyCommand({
        kind: "RecordCoderResult",
        task_id: ids.task,
        run_id,
        result: sampleHeldReport("HOLD-USAGE-LIMIT", { resumes_at: someInstant, session: blob("5") }),
        hold_id: ids.hold,
        usage_resumes: 1,
      });
    const first = from(after("started")).when(limited(ids.run)).then("RunEnded", "TaskHeld").owes("ResumeHold");
    expect(taskOf(first.state)).toMatchObject({ hold: { resumes_at: someInstant }, runs: [{ session: blob("5") }] });
    const [run_id = ""] = runIds;
    const second = first
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }, "control"))
      .then("HoldReleased")
      .when(storyCommand({ ...startRun, run_id } as CommandBody))
      .then("RunStarted")
      .when(limited(run_id))
      .then("RunEnded", "TaskHeld")
      .owes();
    const detail = `resumed 1 time in a row (limits.usage_resumes); once the limit has reset (${someInstant}): aedev hold release ${ids.hold}`;
    expect(taskOf(second.state).hold).toMatchObject({ resumes_at: null, detail });
  });

  it("counts waits for a usage limit, not runs that continue at once with another token, but two of these in a row", () => {
    const earlier = new Date(Date.parse(someInstant) - 1_000).toISOString();
    /** Whether the task still continues without a person after these ends, each an instant at which the next run may start. */
    const continues = (...resumptions: readonly string[]) => {
      let state = after("started");
      for (const [index, resumes_at] of resumptions.entries()) {
        const run_id = index === 0 ? ids.run : `r-${String(index).repeat(16)}`;
        if (index > 0)
          state = from(state)
            .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }, "control"))
            .then("HoldReleased")
            .when(storyCommand({ ...startRun, run_id } as CommandBody))
            .then("RunStarted").state;
        const result = sampleHeldReport("HOLD-USAGE-LIMIT", { resumes_at });
        const body = { kind: "RecordCoderResult", task_id: ids.task, run_id, result, hold_id: ids.hold } as const;
        state = from(state)
          .when(storyCommand({ ...body, usage_resumes: 1 }))
          .then("RunEnded", "TaskHeld").state;
      }
      return taskOf(state).hold?.resumes_at !== null;
    };
    const [goesOn, waits] = [earlier, someInstant];
    expect(continues(waits, waits)).toBe(false);
    expect(continues(goesOn, waits)).toBe(true);
    expect(continues(goesOn, waits, goesOn)).toBe(true);
    expect(continues(goesOn, waits, goesOn, waits)).toBe(false);
    expect(continues(goesOn, goesOn)).toBe(true);
    expect(continues(goesOn, goesOn, goesOn)).toBe(false);
  });
});

describe("an interrupted run", () => {
  it("counts a run as interrupted if it was stopped midway, but not if it ended by itself", () => {
    const cut = holdCodeSchema.options.filter((code) => {
      const held = from(after("started")).when(
        storyCommand({ ...captured, result: sampleHeldReport(code, { patch: blob("5") }) } as CommandBody),
      );
      return runToContinue(taskOf(held.then("RunEnded", "TaskHeld").state)) !== null;
    });
    expect(cut).toEqual([
      "HOLD-DOCKER-UNAVAILABLE",
      "HOLD-CODER-UNAVAILABLE",
      "HOLD-USAGE-LIMIT",
      "HOLD-BUDGET",
      "HOLD-STOPPED",
      "HOLD-DISK-LOW",
      "HOLD-CODER-TIMEOUT",
      "HOLD-NO-PROGRESS",
    ]);
    expect(runToContinue(taskOf(after("gemini")))).toBeNull();
  });

  it("continues the earlier run if the run that continued it failed without leaving anything, but not if it left a change", () => {
    const ended = (code: HoldCode, run_id: string, change: object) =>
      storyCommand({ ...captured, run_id, result: sampleHeldReport(code, change) } as CommandBody);
    const [run_id = ""] = runIds;
    const continues = { run_id: ids.run, code: "HOLD-CODER-TIMEOUT", patch: blob("5"), from_base: null };
    const second = from(after("started"))
      .when(ended("HOLD-CODER-TIMEOUT", ids.run, { patch: blob("5"), session: blob("7") }))
      .then("RunEnded", "TaskHeld")
      .when(storyCommand({ kind: "RetryTask", task_id: ids.task }))
      .then("TaskRetried")
      .when(storyCommand({ ...startRun, run_id, continues } as CommandBody))
      .then("RunStarted");
    const unfinished = (code: HoldCode, change: object = {}) =>
      runToContinue(taskOf(second.when(ended(code, run_id, change)).then("RunEnded", "TaskHeld").state));
    const lastOf = (code: HoldCode, change: object = {}) => unfinished(code, change)?.run.run_id;
    // Its conversation may be why the next run failed.
    expect(second.state.tasks[ids.task]?.runs[0]?.session).toEqual(blob("7"));
    expect(unfinished("HOLD-CODER-FAILED")?.run).not.toHaveProperty("session");
    expect(unfinished("HOLD-DISK-LOW", { patch: blob("6"), session: blob("7") })?.run.session).toEqual(blob("7"));
    expect(lastOf("HOLD-CODER-FAILED")).toBe(ids.run);
    expect(lastOf("HOLD-DISK-LOW")).toBe(ids.run);
    expect(lastOf("HOLD-DISK-LOW", { patch: blob("6") })).toBe(run_id);
    expect(lastOf("HOLD-CODER-FAILED", { patch: blob("6") })).toBeUndefined();
    expect(lastOf("HOLD-QUESTION")).toBeUndefined();
  });
});

describe("a hold of the gate", () => {
  it("starts a next run for red checks and a failed verdict, and for no other code", () => {
    for (const code of holdCodeSchema.options) {
      const decided = from(after("gemini")).when(holding(code));
      if (repaired.includes(code)) decided.then("GateDecided", "RepairStarted").owes("PrepareRun");
      // The gate of a moved base belongs to the landing, which has its own event.
      else if (code !== "HOLD-BASE-MOVED") decided.then("GateDecided", "TaskHeld");
    }
  });

  it("names the cause of a next run, keeps how the run ended, and shows a running task without an answer", () => {
    for (const [code, cause] of [
      ["HOLD-CHECKS-FAILED", "checks"],
      ["HOLD-VALIDATOR-DISAGREEMENT", "verdict"],
    ] as const) {
      const { state } = from(after("gemini")).when(holding(code)).then("GateDecided", "RepairStarted");
      expect(taskOf(state)).toMatchObject({ status: "planned", next_cause: cause, repairs: 1, hold: null });
      expect(taskDetails(state, taskOf(state)).run_details).toMatchObject([
        { attempt: 1, cause: null, outcome: { answer: "hold", code, detail: "why" } },
      ]);
      expect(missionDocument(state, ids.mission)).toMatchObject({
        status: "running",
        tasks: [{ status: "running", decision: null, hold_code: null }],
      });
      const started = from(state)
        .when(storyCommand({ ...startRun, run_id: runIds[0] } as never))
        .then("RunStarted");
      expect(taskOf(started.state)).toMatchObject({ next_cause: null, evidence: null });
      expect(taskOf(started.state).runs.map((run) => run.cause)).toEqual([null, cause]);
    }
  });

  it("holds if repair is off, and mentions no attempts", () => {
    const { state } = from(after("gemini"))
      .when(holding("HOLD-CHECKS-FAILED", { ...bounds, max_runs: 0 }))
      .then("GateDecided", "TaskHeld")
      .owes();
    expect(taskOf(state).hold).toMatchObject({ code: "HOLD-CHECKS-FAILED", detail: "why" });
  });

  it("holds with the last run's own code first once no runs are left", () => {
    const second = runAgain(
      from(after("gemini")).when(holding("HOLD-CHECKS-FAILED")).then("GateDecided", "RepairStarted").state,
      runIds[0] ?? "",
      "HOLD-CHECKS-FAILED",
    );
    expect(taskOf(second)).toMatchObject({ status: "planned", repairs: 2 });
    const third = runAgain(second, runIds[1] ?? "", "HOLD-VALIDATOR-FAIL");
    expect(taskOf(third).hold).toMatchObject({ code: "HOLD-VALIDATOR-FAIL", detail: "attempts spent (3 runs): why" });
    expect(taskOf(third).runs.map(({ cause, outcome }) => [cause, outcome?.code])).toEqual([
      [null, "HOLD-CHECKS-FAILED"],
      ["checks", "HOLD-CHECKS-FAILED"],
      ["checks", "HOLD-VALIDATOR-FAIL"],
    ]);
    from(third)
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
      .thenRefused("hard-gate");
  });

  it("holds once the tokens of all runs are used up, although runs are left", () => {
    const spent = after("gemini", { captured: spending(1_000) });
    const { state } = from(spent).when(holding("HOLD-CHECKS-FAILED")).then("GateDecided", "TaskHeld");
    expect(taskOf(state).hold?.detail).toBe("attempts spent (1000 of 1000 tokens): why");
    from(after("gemini", { captured: spending(999) }))
      .when(holding("HOLD-CHECKS-FAILED"))
      .then("GateDecided", "RepairStarted");
  });

  it("keeps a detail within its bound, including the text about attempts", () => {
    const spent = after("gemini", { captured: spending(1_000) });
    const { state } = from(spent)
      .when(holding("HOLD-CHECKS-FAILED", bounds, "x".repeat(500)))
      .then("GateDecided", "TaskHeld");
    expect(taskOf(state).hold?.detail).toMatch(/^attempts spent .*x{50}$/);
    expect(taskOf(state).hold?.detail?.length).toBe(500);
  });
});

describe("a run that ended without a change", () => {
  it("never repairs a run without a change: it holds immediately, with all attempts left", () => {
    for (const code of holdCodeSchema.options)
      from(after("started"))
        .when(storyCommand({ ...captured, result: sampleHeldReport(code) } as never))
        .then("RunEnded", "TaskHeld");
  });
});

describe("an interrupted repair", () => {
  const repairing = () =>
    from(after("gemini"))
      .when(holding("HOLD-CHECKS-FAILED"))
      .then("GateDecided", "RepairStarted")
      .when(storyCommand({ ...startRun, run_id: runIds[0] } as never))
      .then("RunStarted");
  const limit = sampleHeldReport("HOLD-USAGE-LIMIT", { resumes_at: "2026-01-01T00:00:00.000Z" });
  const basis = { bundle: blob("e"), failed_answers: [], conflict: null };

  it("passes the cause of an interrupted repair to the next run, at no attempt", () => {
    expect(taskOf(repairing().state).runs[1]?.basis).toEqual(basis);
    const { state } = repairing()
      .when(storyCommand({ ...captured, run_id: runIds[0], result: limit } as never))
      .then("RunEnded", "TaskHeld")
      .owes("ResumeHold")
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
      .then("HoldReleased")
      .owes("PrepareRun")
      .when(storyCommand({ ...startRun, run_id: runIds[1] } as never))
      .then("RunStarted");
    expect(taskOf(state).repairs).toBe(1);
    expect(taskOf(state).runs.map((run) => [run.cause, run.basis])).toEqual([
      [null, null],
      ["checks", basis],
      ["checks", basis],
    ]);
  });

  it("passes no cause on if the same run continues", () => {
    const engine = sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true });
    const { state } = repairing()
      .when(storyCommand({ ...captured, run_id: runIds[0], result: engine } as never))
      .then("TaskHeld")
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
      .then("HoldReleased")
      .owes("RunCoder");
    expect(taskOf(state).next_cause).toBeNull();
  });

  it("forgets the cause of an interrupted repair on a person's plain retry", () => {
    const { state } = repairing()
      .when(storyCommand({ ...captured, run_id: runIds[0], result: limit } as never))
      .then("RunEnded", "TaskHeld")
      .when(storyCommand({ kind: "RetryTask", task_id: ids.task }))
      .then("TaskRetried")
      .when(storyCommand({ ...startRun, run_id: runIds[1] } as never))
      .then("RunStarted");
    expect(taskOf(state).runs.map((run) => [run.cause, run.basis])).toEqual([
      [null, null],
      ["checks", basis],
      [null, null],
    ]);
  });
});

describe("a base that moved under the change", () => {
  it("has a next run pending on a moved base, and keeps the old evidence for it", () => {
    const { state } = from(after("landing")).when(conflict()).then("BaseConflicted").owes("PrepareRun");
    expect(taskOf(state)).toMatchObject({ next_cause: "base-moved", repairs: 1, landing: null, approval: null });
    expect(taskOf(state).evidence?.bundle.digest).toBe("e".repeat(64));
    expect(taskOf(state).runs[0]?.outcome).toEqual({
      answer: "hold",
      code: "HOLD-BASE-MOVED",
      detail: "lib/add.js changed on both sides",
    });
    // The approval was for another change.
    from(state)
      .when(storyCommand(life["landing"] as CommandBody))
      .thenRefused("stale");
  });

  it("holds a conflict with a moved base if repair is off or spent, and treats it as stale for a task that does not land", () => {
    const off = from(after("landing"))
      .when(conflict({ ...bounds, max_runs: 0 }))
      .then("TaskHeld");
    expect(taskOf(off.state).hold).toMatchObject({
      code: "HOLD-BASE-MOVED",
      detail: "lib/add.js changed on both sides",
    });
    const spent = from(after("landing", { captured: spending(5_000) }))
      .when(conflict())
      .then("TaskHeld");
    expect(taskOf(spent.state).hold?.detail).toMatch(/^attempts spent \(5000 of 1000 tokens\): lib/);
    from(after("sealed")).when(conflict()).thenRefused("stale");
  });
});

describe("a person's instruction", () => {
  const words = (digest: string | null = null) =>
    storyCommand({
      kind: "RequestChange",
      task_id: ids.task,
      digest,
      words: "use the helper",
      specification: blob("6"),
    });
  const asked = () =>
    from(after("gemini"))
      .when(storyCommand(gated("ask")))
      .then("GateDecided");

  it("sends an asked change back with a new specification for mission and task, and counts repairs from zero", () => {
    const { state } = asked()
      .when(words("d".repeat(64)))
      .then("SpecificationAmended", "ChangeRequested")
      .owes("PrepareRun");
    expect(taskOf(state)).toMatchObject({ next_cause: "words", repairs: 0, gate: null, specification: blob("6") });
    expect(missionDocument(state, ids.mission)?.spec_digest).toBe("6".repeat(64));
  });

  it("refuses instructions for another change, and for a task that is neither asked nor held", () => {
    asked()
      .when(words("0".repeat(64)))
      .thenRefused("wrong-digest");
    for (const step of ["approved", "started", "sealed", "gated", "landed"])
      from(after(step)).when(words()).thenRefused("not-asked");
  });

  it("gives a task whose attempts are used up the same number again after a person's instruction", () => {
    let state = from(after("gemini")).when(holding("HOLD-CHECKS-FAILED")).then("GateDecided", "RepairStarted").state;
    state = runAgain(state, runIds[0] ?? "", "HOLD-CHECKS-FAILED");
    state = runAgain(state, runIds[1] ?? "", "HOLD-CHECKS-FAILED");
    expect(taskOf(state).status).toBe("held");
    state = from(state).when(words()).then("SpecificationAmended", "ChangeRequested").state;
    for (const runId of runIds.slice(2, 4)) state = runAgain(state, runId, "HOLD-CHECKS-FAILED");
    expect(taskOf(state)).toMatchObject({ status: "planned", repairs: 2 });
    expect(taskOf(runAgain(state, runIds[4] ?? "", "HOLD-CHECKS-FAILED")).hold?.detail).toContain("attempts spent");
  });

  it("answers the coder's question without touching specification or digest", () => {
    const question = storyCommand({
      ...captured,
      result: sampleHeldReport("HOLD-QUESTION", { detail: "Which?" }),
    } as never);
    const held = from(after("started")).when(question).then("RunEnded", "TaskHeld");
    const answer = { kind: "AnswerQuestion", task_id: ids.task, question_id: "coder-1", text: "this one" } as const;
    held.when(storyCommand({ ...answer, question_id: "coder-2" })).thenRefused("unknown-question");
    const { state } = held.when(storyCommand(answer)).then("QuestionAnswered").owes("PrepareRun");
    expect(taskOf(state)).toMatchObject({
      next_cause: "answer",
      answers: [{ question: "Which?", text: "this one" }],
      specification: blob("5"),
    });
  });
});

describe("how a run ended", () => {
  it("does not record a hold that a person released before landing as the run's end", () => {
    const hold: CommandBody = {
      kind: "HoldTask",
      task_id: ids.task,
      code: "HOLD-REMOTE-REFUSED",
      detail: "frozen",
      hold_id: ids.hold,
    };
    const held = from(after("gated")).when(storyCommand(hold)).then("TaskHeld");
    expect(taskOf(held.state).runs[0]?.outcome?.code).toBe("HOLD-REMOTE-REFUSED");
    const released = held.when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold })).then("HoldReleased");
    const landed = released
      .when(storyCommand(life["landing"] as CommandBody))
      .then("LandingStarted")
      .when(storyCommand(life["landed"] as CommandBody))
      .then("ChangeLanded");
    expect(taskOf(landed.state).runs[0]?.outcome).toEqual({ answer: "merge", code: null, detail: null });
  });

  it("asks the gate again if the permission to push was lost during the landing", () => {
    const hold = { kind: "HoldTask", task_id: ids.task, detail: null, hold_id: ids.hold } as const;
    const begun = from(after("gated"))
      .when(storyCommand(life["landing"] as CommandBody))
      .then("LandingStarted");
    const release = (code: HoldCode) =>
      begun
        .when(storyCommand({ ...hold, code }))
        .then("TaskHeld")
        .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
        .then("HoldReleased");
    const withdrawn = release("HOLD-REMOTE-WRITES-OFF").owes("DecideGate");
    expect(taskOf(withdrawn.state)).toMatchObject({ status: "judged", approval: null, landing: null });
    withdrawn.when(storyCommand(life["landing"] as CommandBody)).thenRefused("stale");
    const refused = release("HOLD-REMOTE-REFUSED");
    expect(taskOf(refused.state)).toMatchObject({ status: "landing", landing: { landing: 1 } });
  });
});

describe("any sequence of gates and persons' instructions", () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<HoldCode>(...repaired, "HOLD-SECRET", "HOLD-RISK-HIGH") },
    { weight: 1, arbitrary: fc.constantFrom("retry" as const, "words" as const) },
  );

  it("never starts more than 1 + max_runs runs between two instructions of a person, nor any over the token budget", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        fc.record({ max_runs: fc.nat(3), task_tokens: fc.integer({ min: 1, max: 120 }) }),
        (steps, repair) => {
          let state = after("approved");
          let sinceWord = 0;
          let runs = 0;
          for (const next of steps) {
            const task = taskOf(state);
            if (task.status === "planned") {
              if (next === "retry" || next === "words") continue;
              if (sinceWord > 0) expect(runs * 10).toBeLessThan(repair.task_tokens);
              runs += 1;
              sinceWord += 1;
              state = runAgain(state, `r-${String(runs).padStart(16, "a")}`, next, repair);
              expect(sinceWord).toBeLessThanOrEqual(1 + repair.max_runs);
              if (taskOf(state).status === "held") {
                const isSpent = repaired.includes(next) && repair.max_runs > 0;
                expect(taskOf(state).hold?.detail?.startsWith("attempts spent")).toBe(isSpent);
              }
            } else if (next === "retry" || next === "words") {
              sinceWord = 0;
              const body: CommandBody =
                next === "retry"
                  ? { kind: "RetryTask", task_id: ids.task }
                  : {
                      kind: "RequestChange",
                      task_id: ids.task,
                      digest: null,
                      words: "again",
                      specification: blob("6"),
                    };
              state = from(state)
                .when(storyCommand(body))
                .events.reduce((folded, event) => evolve(folded, { ...event, recorded_at: someInstant }), state);
              expect(taskOf(state).status).toBe("planned");
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
