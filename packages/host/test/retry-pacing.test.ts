/** The pause in a `retry-after` header: seconds, an HTTP date, or nothing valid. */
import { expect, it } from "vitest";
import { retryAfterMs } from "../src/retry-pacing.ts";

const now = Date.parse("2026-11-22T10:00:00Z");

it.each([
  ["0", 0],
  ["7", 7000],
  [" 30 ", 30_000],
  ["Sun, 22 Nov 2026 10:00:20 GMT", 20_000],
  ["Sun, 22 Nov 2026 09:00:00 GMT", 0],
  ["999999999999", 86_400_000],
  ["Tue, 22 Nov 2033 10:00:00 GMT", 86_400_000],
])("reads the pause %s", (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});

it.each([
  "",
  "soon",
  "-1",
  "1.5",
  "1e3",
  "9999999999999",
  "2026-11-22",
  "Xyz, 99 Abc 2026 10:00:00 GMT",
  null,
  undefined,
])("reads no pause in %s", (header) => {
  expect(retryAfterMs(header, now)).toBeNull();
});
