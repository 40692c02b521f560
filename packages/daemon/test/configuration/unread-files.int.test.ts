/** Files of a home that break while a daemon runs are named until they are right again; the budgets in force stay. */
import { rmSync, writeFileSync } from "node:fs";
import { homeLayout } from "@aedev/host/home-layout";
import { expect, it } from "vitest";
import { openBudgets } from "../../src/configuration/live-budgets.ts";
import { openUnreadFiles } from "../../src/configuration/unread-files.ts";
import { temporaryFolder } from "../log/story.ts";

it("each file that does not load is named, but none that is right, empty or missing", async () => {
  using folder = temporaryFolder();
  const home = { home: folder.path, environment: {} };
  const { configuration, policies, prices } = homeLayout(folder.path);
  const unread = openUnreadFiles(home);
  const budgets = openBudgets(home);
  expect(await unread()).toEqual([]);
  writeFileSync(configuration, "limits: { day_usd: 20 }\n");
  writeFileSync(policies, "# nothing yet\n\n");
  expect([await unread(), budgets().limits.usd.day]).toEqual([[], 20_000_000_000]);
  writeFileSync(configuration, "limits: { day_usd: never }\n");
  expect(await unread()).toEqual(["config.yaml"]);
  expect(await unread()).toEqual(["config.yaml"]);
  expect(budgets().limits.usd.day).toBe(20_000_000_000);
  writeFileSync(policies, "repair: { max_runs: -1 }\n");
  writeFileSync(prices, "models: [\n");
  expect(await unread()).toEqual(["config.yaml", "policies.yaml", "prices.yaml"]);
  writeFileSync(configuration, "limits: { day_usd: 200 }\n");
  rmSync(policies);
  writeFileSync(prices, "");
  expect([await unread(), budgets().limits.usd.day]).toEqual([[], 200_000_000_000]);
});
