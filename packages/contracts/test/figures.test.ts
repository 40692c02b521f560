/** Numbers, sizes and times as a person reads them. */
import { expect, it } from "vitest";
import {
  ageText,
  counted,
  groupedText,
  localSecond,
  localTime,
  roundedText,
  sizeText,
  tokensText,
} from "../src/figures.ts";

it("groups and rounds numbers, and counts in words", () => {
  expect([0, 999, 1234, 1_234_567, -1234, 1234.5678].map(groupedText)).toEqual([
    ...["0", "999", "1,234", "1,234,567", "-1,234", "1,234.5678"],
  ]);
  expect([0, 9876, 12_345, 999_499, 999_950, 40_000_000, 1_240_000_000].map(roundedText)).toEqual([
    ...["0", "9,876", "12.3 k", "999 k", "1 M", "40 M", "1.24 G"],
  ]);
  expect([counted(1, "run"), counted(1234, "run"), tokensText(1), tokensText(40_000_000)]).toEqual([
    ...["1 run", "1,234 runs", "1 token", "40 M tokens"],
  ]);
});

it("shows sizes in decimal units and ages in their largest whole unit", () => {
  expect([0, 512, 1_500_000, 73_000_000_000].map(sizeText)).toEqual(["0 B", "512 B", "1.5 MB", "73 GB"]);
  expect([-5, 59_999, 3_599_999, 3_600_000, 172_800_000].map(ageText)).toEqual(["0 s", "59 s", "59 min", "1 h", "2 d"]);
});

it("shows an instant in local time without milliseconds, and leaves other texts as they are", () => {
  const instant = new Date(2026, 0, 31, 10, 5, 7, 678).toISOString();
  expect([localTime(instant), localSecond(instant)]).toEqual(["2026-01-31 10:05", "2026-01-31 10:05:07"]);
  expect(localTime("never")).toBe("never");
});
