/** Amounts of budgets: each has one spelling, is parsed to the program's units, and is printed for a person. */
import { expect, it } from "vitest";
import {
  amountOfBudget,
  budgetAmountSchema,
  budgetAmountText,
  partsOfBudget,
  raisableBudgetSchema,
  raisedText,
} from "../src/budget-amount.ts";
import { budgetDetail, raisableBudgetOf, unpricedWhy } from "../src/budget-detail.ts";

it("knows the unit of each budget and the work that shares it", () => {
  expect(partsOfBudget("limits.repository_day_usd")).toEqual({ scope: "repository_day", unit: "usd" });
  expect(partsOfBudget("limits.run_tokens")).toEqual({ scope: "run", unit: "tokens" });
  for (const budget of raisableBudgetSchema.options) {
    const { scope, unit } = partsOfBudget(budget);
    expect(`limits.${scope}_${unit}`).toBe(budget);
  }
});

it("accepts the amounts that a budget can have, and refuses all others", () => {
  const amount = (budget: string, raise_to: string) => amountOfBudget({ budget: budget as never, raise_to });
  expect(amount("limits.day_usd", "40")).toBe(40_000_000_000);
  expect(amount("limits.day_usd", "4.8")).toBe(4_800_000_000);
  expect(amount("limits.day_minutes", "90")).toBe(5_400_000);
  expect(amount("limits.day_tokens", "20000000")).toBe(20_000_000);
  expect(amount("limits.day_runs", "6")).toBe(6);
  for (const [budget, text] of [
    ["limits.day_runs", "6.5"],
    ["limits.day_runs", "0"],
    ["limits.day_usd", "0"],
    ["limits.day_usd", "0.0000001"],
    ["limits.day_usd", "1000000"],
    ["limits.day_usd", "none"],
    ["limits.day_tokens", "1234567890123"],
  ] as const)
    expect(amount(budget, text), `${budget} ${text}`).toBeNull();
  expect(budgetAmountSchema.safeParse("999999.999999").success).toBe(true);
  expect(budgetAmountSchema.safeParse("4.80").success).toBe(false);
});

it("prints amounts with their units for a person", () => {
  expect(raisedText({ budget: "limits.day_usd", raise_to: "40" })).toBe("$40");
  expect(raisedText({ budget: "limits.day_usd", raise_to: "4.8" })).toBe("$4.80");
  expect(raisedText({ budget: "limits.mission_tokens", raise_to: "20000000" })).toBe("20 M tokens");
  expect(raisedText({ budget: "limits.day_minutes", raise_to: "90" })).toBe("90 minutes");
  expect(raisedText({ budget: "limits.day_runs", raise_to: "1" })).toBe("1 run");
  expect(["usd", "tokens"].map((unit) => budgetAmountText(unit as never, 0))).toEqual(["$0.00", "0 tokens"]);
  expect(budgetAmountText("usd", 1_500_000_000_000)).toBe("$1,500");
});

it("finds the budget to raise in a hold's detail, unless raising it does not help", () => {
  expect(raisableBudgetOf(budgetDetail("tokens", "limits.run_tokens"))).toBe("limits.run_tokens");
  expect(raisableBudgetOf(budgetDetail("usd", "limits.day_usd", "$5.00 of $5.00"))).toBe("limits.day_usd");
  for (const model of [null, "claude(x): of"])
    expect(raisableBudgetOf(budgetDetail("usd", "limits.day_usd", unpricedWhy(model)))).toBeNull();
  for (const detail of ["minutes (limits.run_timeout)", "tokens (repair.task_tokens)", "bytes", null])
    expect(raisableBudgetOf(detail)).toBeNull();
});
