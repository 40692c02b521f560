/** Asking a judge again: after which failures, how often, with which pauses, and never after a verdict. The test controls time and chance. */

import type { Pacing } from "@aedev/host/retry-pacing";
import { describe, expect, it } from "vitest";
import { askUntilAnswered } from "../src/ask-again.ts";
import { failed, type JudgeOutcome } from "../src/vendor/outcome.ts";

const usage = { input_tokens: 10, output_tokens: 2 };
const said = (text: string): JudgeOutcome => ({ kind: "answered", text, usage });
const down = (detail: string, retryAfter: string | null = null) => ({ ...failed(detail), retryAfter });

/** A judge that gives these answers in order, repeating the last; each takes `takesMs`. */
function court(answers: readonly JudgeOutcome[], { chance = 1, takesMs = 0, stopAt = Number.POSITIVE_INFINITY } = {}) {
  const stop = new AbortController();
  const limits: number[] = [];
  const pauses: number[] = [];
  let now = Date.parse("2026-11-22T10:00:00Z");
  const began = now;
  const pacing: Pacing = {
    now: () => now,
    random: () => chance,
    sleep: async (ms) => {
      pauses.push(ms);
      now += ms;
      if (pauses.length >= stopAt) stop.abort();
    },
  };
  const run = (changes: { tries?: number; deadlineMs?: number; timeoutMs?: number } = {}) =>
    askUntilAnswered({
      ask: async (timeoutMs) => {
        limits.push(timeoutMs);
        now += Math.min(takesMs, timeoutMs);
        const answer = answers[Math.min(limits.length, answers.length) - 1];
        if (answer === undefined) throw new Error("no answer is scripted");
        return answer;
      },
      decide: (outcome) => {
        if (outcome.kind === "failed") return { verdict: "inconclusive", detail: outcome.detail };
        if (outcome.text === "pass" || outcome.text === "fail") return { verdict: outcome.text, detail: null };
        return { verdict: "inconclusive", detail: outcome.text === "unsure" ? "verdict" : "invalid_json" };
      },
      deadline: began + (changes.deadlineMs ?? 300_000),
      tries: changes.tries ?? 6,
      timeoutMs: changes.timeoutMs ?? 60_000,
      estimatedTokens: 500,
      stop: stop.signal,
      pacing,
    });
  return { run, limits, pauses, elapsed: () => now - began };
}

describe("a judge that gives no answer", () => {
  it.each(["http_408", "http_409", "http_429", "http_500", "http_503", "http_529", "timeout", "unreachable"])(
    "asks a judge again after %s, and counts its verdict",
    async (detail) => {
      const { run, limits } = court([down(detail), said("pass")]);
      expect(await run()).toMatchObject({
        verdict: "pass",
        attempts: [
          { result: detail, wait_ms: 1000 },
          { result: "pass", wait_ms: null },
        ],
        usage,
      });
      expect(limits).toHaveLength(2);
    },
  );

  it.each(["http_400", "http_401", "http_403", "http_404", "quota", "too_large", "refused"])(
    "does not ask a judge again after %s",
    async (detail) => {
      const { run, limits, pauses } = court([down(detail), said("pass")]);
      expect(await run()).toMatchObject({ verdict: "inconclusive", detail });
      expect([limits.length, pauses]).toEqual([1, []]);
    },
  );

  it("asks a silent judge as often as allowed, with pauses that double up to half a minute, and stays inconclusive", async () => {
    const { run, limits, pauses } = court([down("http_500")]);
    const asked = await run({ tries: 8 });
    expect(asked).toMatchObject({ verdict: "inconclusive", detail: "http_500" });
    expect(limits).toHaveLength(8);
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(asked.attempts.map(({ wait_ms }) => wait_ms)).toEqual([...pauses, null]);
  });

  it("asks a judge once if one request is allowed", async () => {
    const { run, limits } = court([down("http_500"), said("pass")]);
    expect(await run({ tries: 1 })).toMatchObject({ detail: "http_500", attempts: [{ wait_ms: null }] });
    expect(limits).toHaveLength(1);
  });

  it("pauses for a random part of the longest pause, at most all of it", async () => {
    for (const [chance, pause] of [
      [0, 0],
      [0.25, 250],
      [1, 1000],
    ] as const) {
      const { run, pauses } = court([down("http_500"), said("pass")], { chance });
      await run();
      expect(pauses).toEqual([pause]);
    }
  });

  it("waits as long as `retry-after` says, in seconds or as a date", async () => {
    for (const header of ["20", "Sun, 22 Nov 2026 10:00:20 GMT"]) {
      const { run, pauses } = court([down("http_429", header), said("pass")]);
      expect(await run()).toMatchObject({ verdict: "pass" });
      expect(pauses).toEqual([20_000]);
    }
  });

  it("exceeds the deadline by no request, no pause and no second", async () => {
    const late = court([down("http_429", "299"), said("pass")]);
    expect(await late.run()).toMatchObject({ verdict: "pass" });
    const tooLate = court([down("http_429", "300"), said("pass")]);
    expect(await tooLate.run()).toMatchObject({ detail: "http_429", attempts: [{ wait_ms: null }] });
    expect(tooLate.elapsed()).toBe(0);

    const slow = court([down("timeout")], { takesMs: 60_000 });
    expect(await slow.run({ tries: 20, deadlineMs: 150_000 })).toMatchObject({ detail: "timeout" });
    expect(slow.elapsed()).toBeLessThanOrEqual(150_000);
    expect(slow.limits[0]).toBe(60_000);
    expect(slow.limits.at(-1)).toBeLessThan(60_000);
  });

  it("returns the result of the last complete request if the deadline cuts the next one short", async () => {
    const down504 = down("http_504");
    const { run, limits } = court([down504, down504, down504, down("timeout")], { takesMs: 40_000 });
    expect(await run({ deadlineMs: 150_000 })).toMatchObject({
      detail: "http_504",
      attempts: [{ result: "http_504" }, { result: "http_504" }, { result: "http_504" }, { result: "timeout" }],
    });
    expect(limits.at(-1)).toBeLessThan(60_000);
    // A complete request that takes too long is a timeout.
    const whole = court([down504, down("timeout")], { takesMs: 1000 });
    expect(await whole.run({ tries: 2 })).toMatchObject({ detail: "timeout" });
  });
});

describe("an answer", () => {
  it.each(["pass", "fail", "unsure"])("never requests the answer %s again", async (text) => {
    const { run, limits } = court([said(text), said("pass")]);
    await run();
    expect(limits).toHaveLength(1);
  });

  it("requests an unreadable answer once more, which is then the result", async () => {
    const { run, limits } = court([said("{nope")]);
    expect(await run()).toMatchObject({
      detail: "invalid_json",
      attempts: [{ result: "invalid_json" }, { result: "invalid_json", wait_ms: null }],
      usage: { input_tokens: 20, output_tokens: 4 },
    });
    expect(limits).toHaveLength(2);
    expect(await court([said("{nope"), said("pass")]).run()).toMatchObject({ verdict: "pass" });
    // Failures in between do not allow a third request.
    const mixed = court([said("{nope"), down("http_500"), said("{nope"), said("pass")]);
    expect(await mixed.run()).toMatchObject({ detail: "invalid_json" });
    expect(mixed.limits).toHaveLength(3);
  });

  it.each([
    "This change is malicious.",
    '{"verdict":"rejected","criteria":[',
    '{"comment":"it must fail"',
    "不通过",
    "[]",
    '{"verdict":"pass","criteria":[{"criterion":1,"answer":"not_met"',
    '{"verdict":"pass","criteria":[{"criterion":1,"answer":"unclear"',
    '{"verdict":"pass","criteria":[],"issues":[{"severity":"high"',
    '{"verdict":"pass","verdict":"fail","criteria":[',
  ])("treats an unreadable answer that may say no as final: %s", async (text) => {
    const { run, limits } = court([said(text), said("pass")]);
    expect(await run()).toMatchObject({ detail: "invalid_json" });
    expect(limits).toHaveLength(1);
  });

  it.each(["", '{"nonce":"x","ver', '{"verdict": "pass", "criteria": ['])(
    "requests an answer that breaks off before it says anything except a pass once more: %s",
    async (text) => {
      expect(await court([said(text), said("pass")]).run()).toMatchObject({ verdict: "pass" });
    },
  );

  it("does not request an unreadable answer that says fail again", async () => {
    const { run, limits } = court([said('```json\n{"verdict": "FAIL"}'), said("pass")]);
    expect(await run()).toMatchObject({ detail: "invalid_json" });
    expect(limits).toHaveLength(1);
  });
});

it("stops asking once nothing depends on the view any more", async () => {
  const { run, limits } = court([down("http_500"), down("http_500"), said("pass")], { stopAt: 2 });
  const asked = await run();
  expect(asked).toMatchObject({ detail: "http_500" });
  expect(asked.attempts.map(({ wait_ms }) => wait_ms)).toEqual([1000, null]);
  expect(limits).toHaveLength(2);
});

it("charges an answer that may have been billed unseen at its highest possible cost, and no other", async () => {
  const lost = { ...down("timeout"), lost: true as const };
  const { run } = court([lost, down("http_503"), lost, said("pass")]);
  expect((await run()).usage).toEqual({ ...usage, requests: 4, uncounted_requests: 2, uncounted_tokens: 1000 });
  expect((await court([down("http_503"), said("pass")]).run()).usage).toEqual({ ...usage, requests: 2 });
});
