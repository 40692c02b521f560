/** The usage of runs: its sum, and the token count that every view shows. */
import { expect, it } from "vitest";
import { addUsage, noUsage, tokensOf } from "../src/index.ts";

const first = { input_tokens: 1, output_tokens: 2, cache_read_tokens: 4, cache_write_tokens: 8, requests: 1 };

it("counts everything except cache reads as tokens, surcharges included", () => {
  expect(tokensOf(noUsage)).toBe(0);
  expect(tokensOf(first)).toBe(11);
  expect(tokensOf({ ...first, surcharge_tokens: 16 })).toBe(27);
});

it("adds the usage of runs without losing a surcharge", () => {
  expect(addUsage(first, noUsage)).toEqual(first);
  const sum = addUsage({ ...first, surcharge_tokens: 16 }, { ...first, surcharge_tokens: 32 });
  expect(sum).toEqual({ ...sum, surcharge_tokens: 48, cache_write_tokens: 16, requests: 2 });
  expect(tokensOf(sum)).toBe(11 + 16 + 11 + 32);
});
