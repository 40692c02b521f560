/** The amount that is offered: absolute, sensible to read, enough to go on with, and bounded. */
import { type RaisableBudget, raisedText } from "@aedev/contracts";
import { expect, it } from "vitest";
import { raiseOf } from "../../src/work/raise-offer.ts";

const dollar = 1_000_000_000;
const offered = (budget: RaisableBudget, limit: number, used = limit) => {
  const raise = raiseOf(budget, { limit, used });
  return raise === null ? null : raisedText(raise);
};

it("the offered amount is twice the limit, rounded up to two digits", () => {
  expect(raiseOf("limits.day_usd", { limit: 20 * dollar, used: 20 * dollar })).toEqual({
    ...{ budget: "limits.day_usd", raise_to: "40" },
  });
  expect(offered("limits.day_usd", 2.4 * dollar)).toBe("$4.80");
  expect(offered("limits.day_usd", 33.33 * dollar)).toBe("$67");
  expect(offered("limits.day_usd", 0.3 * dollar)).toBe("$0.6000");
  expect(offered("limits.day_usd", 0.001 * dollar)).toBe("$0.0100");
  expect(offered("limits.mission_tokens", 10_000_000)).toBe("20 M tokens");
  expect(offered("limits.run_tokens", 1_234_567)).toBe("2.5 M tokens");
  expect(offered("limits.day_minutes", 45 * 60_000)).toBe("90 minutes");
  expect(offered("limits.day_runs", 1)).toBe("2 runs");
});

it("the offered amount leaves room beside what is used, if that is much more than the limit", () => {
  expect(offered("limits.day_usd", 20 * dollar, 20.3 * dollar)).toBe("$40");
  expect(offered("limits.day_usd", 20 * dollar, 39 * dollar)).toBe("$78");
  expect(offered("limits.day_runs", 2, 9)).toBe("18 runs");
});

it("the offered amount is never above a bound; beyond it nothing is offered", () => {
  expect(offered("limits.day_usd", 7_000 * dollar)).toBe("$10,000");
  expect(offered("limits.day_usd", 10_000 * dollar)).toBeNull();
  expect(offered("limits.day_usd", 9_000 * dollar, 11_000 * dollar)).toBeNull();
  expect(offered("limits.day_tokens", 9_000_000_000)).toBe("10 G tokens");
  expect(offered("limits.day_runs", 10_000)).toBeNull();
});
