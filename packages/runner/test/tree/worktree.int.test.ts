/** Worktrees of runs: clean for git, with a ref in the mirror that keeps the base; no git call next to them that reads all refs fails. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openGit } from "@aedev/host/git/git-at";
import { runGit } from "@aedev/host/git/run-git";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RunnerContext } from "../../src/engine/context.ts";
import { type RunFolder, runFolder } from "../../src/tree/run-folder.ts";
import { deleteWorktree, makeWorktree } from "../../src/tree/worktree.ts";
import { makeHome, newId, sha256, type ThrowAwayHome } from "../throw-away-home.ts";

let place: ThrowAwayHome;
let base: string;
beforeEach(() => {
  place = makeHome();
  base = place.commit({ "a.txt": "one\n" });
});
afterEach(() => place.remove());

const git = () => openGit(join(place.home, "run", "empty"));
interface Run {
  runId: string;
  folder: RunFolder;
}
async function make(): Promise<Run> {
  const runId = newId("r");
  const folder = runFolder({ home: place.home, homeId: "test", sha256 }, runId);
  const options = { folder, runId, repository: "demo", baseCommit: base, outputs: [] };
  // Only these ports are used.
  await makeWorktree(options, { git: git(), home: place.home } as Partial<RunnerContext> as RunnerContext);
  return { runId, folder };
}
const remove = (run: Run) => deleteWorktree({ ...run, mirror: place.mirror });

it("a worktree has the base without changes, and keeps its commit until it is deleted", async () => {
  const run = await make();
  const status = ["--git-dir", run.folder.agentGit, "--work-tree", run.folder.tree, "status", "--porcelain"];
  expect(execaSync("git", status).stdout).toBe("");
  expect(readFileSync(join(run.folder.tree, "a.txt"), "utf8")).toBe("one\n");
  const prune = () => {
    execaSync("git", ["--git-dir", place.mirror, "update-ref", "-d", "refs/heads/main"]);
    execaSync("git", ["--git-dir", place.mirror, "reflog", "expire", "--expire=now", "--all"]);
    execaSync("git", ["--git-dir", place.mirror, "prune", "--expire=now"]);
  };
  const hasBase = () =>
    execaSync("git", ["--git-dir", place.mirror, "cat-file", "-e", base], { reject: false }).exitCode === 0;
  prune();
  expect(hasBase()).toBe(true);
  await remove(run);
  prune();
  expect(hasBase()).toBe(false);
});

it("worktrees are made and deleted while other calls read all refs", async () => {
  let isDone = false;
  const runs = Array.from({ length: 4 }, async () => {
    for (let round = 0; round < 12; round += 1) await remove(await make());
  });
  const all = Promise.all(runs).finally(() => {
    isDone = true;
  });
  let reads = 0;
  while (!isDone) {
    // Reads each ref and each worktree's HEAD, as a fetch does.
    const args = ["rev-list", "--all", "--indexed-objects", "--reflog"];
    await runGit({ args, gitDir: place.mirror, timeoutMs: 60_000 });
    reads += 1;
  }
  await all;
  expect(reads).toBeGreaterThan(0);
});
