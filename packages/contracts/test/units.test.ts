/** Durations and sizes as text. */
import { expect, it } from "vitest";
import { durationMsSchema, parseDurationMs, parseSizeBytes, sizeBytesSchema } from "../src/units.ts";

it("parses a whole number with its unit", () => {
  expect(parseDurationMs("500ms")).toBe(500);
  expect(parseDurationMs("10m")).toBe(600_000);
  expect(parseDurationMs("14d")).toBe(1_209_600_000);
  expect(parseSizeBytes("64KiB")).toBe(65_536);
  expect(parseSizeBytes("2GiB")).toBe(2_147_483_648);
});

it("refuses a duration or size without a number or with an unknown unit", () => {
  for (const text of ["10", "00s", "-1s", "1.5m", "10 m", "1e3s", "m", "", "10mm", "9999999999999999d", "1constructor"])
    expect(parseDurationMs(text)).toBeNull();
  for (const text of ["10kB", "10K", "1.5GiB", "999999999999TiB"]) expect(parseSizeBytes(text)).toBeNull();
});

it("parses zero, which no setting accepts", () => {
  expect(parseDurationMs("0s")).toBe(0);
  expect([durationMsSchema.safeParse("1s").data, durationMsSchema.safeParse("0s").success]).toEqual([1000, false]);
  expect([sizeBytesSchema.safeParse("1B").data, sizeBytesSchema.safeParse("0B").success]).toEqual([1, false]);
});
