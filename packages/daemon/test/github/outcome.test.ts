/** The table of outcomes: every status of every effect has one decided meaning. */
import { describe, expect, it } from "vitest";
import { type Effect, outcomes, requestOutcome } from "../../src/github/outcome.ts";

const nowMs = Date.parse("2026-01-02T03:04:05Z");
const effects: readonly Effect[] = ["read", "peek", "open", "update", "comment", "report", "merge", "graphql"];
const answer = (
  status: number,
  headers: Record<string, string | number> = {},
  data: unknown = { message: "Words" },
) => ({
  status,
  headers,
  data,
});
const kindOf = (effect: Effect, status: number) => requestOutcome(effect, answer(status), nowMs).kind;

describe("an outcome", () => {
  it.each(effects)("the outcome of the effect %s is done for every status of success", (effect) => {
    for (const status of [200, 201, 202, 204]) expect(kindOf(effect, status)).toBe("done");
  });

  it.each(effects)(
    "the outcome of the effect %s is unknown if the server failed or gave no answer, because it may have happened",
    (effect) => {
      for (const status of [408, 500, 502, 503, 504, 520]) expect(kindOf(effect, status)).toBe("unknown");
      expect(requestOutcome(effect, { status: null, cause: "ECONNRESET" }, nowMs)).toEqual({
        kind: "unknown",
        why: "ECONNRESET",
      });
    },
  );

  it.each<[Effect, number, string]>([
    ["read", 404, "absent"],
    ["read", 410, "absent"],
    ["peek", 403, "absent"],
    ["peek", 404, "absent"],
    ["read", 403, "refused"],
    ["read", 422, "changed"],
    ["open", 422, "changed"],
    ["open", 409, "changed"],
    ["open", 403, "refused"],
    ["open", 404, "refused"],
    ["open", 410, "refused"],
    ["update", 409, "changed"],
    ["update", 422, "refused"],
    ["report", 422, "refused"],
    ["report", 403, "refused"],
    ["merge", 405, "changed"],
    ["merge", 409, "changed"],
    ["merge", 422, "refused"],
    ["merge", 403, "refused"],
    ["merge", 404, "refused"],
  ])("the outcome of the effect %s with status %i is %s", (effect, status, kind) => {
    expect(kindOf(effect, status)).toBe(kind);
  });

  it("unauthorized, moved, gone for legal reasons and bad request mean the same for each effect that the table does not name", () => {
    for (const effect of effects)
      for (const status of [301, 307, 400, 401, 406, 415, 451]) expect(kindOf(effect, status)).toBe("refused");
    expect(Object.keys(outcomes).toSorted()).toEqual([...effects, "any"].toSorted());
  });

  it("a refusal has GitHub's words and those of its list of errors, as one safe line", () => {
    const data = {
      message: "Validation\nFailed",
      errors: [{ message: "No commits between main and x" }, "plain\u001b[31m"],
    };
    expect(requestOutcome("open", answer(422, {}, data), nowMs)).toEqual({
      kind: "changed",
      why: expect.stringMatching(/^422 Validation Failed; No commits between main and x; plain/),
    });
    const { why } = requestOutcome("open", answer(422, {}, data), nowMs) as { why: string };
    expect(why).not.toContain("\u001b");
    expect(requestOutcome("open", answer(403, {}, "<html>"), nowMs)).toEqual({ kind: "refused", why: "403" });
  });
});

describe("a rate limit", () => {
  it.each<[string, number, Record<string, string | number>, number]>([
    ["429 without a time: after a minute", 429, {}, 60_000],
    ["a secondary limit: after the seconds that it names", 403, { "retry-after": "17" }, 17_000],
    [
      "the primary limit: when its window ends",
      403,
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(nowMs / 1000 + 300) },
      300_000,
    ],
    ["headers as numbers", 403, { "x-ratelimit-remaining": 0, "x-ratelimit-reset": nowMs / 1000 + 300 }, 300_000],
    ["a time beyond an hour: after an hour", 429, { "retry-after": "86400" }, 3_600_000],
    ["a time that has passed: after a second", 429, { "retry-after": "-5" }, 1_000],
    ["a time that is none: after a minute", 429, { "retry-after": "soon" }, 60_000],
  ])("a rate limit is waited for: %s", (_, status, headers, pauseMs) => {
    for (const effect of effects)
      expect(requestOutcome(effect, answer(status, headers), nowMs)).toEqual({
        kind: "rate-limited",
        atMs: nowMs + pauseMs,
        why: `${status} Words`,
      });
  });

  it("a plain 403 with requests left is no rate limit", () => {
    expect(requestOutcome("merge", answer(403, { "x-ratelimit-remaining": "4999" }), nowMs).kind).toBe("refused");
  });
});
