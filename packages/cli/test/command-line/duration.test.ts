/** Durations and counts as they are typed. */
import { expect, it } from "vitest";
import { durationOption, parseCount, pastInstant } from "../../src/command-line/duration.ts";

it.each([
  ["600s", 600_000],
  ["10m", 600_000],
  ["2h", 7_200_000],
  ["250ms", 250],
  ["1d", 86_400_000],
])("parses the duration %s", (text, milliseconds) => {
  expect(durationOption(text, "--timeout")).toBe(milliseconds);
});

it.each(["", "x", "5", "600", "0", "0s", "0d", "-1s", "1.5s", "10 m", "1w", "9999999999999s"])(
  "refuses the duration %j and names the option",
  (text) => {
    expect(() => durationOption(text, "--timeout")).toThrow("--timeout");
  },
);

it("parses only whole numbers as counts", () => {
  expect(parseCount("50", "--limit")).toBe(50);
  expect(() => parseCount("-1", "--limit")).toThrow("--limit");
});

it("reads a past instant in any zone, and refuses what is none or in the future", () => {
  const nowMs = Date.parse("2026-02-01T00:00:00.000Z");
  expect(pastInstant("2026-01-31T22:00Z", "--t0", nowMs)).toBe("2026-01-31T22:00:00.000Z");
  expect(pastInstant("2026-01-31T22:00:01.5+02:00", "--t0", nowMs)).toBe("2026-01-31T20:00:01.500Z");
  for (const text of ["2026-01-31", "22:00", "2026-13-31T22:00Z", "2026-02-01T00:01Z", "now", ""])
    expect(() => pastInstant(text, "--t0", nowMs), text).toThrow("--t0");
});
