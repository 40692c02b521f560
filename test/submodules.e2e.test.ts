/** A repository whose tests read a submodule fails without it and is green with it; then a mission merges, without a change in the submodule. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Laboratory } from "./support/laboratory.ts";
import type { SavedRepository } from "./support/saved-repository.ts";
import { fixAnd, shell, tagOf } from "./support/scripted-change.ts";
import { withSubmodule } from "./support/with-submodule.ts";

vi.setConfig({ testTimeout: 280_000, hookTimeout: 280_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open({});
  await laboratory.must("daemon", "start");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

it("a repository is red without its submodule, green with it, and lands a change that leaves the submodule as pinned", async () => {
  const { bare } = await withSubmodule(laboratory, "reader");
  const settings = ["--verify", "node --test", "--tests", "test/**", "--profile", "aggressive", "--allow-writes"];
  const add = (...flags: string[]) => laboratory.must("repo", "add", bare, "--name", "reader", ...flags);
  await add(...settings);
  const trialOf = async () => (await laboratory.must("repo", "show", "reader", "--json")).json<SavedRepository>().trial;
  expect(await trialOf()).toBe("red");
  await add("--submodules", "--yes");
  expect(await trialOf()).toBe("green");

  const seen =
    "test -f data/data.txt && cp data/data.txt lib/seen.txt; echo two > data/data.txt; echo x > data/more.txt";
  laboratory.models.coder[tagOf("reader")] = fixAnd(shell(seen));
  const mission = await laboratory.submit(
    "reader",
    `Make add() right in lib/add.js ${tagOf("reader")}`,
    "add(-1, 2) gives 1",
  );
  const { mission: ended, task } = await laboratory.wait(mission);
  const shown = (await laboratory.must("task", "show", task.task_id)).stdout;
  expect(ended.status, shown).toBe("landed");
  const at = (...args: string[]) => execFileSync("git", ["--git-dir", bare, ...args]).toString();
  expect(at("show", "main:lib/seen.txt")).toBe("one\n");
  expect((await laboratory.must("task", "replay", task.task_id)).stdout).toMatch(/^equal$/mu);
  expect(at("diff", "--name-only", "main~1", "main")).not.toContain("data");
  expect(at("ls-tree", "main", "data")).toBe(at("ls-tree", "main~1", "data"));
});
