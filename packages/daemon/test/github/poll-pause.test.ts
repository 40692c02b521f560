/** How often a waiting pull request is asked about. */
import { expect, it } from "vitest";
import { pollPauseMs } from "../../src/github/poll-pause.ts";

const pollMs = 30_000;
const hourMs = 3_600_000;

it("the pause is the configured one at first, grows with the wait, and ends at five minutes", () => {
  expect([0, 60_000, 600_000, hourMs, 24 * hourMs].map((waitedMs) => pollPauseMs({ waitedMs, pollMs }))).toEqual([
    30_000, 30_000, 30_000, 180_000, 300_000,
  ]);
});

it("the pause is never shorter than configured, and no longer if that is more than five minutes", () => {
  expect(pollPauseMs({ waitedMs: 24 * hourMs, pollMs: 600_000 })).toBe(600_000);
  expect(pollPauseMs({ waitedMs: -1, pollMs })).toBe(pollMs);
});

it("polling with the growing pause takes less than a sixth of the requests of a constant one in a day", () => {
  let [polls, waitedMs] = [0, 0];
  for (; waitedMs < 24 * hourMs; polls += 1) waitedMs += pollPauseMs({ waitedMs, pollMs });
  expect(polls).toBeLessThan((24 * hourMs) / pollMs / 6);
});
