/** Money: exact, whole, and never shown as zero if something was used. */
import { describe, expect, it } from "vitest";
import { budgetDetail, budgetOfDetail } from "../src/budget-detail.ts";
import { decimalOf, dollarsText, type ModelPrice, microDollarsOf, nanoDollarsOf } from "../src/price.ts";

const none = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cache_write_hour_tokens: 0,
};
const price: ModelPrice = {
  input: 3_000_000,
  output: 15_000_000,
  cache_read: 300_000,
  cache_write: 3_750_000,
  cache_write_hour: 6_000_000,
};

describe("nanoDollarsOf", () => {
  it.each([
    ["input", { input_tokens: 1_000_000 }, 3_000_000_000],
    ["output", { output_tokens: 1_000_000 }, 15_000_000_000],
    ["cache reads", { cache_read_tokens: 1_000_000 }, 300_000_000],
    ["five-minute writes", { cache_write_tokens: 1_000_000 }, 3_750_000_000],
    ["one-hour writes", { cache_write_tokens: 1_000_000, cache_write_hour_tokens: 1_000_000 }, 6_000_000_000],
    ["both writes", { cache_write_tokens: 3, cache_write_hour_tokens: 1 }, 13_500],
  ])("prices %s", (_name, tokens, nano) => {
    expect(nanoDollarsOf({ ...none, ...tokens }, price)).toBe(nano);
  });

  it("computes exact prices for amounts that a binary fraction can't hold, and rounds up below a nano-dollar", () => {
    const tenth = { input: 100_000, output: 0 };
    expect(nanoDollarsOf({ ...none, input_tokens: 3 }, tenth)).toBe(300);
    expect(nanoDollarsOf({ ...none, input_tokens: 1 }, { input: 1, output: 0 })).toBe(1);
    expect(nanoDollarsOf({ ...none, input_tokens: 9_000_000_000_000 }, tenth)).toBe(900_000_000_000_000);
  });

  it("gives no price if a class has tokens and no price, and ignores classes without tokens", () => {
    const partial = { input: 1, output: 1 };
    expect(nanoDollarsOf({ ...none, cache_read_tokens: 1 }, partial)).toBeNull();
    expect(nanoDollarsOf(none, partial)).toBe(0);
  });
});

describe("dollar texts", () => {
  it.each([
    ["3", 3_000_000],
    ["0.30", 300_000],
    ["0.000001", 1],
    ["0.0000001", null],
    ["-1", null],
    ["1e3", null],
    ["", null],
  ])("reads the dollar text %j", (text, micro) => {
    expect(microDollarsOf(text)).toBe(micro);
  });

  it("prints cents above a dollar, four decimals below it, and zero only for zero", () => {
    expect([0, 1, 100_000, 42_000_000, 999_900_000, 1_234_000_001].map(dollarsText)).toEqual([
      ...["$0.00", "under $0.0001", "$0.0001", "$0.0420", "$0.9999", "$1.24"],
    ]);
    expect(decimalOf(1_234_567_891, 9)).toBe("1.234567891");
  });

  it("writes the budget into a hold's detail, and reads it back", () => {
    expect(budgetDetail("tokens", "limits.run_tokens")).toBe("tokens");
    for (const detail of [
      budgetDetail("usd", "limits.day_usd"),
      budgetDetail("usd", "limits.day_usd", "$5.00 of $5.00"),
      budgetDetail("usd", "limits.day_usd", "no price of a(b): c"),
    ])
      expect(budgetOfDetail(detail)).toBe("limits.day_usd");
    expect(["tokens", "usd"].map(budgetOfDetail)).toEqual(["limits.run_tokens", "limits.run_usd"]);
    expect(["bytes", "files", null].map(budgetOfDetail)).toEqual([null, null, null]);
  });
});
