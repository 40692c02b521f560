/** Durations and counts as they are typed. */
import { expect, it } from "vitest";
import { durationOption, parseCount } from "../../src/command-line/duration.ts";

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
