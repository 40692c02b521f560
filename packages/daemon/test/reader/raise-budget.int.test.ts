/** Raising a budget: it is written into the home's config.yaml with its comments kept, only upwards, and a running daemon takes it at once. */
import { readFileSync, writeFileSync } from "node:fs";
import { homeLayout } from "@aedev/host/home-layout";
import { expect, it } from "vitest";
import { openBudgets } from "../../src/configuration/live-budgets.ts";
import { raiseBudget } from "../../src/reader/raise-budget.ts";
import { temporaryFolder } from "../log/story.ts";

it("raising a budget takes a budget that has a limit, and nothing else", () => {
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
  for (const [key, amount, code, says, help] of [
    ["limits.day_usd", "40", "budget-not-raised", "is not more", "aedev config set limits.day_usd 40"],
    ["limits.day_usd", "40.50", "budget-not-raised", "is not more", "aedev config set limits.day_usd 40.50"],
    ["limits.day_usd", "much", "usage", "takes dollars", "aedev budget raise limits.day_usd 40"],
    ["limits.day_usd", "-5", "usage", "takes dollars", "aedev budget raise"],
    ["limits.day_usd", "0", "usage", "takes dollars", "aedev budget raise"],
    ["limits.day_runs", "5", "budget-not-raised", "no limit", "aedev config set limits.day_runs 5"],
    ["limits.day_runs", "none", "budget-not-raised", "no limit", "aedev budget show"],
    ["limits.day_runs", "2.5", "usage", "a whole number of runs, or none", "aedev budget raise limits.day_runs 20"],
    ["limits.mission_tokens", "none", "usage", "it always has a limit", "aedev budget raise"],
    ["limits.mission_tokens", "5x", "usage", "a whole number of tokens", "aedev budget raise"],
    ["limits.mission_tokens", "2.5", "usage", "a whole number of tokens", "aedev budget raise"],
    ["limits.memory", "1", "usage", "no budget", "aedev budget show"],
    ["limits.run_minutes", "1", "usage", "no budget", "aedev budget show"],
    ["limits.run_timeout", "60", "usage", "no budget", "aedev config set limits.run_timeout 60m"],
    ["repair.task_tokens", "60", "usage", "no budget", "aedev config set repair.task_tokens"],
  ] as const)
    expect(() => raiseBudget({ ...home, key, amount }), `${key} ${amount}`).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(says),
        hint: expect.stringContaining(help),
      }) as Error,
    );
  raiseBudget({ ...home, key: "limits.day_usd", amount: "none" });
  expect(budgets().limits.usd.day).toBeNull();
  const before = budgets();
  writeFileSync(file, "limits: { day_usd: never }\n");
  expect(budgets()).toEqual(before);
});
