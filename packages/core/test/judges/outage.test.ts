/** Outages of judges' vendors: when a vendor counts as down, what waits for it, when it is probed, and that only a verdict or a probe ends the outage. */
import type { Verdict } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/decide.ts";
import { evolve } from "../../src/evolve.ts";
import { isDown, outageOf, outageToldAt, tasksWaitingFor } from "../../src/judges/outage.ts";
import { pendingCanaries } from "../../src/judges/pending-canaries.ts";
import { openHolds } from "../../src/mission/status-summary.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import { pendingNotices } from "../../src/notice/notices.ts";
import { nextDueAt, pendingWork } from "../../src/pending-work.ts";
import { gated, given, ids, stateAfter, storyCommand, verdictOf } from "../../src/testing/index.ts";
import { canary, stateWith } from "./canaries.ts";

const began = Date.parse("2026-01-02T03:00:00.000Z");
const at = (seconds: number) => new Date(began + seconds * 1000).toISOString();

function after(state: State, body: CommandBody, seconds = 0): State {
  const decision = decide(storyCommand(body), state);
  if (decision.kind === "refused") throw new Error(decision.reason);
  return decision.events.reduce((next, event) => evolve(next, { ...event, recorded_at: at(seconds) }), state);
}
const answerOf = (verdict: Verdict["verdict"], detail: string | null = null, change: Partial<Verdict> = {}) => {
  const value = verdict === "not_configured" ? ("inconclusive" as const) : verdict;
  return {
    ...verdictOf("gemini", verdict, detail),
    views: [{ view: "plain" as const, verdict: value, detail }],
    ...change,
  };
};
const record = (verdict: Verdict, task_id: string = ids.task): CommandBody => ({
  kind: "RecordVerdict",
  task_id,
  verdict,
});
const unavailable = gated("hold", { hold_code: "HOLD-VALIDATOR-UNAVAILABLE" });
/** openai has passed; gemini is still to answer. */
const judging = () => stateAfter("openai", initialState);
/** gemini's vendor did not answer at second 0, and the gate held the task. */
const parked = (detail = "http_503") => after(after(judging(), record(answerOf("inconclusive", detail))), unavailable);
function withSecondTask(state: State): State {
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("there is no task");
  const hold = task.hold === null ? null : { ...task.hold, hold_id: "h-bbbbbbbbbbbbbbbb" as never };
  return { ...state, tasks: { ...state.tasks, "t-b": { ...task, task_id: "t-b" as never, hold } } };
}
const probes = (state: State, seconds: number) =>
  pendingWork(state, at(seconds)).filter(({ kind }) => kind === "ProbeVendor");
const probed: CommandBody = { kind: "RecordVendorProbe", family: "gemini" };

describe("a vendor that gives no verdict", () => {
  it.each(["http_408", "http_429", "http_500", "http_529", "unreachable"])(
    "holds the change after %s until a probe reaches the vendor, then asks only this judge again",
    (detail) => {
      const state = parked(detail);
      expect(state.tasks[ids.task]?.hold?.code).toBe("HOLD-VALIDATOR-UNAVAILABLE");
      expect(tasksWaitingFor(state, "gemini").map(({ task_id }) => task_id)).toEqual([ids.task]);
      expect(probes(state, 14)).toEqual([]);
      expect(nextDueAt(state, at(14))).toBe(at(15));
      expect(probes(state, 15)).toMatchObject([{ family: "gemini", task_id: null, plane: "judgement" }]);
      given([], state).when(storyCommand(probed)).then("JudgeAvailable", "HoldReleased");
      const resumed = after(state, probed, 20);
      expect(pendingWork(resumed, at(20))).toMatchObject([{ kind: "JudgeEvidence", family: "gemini" }]);
    },
  );

  it("asks a vendor as before after one failure, and counts it as down after two in a row", () => {
    const once = parked();
    expect([outageOf(once, "gemini")?.results, isDown(once, "gemini")]).toEqual([1, false]);
    const twice = after(withSecondTask(judging()), record(answerOf("inconclusive", "http_500")));
    const down = after(twice, record(answerOf("inconclusive", "http_503"), "t-b"));
    expect([isDown(down, "gemini"), isDown(down, "openai")]).toEqual([true, false]);
    // A verdict between the two failures ends the row.
    const between = after(
      after(withSecondTask(judging()), record(answerOf("inconclusive", "http_500"))),
      record(answerOf("pass"), "t-b"),
    );
    expect(between.system.judge_outages).toBeUndefined();
  });

  it.each([
    ["pass", null],
    ["fail", null],
    ["inconclusive", "verdict"],
    ["inconclusive", "invalid_json"],
    ["inconclusive", "http_401"],
    ["inconclusive", "quota"],
    ["inconclusive", "too_large"],
    ["inconclusive", "unavailable"],
    ["not_configured", null],
  ] as const)("does not count %s %s as a failure of the vendor", (verdict, detail) => {
    const change = detail === "unavailable" ? { views: [] } : {};
    given([], judging())
      .when(storyCommand(record(answerOf(verdict, detail, change))))
      .then("VerdictRecorded");
  });

  it("does not count a reused verdict as a failure of the vendor", () => {
    const answered = after(judging(), record(answerOf("fail")));
    expect(answered.system).not.toHaveProperty("judge_outages");
  });
});

describe("the end of an outage", () => {
  it("releases every task that waits for the vendor at once, by a probe or by a verdict on another change", () => {
    const both = withSecondTask(parked());
    given([], both).when(storyCommand(probed)).then("JudgeAvailable", "HoldReleased", "HoldReleased");
    const third = judging().tasks[ids.task];
    if (third === undefined) throw new Error("there is no task");
    const judged = { ...both, tasks: { ...both.tasks, "t-c": { ...third, task_id: "t-c" as never } } };
    given([], judged)
      .when(storyCommand(record(answerOf("pass"), "t-c")))
      .then("VerdictRecorded", "JudgeAvailable", "HoldReleased", "HoldReleased");
    // A hold of another kind stays.
    const other = after(judging(), {
      kind: "HoldTask",
      task_id: ids.task,
      code: "HOLD-DISK-LOW",
      detail: null,
      hold_id: ids.hold,
    });
    given([], other).when(storyCommand(probed)).then();
  });

  it("probes the vendor later each time that the judge fails after a successful probe, and starts over after a verdict", () => {
    let state = parked();
    const pauses: number[] = [];
    let now = 0;
    for (let round = 0; round < 9; round += 1) {
      const due = nextDueAt(state, at(now)) ?? "";
      const toldAt = outageToldAt(state, "gemini");
      // The message to a person is due in between; it is no probe.
      const next = due === toldAt ? (nextDueAt(state, due) ?? "") : due;
      pauses.push((Date.parse(next) - began) / 1000 - now);
      now = (Date.parse(next) - began) / 1000;
      state = after(state, probed, now);
      expect(isDown(state, "gemini")).toBe(false);
      state = after(after(state, record(answerOf("inconclusive", "http_503")), now), unavailable, now);
      expect(isDown(state, "gemini")).toBe(true);
    }
    expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 960, 1800, 1800]);
    expect(outageOf(state, "gemini")).toMatchObject({ since: at(0), lifts: 9 });
    state = after(after(state, probed, now), record(answerOf("pass")), now);
    expect(state.system).not.toHaveProperty("judge_outages");
  });

  it("releases a change whose judge always fails thirty times, then leaves it to a person", () => {
    let state = parked();
    const round = (lift: CommandBody, now: number) => {
      state = after(state, lift, now);
      state = after(after(state, record(answerOf("inconclusive", "http_503")), now), unavailable, now);
    };
    for (let lifts = 0; lifts < 30; lifts += 1) {
      expect(openHolds(state)).toMatchObject([{ resumes: "probe", detail: null }]);
      round(probed, lifts * 10_000);
    }
    const why = "a probe has ended such a hold 30 times without progress";
    expect(openHolds(state)).toMatchObject([{ resumes: "never", detail: why }]);
    expect(tasksWaitingFor(state, "gemini")).toEqual([]);
    // Its vendor is still probed as long as it counts as down, and the change stays held.
    given([], state).when(storyCommand(probed)).then("JudgeAvailable");
    const hold_id = state.tasks[ids.task]?.hold?.hold_id ?? "";
    round({ kind: "ReleaseHold", hold_id }, 400_000);
    expect(openHolds(state)).toMatchObject([{ resumes: "probe", detail: null }]);
  });

  it("counts the releases from zero after a judge's answer", () => {
    const lifted = after(parked(), probed, 20);
    expect(lifted.tasks[ids.task]?.vendor_lifts).toBe(1);
    expect(after(lifted, record(answerOf("inconclusive", "http_503"))).tasks[ids.task]?.vendor_lifts).toBe(1);
    expect(after(lifted, record(answerOf("pass"))).tasks[ids.task]).not.toHaveProperty("vendor_lifts");
  });

  it("releases a task whose gate decides after another task's verdict ended the outage", () => {
    const silent = after(withSecondTask(judging()), record(answerOf("inconclusive", "http_500")));
    const answered = after(silent, record(answerOf("pass"), "t-b"));
    const held = after(answered, unavailable, 3);
    expect(outageOf(held, "gemini")).toBeUndefined();
    expect(probes(held, 3)).toHaveLength(1);
    expect(after(held, probed, 3).tasks[ids.task]?.status).toBe("judging");
  });

  it("sees no outage without failures, and never probes an idle vendor", () => {
    given([], initialState).when(storyCommand(probed)).then();
    expect(probes(judging(), 1_000_000)).toEqual([]);
    const lifted = after(parked(), probed, 20);
    expect(probes(lifted, 1_000_000)).toEqual([]);
  });
});

describe("while a vendor is down", () => {
  const down = () => {
    const first = after(withSecondTask(judging()), record(answerOf("inconclusive", "http_500")));
    return after(first, record(answerOf("inconclusive", "http_500"), "t-b"));
  };

  it("lets no vendor that is down judge planted bundles, while the others continue", () => {
    const bounds = { sharePercent: 0, atOnce: 2, families: ["openai", "gemini"] as const };
    const families = (state: State) =>
      pendingCanaries(state, { ...bounds, families: [...bounds.families] }).map(
        (work) => "family" in work && work.family,
      );
    expect(families(stateWith([canary(1, {})], judging()))).toEqual(["openai", "gemini"]);
    expect(families(stateWith([canary(1, {})], down()))).toEqual(["openai"]);
  });

  it("sends one message about an outage, ten minutes after it began and only while something waits", () => {
    const notifier = { digest: "d".repeat(64), since: at(-10) };
    const held = withSecondTask(parked());
    const state = { ...held, system: { ...held.system, notifier } };
    const messages = (of: State, seconds: number) =>
      pendingNotices(of, at(seconds)).map(({ about, notice_id }) => [about.kind, notice_id]);
    expect(messages(state, 599)).toEqual([]);
    expect(messages(state, 600)).toEqual([["hold", `outage/gemini/${at(0)}`]]);
    expect(nextDueAt(state, at(16))).toBe(at(600));
    const push: CommandBody = {
      kind: "RecordPush",
      stream: `task/${ids.task}`,
      notice_id: `outage/gemini/${at(0)}`,
      key: "k",
      folded: false,
    };
    expect(messages(after(state, push, 600), 10_000)).toEqual([]);
    expect(messages(after(state, probed, 30), 600)).toEqual([]);
  });
});
