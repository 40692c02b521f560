/** The measure of growth itself distinguishes quadratic and exponential code from linear code, however slow that is. */
import { expect, it } from "vitest";
import { growsWithLength } from "./support/growth.ts";

let sink = 0;
const spend = (steps: number) => {
  for (let step = 0; step < steps; step += 1) sink = (sink * 31 + step) % 1_000_003;
};

it("code that grows faster than its input is distinguished from code that does not", () => {
  expect(growsWithLength(4_000_000, (length) => () => spend(length * 8))).toBe(true);
  expect(growsWithLength(2_000, (length) => () => spend(length * length * 8))).toBe(false);
  expect(growsWithLength(22, (length) => () => spend(2 ** length * 8))).toBe(false);
  expect(growsWithLength(8_000, (length) => () => /(.*)(.*)=x/.test("=".repeat(length / 8)))).toBe(false);
});

it("quadratic code is accepted if it is fast at the lengths in use", () => {
  expect(growsWithLength(100, (length) => () => spend(length * length))).toBe(true);
});
