/** One verdict for each change, family, model and prompt: an answer is final across releases, runs, re-seals and tasks; a judge without an answer is asked again. */
import type { TaskId, Verdict } from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/decide.ts";
import { evolve } from "../../src/evolve.ts";
import {
  initialState,
  passedViews,
  precedentVerdict,
  precedentVeto,
  type State,
  taskDetails,
} from "../../src/index.ts";
import { judgedChangesMax } from "../../src/judges/precedent.ts";
import {
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
  verdictOf,
} from "../../src/testing/index.ts";

const prompt_digest = "9".repeat(64);
type Given = Verdict["verdict"];
/** A verdict as the judgement plane reports it; an answered verdict has views. */
function answerOf(
  family: Verdict["family"],
  word: Given,
  detail: string | null = null,
  change: Partial<Verdict> = {},
): Verdict {
  const settings = word === "not_configured" ? "inconclusive" : word;
  const views = word === "not_configured" ? [] : [{ view: "plain" as const, verdict: settings, detail }];
  return { ...verdictOf(family, word, detail), prompt_digest, views, ...change };
}
const record = (verdict: Verdict) => ({ kind: "RecordVerdict" as const, task_id: ids.task, verdict });
const from = (state: State) => given([], state);
const judge = { family: "gemini" as const, model: "judge", prompt_digest };

/** A task whose judges both answered, held by the gate because of gemini's verdict. */
function held(gemini: Verdict, openai = answerOf("openai", "pass")) {
  const replaced = { openai: record(openai), gemini: record(gemini) };
  return from(stateAfter("gemini", initialState, replaced))
    .when(storyCommand(gated("hold", { hold_code: "HOLD-VALIDATOR-INCONCLUSIVE" })))
    .then("GateDecided", "TaskHeld");
}
/** The same change in a new run with another bundle `b`. */
function again(state: State, change: Parameters<typeof sealed>[0] = {}): State {
  const bundle = { ...life["checked"], digest: "b".repeat(64), size_bytes: 1, media_type: "application/json" };
  const run = "r-bbbbbbbbbbbbbbbb";
  const isHeld = state.tasks[ids.task]?.status === "held";
  const parked = { kind: "HoldTask", task_id: ids.task, code: "HOLD-DISK-LOW", detail: null, hold_id: ids.hold };
  const steps = [
    ...(isHeld ? [] : [parked]),
    { kind: "RetryTask", task_id: ids.task },
    { ...startRun, run_id: run },
    { ...captured, run_id: run },
    { ...life["checked"], run_id: run },
    sealed({
      run_id: run as never,
      bundle: { digest: bundle.digest, size_bytes: 1, media_type: "application/json" },
      ...change,
    }),
  ];
  let next = state;
  for (const step of steps) {
    const decision = decide(storyCommand(step as never), next);
    if (decision.kind === "refused") throw new Error(decision.reason);
    for (const event of decision.events) next = evolve(next, { ...event, recorded_at: someInstant });
  }
  return next;
}
/** The state with this verdict on the change, which the other judge passed. */
function recorded(state: State, verdict: Verdict): State {
  let next = state;
  for (const word of [verdict, answerOf("openai", "pass")])
    for (const event of from(next).when(storyCommand(record(underB(word)))).events)
      next = evolve(next, { ...event, recorded_at: someInstant });
  return next;
}
const underB = (verdict: Verdict): Verdict => ({ ...verdict, bundle_digest: "b".repeat(64) });

describe("a release", () => {
  it("asks the judge again after a release if it gave no answer", () => {
    for (const detail of ["http_500", "http_429", "timeout", "unreachable", "too_large"]) {
      const views = detail === "too_large" ? { views: [] } : {};
      const released = held(answerOf("gemini", "inconclusive", detail, views))
        .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
        .then("HoldReleased");
      released.owes("JudgeEvidence");
      expect(released.state.tasks[ids.task]?.verdicts.map(({ family }) => family)).toEqual(["openai"]);
    }
  });

  it("refuses a release if every judge has answered, because answers are final", () => {
    for (const detail of ["verdict", "flip", "citation", "confidence", "nonce", "digest", "invalid_json", "refused"])
      held(answerOf("gemini", "inconclusive", detail))
        .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
        .thenRefused("answered");
    // A judge that could not be asked gave no answer, although its detail is the same word.
    held(answerOf("gemini", "inconclusive", "digest", { views: [] }))
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
      .then("HoldReleased");
  });

  it("asks only the judge without an answer again after a release", () => {
    const released = held(answerOf("gemini", "inconclusive", "flip"), answerOf("openai", "inconclusive", "timeout"))
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
      .then("HoldReleased")
      .owes("JudgeEvidence");
    expect(released.state.tasks[ids.task]?.verdicts.map(({ family }) => family)).toEqual(["gemini"]);
  });
});

describe("the same change in a new run", () => {
  it("reuses a verdict on the same change for the new bundle at no cost, and names its origin", () => {
    for (const [word, detail] of [["fail"], ["inconclusive", "flip"], ["pass"]] as const) {
      const answered = answerOf("gemini", word, detail ?? null, { usage: { input_tokens: 9, output_tokens: 9 } });
      const state = again(held(answered).state);
      const precedent = precedentVerdict(state, state.tasks[ids.task] ?? never(), judge);
      expect(precedent).toMatchObject({
        verdict: word,
        detail: detail ?? null,
        bundle_digest: "b".repeat(64),
        reused_from: "e".repeat(64),
        usage: { input_tokens: 0, output_tokens: 0 },
      });
      // The log records the earlier verdict, whatever the judge would say now.
      const events = from(state).when(storyCommand(record(underB(answerOf("gemini", "pass"))))).events;
      expect(events).toEqual([expect.objectContaining({ type: "VerdictRecorded", data: precedent })]);
      const after = given(events, state).state;
      const details = taskDetails(after, after.tasks[ids.task] ?? never());
      expect(details.verdicts).toMatchObject([{ family: "gemini", verdict: word, reused_from: "e".repeat(64) }]);
    }
  });

  it("asks again about the same change if the model or prompt is another or no judge answered", () => {
    const answered = answerOf("gemini", "fail");
    const state = again(held(answered).state);
    const precedent = (change: Partial<typeof judge>, of = state) =>
      precedentVerdict(of, of.tasks[ids.task] ?? never(), { ...judge, ...change });
    expect(precedent({})).not.toBeNull();
    expect(precedent({ model: "judge-2" })).toBeNull();
    expect(precedent({ prompt_digest: "8".repeat(64) })).toBeNull();
    expect(precedent({ family: "openai" as never })).not.toBeNull();
    expect(precedent({}, again(held(answered).state, { change_digest: "1".repeat(64) }))).toBeNull();
    expect(precedent({}, again(held(answerOf("gemini", "inconclusive", "timeout")).state))).toBeNull();
    from(state)
      .when(storyCommand(record(underB(answerOf("gemini", "pass", null, { model: "judge-2" })))))
      .then("VerdictRecorded");
  });

  it("keeps a verdict against the change on another base, but has a pass judged again there", () => {
    const tree = "5".repeat(40);
    const elsewhere = (verdict: Verdict) => {
      const state = again(held(verdict).state, { tree });
      return precedentVerdict(state, state.tasks[ids.task] ?? never(), judge)?.verdict ?? null;
    };
    expect(elsewhere(answerOf("gemini", "fail"))).toBe("fail");
    expect(elsewhere(answerOf("gemini", "inconclusive", "citation"))).toBe("inconclusive");
    expect(elsewhere(answerOf("gemini", "pass"))).toBeNull();
  });

  it("keeps a passed view if the other view got no answer, only for this judge and this bundle", () => {
    const views = [
      { view: "plain" as const, verdict: "pass" as const, detail: null },
      { view: "blanked" as const, verdict: "inconclusive" as const, detail: "http_503" },
    ];
    const release = { kind: "ReleaseHold" as const, hold_id: ids.hold };
    const { state } = held(answerOf("gemini", "inconclusive", "http_503", { views }))
      .when(storyCommand(release))
      .then("HoldReleased");
    const task = state.tasks[ids.task] ?? never();
    expect(passedViews(task, judge)).toEqual(["plain"]);
    expect(passedViews(task, { ...judge, model: "judge-2" })).toEqual([]);
    expect(passedViews(task, { ...judge, prompt_digest: "8".repeat(64) })).toEqual([]);
    expect(passedViews(task, { ...judge, family: "openai" })).toEqual([]);
    expect(passedViews(again(state).tasks[ids.task] ?? never(), judge)).toEqual([]);
    // Without a passed view there is nothing to keep, and an answer keeps no view for later.
    for (const other of [
      answerOf("gemini", "inconclusive", "http_503"),
      answerOf("gemini", "inconclusive", "http_503", { views: [] }),
    ]) {
      const released = held(other).when(storyCommand(release)).then("HoldReleased").state;
      expect(released.tasks[ids.task]).not.toHaveProperty("partly_judged");
    }
  });

  it("drops the tries of a reused verdict, because the judge was not asked now", () => {
    const tries = [
      { view: "plain" as const, result: "http_503", wait_ms: 10 },
      { view: "plain" as const, result: "fail", wait_ms: null },
    ];
    const verdict = answerOf("gemini", "fail", null, { tries });
    const { state } = held(verdict);
    expect(state.tasks[ids.task]?.verdicts).toContainEqual(expect.objectContaining({ tries }));
    const task = again(state).tasks[ids.task] ?? never();
    expect(precedentVerdict(again(state), task, judge)).toMatchObject({ verdict: "fail" });
    expect(precedentVerdict(again(state), task, judge)).not.toHaveProperty("tries");
  });

  it("refuses a verdict that falsely claims to be an earlier one", () => {
    const state = stateAfter("sealed", initialState);
    const claimed = answerOf("gemini", "pass", null, { reused_from: "c".repeat(64) });
    from(state)
      .when(storyCommand(record(claimed)))
      .thenRefused("stale");
    from(state)
      .when(storyCommand(record(answerOf("gemini", "pass"))))
      .then("VerdictRecorded");
  });
});

it("reuses a verdict for other tasks with the same change", () => {
  const { state } = held(answerOf("gemini", "fail"));
  const task = state.tasks[ids.task] ?? never();
  const twin = { ...task, task_id: "t-bbbbbbbbbbbbbbbb" as TaskId, judged: [], verdicts: [], evidence: task.evidence };
  const both = { ...state, tasks: { ...state.tasks, [twin.task_id]: twin } };
  expect(precedentVerdict(both, twin, judge)?.verdict).toBe("fail");
  expect(precedentVerdict({ ...both, tasks: { [twin.task_id]: twin } }, twin, judge)).toBeNull();
});

it("never records two verdicts or a better one for one change, family, model and prompt, in any order of events", () => {
  const words = fc.constantFrom<readonly [Given, string | null]>(
    ["pass", null],
    ["fail", null],
    ["inconclusive", "flip"],
    ["inconclusive", "http_500"],
    ["not_configured", null],
  );
  let repeated = 0;
  fc.assert(
    fc.property(fc.array(words, { minLength: 2, maxLength: 12 }), (drawn) => {
      let state = held(answerOf("gemini", "inconclusive", "timeout")).state;
      const recordedAnswers: string[] = [];
      for (const [word, detail] of drawn) {
        state = again(state);
        const decision = decide(storyCommand(record(underB(answerOf("gemini", word, detail)))), state);
        if (decision.kind === "refused") throw new Error(decision.reason);
        for (const event of decision.events) {
          state = evolve(state, { ...event, recorded_at: someInstant });
          if (event.type !== "VerdictRecorded") continue;
          const { verdict, detail: why, reused_from } = event.data;
          if (verdict !== "not_configured" && why !== "http_500") recordedAnswers.push(`${verdict} ${why}`);
          if (reused_from !== undefined) repeated += 1;
        }
      }
      expect(new Set(recordedAnswers).size).toBeLessThanOrEqual(1);
      expect(state.tasks[ids.task]?.judged.length ?? 0).toBeLessThanOrEqual(judgedChangesMax);
    }),
    { numRuns: 200 },
  );
  expect(repeated).toBeGreaterThan(0);
});

it("keeps a bounded number of verdicts per task", () => {
  let { state } = held(answerOf("gemini", "inconclusive", "timeout"));
  for (let index = 0; index < judgedChangesMax + 5; index += 1) {
    state = again(state, { change_digest: index.toString(16).padStart(64, "0") });
    for (const event of from(state).when(storyCommand(record(underB(answerOf("gemini", "fail"))))).events)
      state = evolve(state, { ...event, recorded_at: someInstant });
  }
  expect(state.tasks[ids.task]?.judged).toHaveLength(judgedChangesMax);
});

function never(): never {
  throw new Error("the story has this task");
}

describe("a judge that is no longer configured", () => {
  const ask = { family: "gemini" as const, bundleDigest: "b".repeat(64) };
  const digestOf = (state: State) => state.tasks[ids.task]?.evidence?.change_digest ?? "";

  it("keeps a verdict against the change from a judge that is no longer configured, whatever its model", () => {
    const { state } = held(answerOf("gemini", "fail", null, { model: "judge" }));
    const veto = precedentVeto(state, { ...ask, changeDigest: digestOf(state) });
    expect(veto).toMatchObject({ family: "gemini", verdict: "fail", bundle_digest: ask.bundleDigest });
    expect(veto?.usage).toEqual({ input_tokens: 0, output_tokens: 0 });
    expect(veto?.reused_from).toBe(state.tasks[ids.task]?.evidence?.bundle.digest);
    expect(precedentVeto(state, { ...ask, changeDigest: "0".repeat(64) })).toBeNull();
  });

  it("keeps no pass and no silence of a judge that is no longer configured, and nothing of another family", () => {
    for (const verdict of [answerOf("gemini", "pass"), answerOf("gemini", "not_configured")]) {
      const { state } = held(verdict, answerOf("openai", "fail"));
      expect(precedentVeto(state, { ...ask, changeDigest: digestOf(state) })).toBeNull();
    }
  });

  it("keeps a former judge's fail even if another model of it was only unsure, or failed only one view", () => {
    const unsure = held(answerOf("gemini", "inconclusive", "invalid_json")).state;
    const digest = digestOf(unsure);
    expect(precedentVeto(unsure, { ...ask, changeDigest: digest })?.detail).toBe("invalid_json");
    const flipped = recorded(again(unsure), answerOf("gemini", "inconclusive", "flip", { model: "judge-2" }));
    expect(precedentVeto(flipped, { ...ask, changeDigest: digest })?.detail).toBe("flip");
    const failed = recorded(again(flipped), answerOf("gemini", "fail", null, { model: "judge-3" }));
    expect(precedentVeto(failed, { ...ask, changeDigest: digest })).toMatchObject({
      verdict: "fail",
      model: "judge-3",
    });
  });
});

describe("a judge that was set up again", () => {
  const verdictText = (state: State) => state.tasks[ids.task]?.verdicts.find(({ family }) => family === "gemini");
  const another = { model: "judge-2" };

  it("keeps a family's veto if its newly set-up judge gives no answer", () => {
    for (const [word, detail] of [["fail"], ["inconclusive", "flip"]] as const)
      for (const [silence, why] of [
        ["inconclusive", "http_404"],
        ["inconclusive", "timeout"],
        ["not_configured", null],
      ] as const) {
        const before = again(held(answerOf("gemini", word, detail ?? null)).state);
        const after = recorded(before, answerOf("gemini", silence, why, another));
        expect(verdictText(after)).toMatchObject({ verdict: word, model: "judge", reused_from: "e".repeat(64) });
      }
  });

  it("counts the answer of a newly set-up judge, and asks it again if there was no veto", () => {
    for (const [word, detail] of [["fail"], ["inconclusive", "flip"]] as const) {
      const before = again(held(answerOf("gemini", word, detail ?? null)).state);
      const after = recorded(before, answerOf("gemini", "pass", null, another));
      expect(verdictText(after)).toMatchObject({ verdict: "pass", model: "judge-2" });
    }
    for (const [word, detail] of [["pass"], ["inconclusive", "verdict"], ["inconclusive", "timeout"]] as const) {
      const before = again(held(answerOf("gemini", word, detail ?? null)).state);
      const after = recorded(before, answerOf("gemini", "inconclusive", "http_404", another));
      expect(verdictText(after)).toMatchObject({ verdict: "inconclusive", detail: "http_404", model: "judge-2" });
    }
  });
});
