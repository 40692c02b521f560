/** Raising a budget: it is written into the home's config.yaml with its comments kept, only upwards, and a running daemon takes it at once. */
import { readFileSync, writeFileSync } from "node:fs";
import { homeLayout } from "@aedev/host/home-layout";
import { expect, it } from "vitest";
import { openBudgets } from "../../src/configuration/live-budgets.ts";
import { raiseBudget } from "../../src/reader/raise-budget.ts";
import { temporaryFolder } from "../log/story.ts";

it("raises what is a budget and has a limit, and nothing else", () => {
  using folder = temporaryFolder();
  const home = { home: folder.path, environment: {} };
  const file = homeLayout(folder.path).configuration;
  writeFileSync(file, "# mine\nlimits: { day_usd: 20 }\n");
  const budgets = openBudgets(home);
  expect(budgets().limits.usd.day).toBe(20_000_000_000);
  raiseBudget({ ...home, key: "limits.day_usd", amount: "40.50" });
  expect(budgets().limits.usd.day).toBe(40_500_000_000);
  expect(readFileSync(file, "utf8")).toContain("# mine");
  raiseBudget({ ...home, key: "limits.mission_tokens", amount: "20000000" });
  expect(budgets().limits.tokens.mission).toBe(20_000_000);
  for (const [key, amount] of [
    ["limits.day_usd", "40"],
    ["limits.day_usd", "much"],
    ["limits.day_runs", "5"],
    ["limits.mission_tokens", null],
    ["limits.memory", "1"],
    ["limits.run_minutes", "1"],
  ] as const)
    expect(() => raiseBudget({ ...home, key, amount }), key).toThrow();
  raiseBudget({ ...home, key: "limits.day_usd", amount: null });
  expect(budgets().limits.usd.day).toBeNull();
  const before = budgets();
  writeFileSync(file, "limits: { day_usd: never }\n");
  expect(budgets()).toEqual(before);
});
