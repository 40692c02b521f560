/** How long a repository with a working webhook may go without a poll. */
import { expect, it } from "vitest";
import { mayRest } from "../../src/issues/poll-issues.ts";

const minute = 60_000;
const nowMs = 1_000 * 3_600_000;
/** A delivery 20 minutes ago, a look one minute ago, and nothing left to do. */
const quiet = { newsMs: nowMs - 20 * minute, seenMs: nowMs - minute, due: new Map() };
const pollMs = minute;

it("a repository that was polled lately may rest, for five minutes", () => {
  expect(mayRest(quiet, { nowMs, pollMs })).toBe(true);
  expect(mayRest({ ...quiet, seenMs: nowMs - 5 * minute + 1 }, { nowMs, pollMs })).toBe(true);
  expect(mayRest({ ...quiet, seenMs: nowMs - 5 * minute }, { nowMs, pollMs })).toBe(false);
});

it.each([
  ["without a delivery", { newsMs: null }],
  ["whose last delivery was more than a day ago", { newsMs: nowMs - 24 * 60 * minute - 1 }],
  ["with a delivery a moment ago, which GitHub's list may not show yet", { newsMs: nowMs - minute }],
  ["with an issue that could not be inspected", { due: new Map([[7, { failures: 1, notBefore: 0 }]]) }],
])("a repository %s does not rest", (_what, other) => {
  expect(mayRest({ ...quiet, ...other }, { nowMs, pollMs })).toBe(false);
});
