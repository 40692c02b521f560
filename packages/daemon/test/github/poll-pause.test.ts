/** How often a waiting pull request is asked about. */
import { expect, it } from "vitest";
import { pollPauseMs } from "../../src/github/poll-pause.ts";

const pollMs = 30_000;
const hourMs = 3_600_000;

it("is the configured pause at first, grows with the time waited, and ends at five minutes", () => {
  expect([0, 60_000, 600_000, hourMs, 24 * hourMs].map((waitedMs) => pollPauseMs({ waitedMs, pollMs }))).toEqual([
    30_000, 30_000, 30_000, 180_000, 300_000,
  ]);
});

it("is never shorter than configured, and not longer if that is longer than five minutes", () => {
  expect(pollPauseMs({ waitedMs: 24 * hourMs, pollMs: 600_000 })).toBe(600_000);
  expect(pollPauseMs({ waitedMs: -1, pollMs })).toBe(pollMs);
});

it("takes less than a sixth of the requests that one pause for a whole day would take", () => {
  let [polls, waitedMs] = [0, 0];
  for (; waitedMs < 24 * hourMs; polls += 1) waitedMs += pollPauseMs({ waitedMs, pollMs });
  expect(polls).toBeLessThan((24 * hourMs) / pollMs / 6);
});
