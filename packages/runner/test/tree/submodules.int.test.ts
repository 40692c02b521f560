/** Filled submodules in the checkouts of coder and checks: their files are there, but no change to them is taken, and an unfilled one is an empty folder. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlacedSubmodule } from "@aedev/contracts";
import { openGit } from "@aedev/host/git/git-at";
import { submoduleStore } from "@aedev/host/home-layout";
import { execaSync } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { captureTree } from "../../src/capture/capture.ts";
import type { RunnerContext } from "../../src/engine/context.ts";
import { applyPatch, openObjects } from "../../src/tree/candidate.ts";
import { layOut, readCheckTree, writeCheckTree } from "../../src/tree/check-tree.ts";
import { type RunFolder, runFolder } from "../../src/tree/run-folder.ts";
import { makeWorktree } from "../../src/tree/worktree.ts";
import { limits, makeHome, newId, sha256, type ThrowAwayHome } from "../throw-away-home.ts";

let place: ThrowAwayHome;
let lib: ThrowAwayHome;
let baseCommit: string;
let placed: PlacedSubmodule;
beforeEach(() => {
  place = makeHome();
  lib = makeHome();
  lib.commit({ "data.txt": "one\n", "deep/run.sh": "#!/bin/sh\n", ".gitignore": "*.log\n", "kept.log": "kept\n" });
  lib.git("update-index", "--add", "--cacheinfo", `160000,${"2".repeat(40)},inner`);
  lib.git("add", "--force", "kept.log");
  lib.git("commit", "--quiet", "--message", "more");
  const commit = lib.git("rev-parse", "HEAD");
  placed = { path: "vendor/lib", commit, store: sha256("lib") };
  place.commit({ "a.txt": "a\n" });
  place.git("update-index", "--add", "--cacheinfo", `160000,${commit},vendor/lib`);
  place.git("update-index", "--add", "--cacheinfo", `160000,${"3".repeat(40)},vendor/other`);
  place.git("commit", "--quiet", "--message", "submodules");
  baseCommit = place.git("rev-parse", "HEAD");
  execaSync("git", ["--git-dir", place.mirror, "fetch", "--quiet", place.work, "HEAD"]);
  execaSync("git", ["clone", "--quiet", "--bare", lib.work, submoduleStore(place.mirror, placed.store)]);
});
afterEach(() => {
  place.remove();
  lib.remove();
});

const context = () =>
  ({ git: openGit(join(place.home, "run", "empty")), blobs: place.blobs, home: place.home }) as RunnerContext;

async function checkout(submodules: PlacedSubmodule[]): Promise<RunFolder> {
  const runId = newId("r");
  const folder = runFolder({ home: place.home, homeId: "test", sha256 }, runId);
  await makeWorktree({ folder, runId, repository: "demo", baseCommit, submodules, outputs: [] }, context());
  return folder;
}
const capture = (folder: RunFolder, submodules: PlacedSubmodule[]) =>
  captureTree({ folder, mirror: place.mirror, baseCommit, submodules, outputs: [], limits }, context());
const baseTree = () => place.git("rev-parse", `${baseCommit}^{tree}`);

it("the coder's checkout has a submodule's pinned files, in which git sees no change and no repository", async () => {
  const folder = await checkout([placed]);
  const inLib = (...names: string[]) => join(folder.tree, "vendor/lib", ...names);
  expect(readFileSync(inLib("data.txt"), "utf8")).toBe("one\n");
  expect(readdirSync(inLib()).sort()).toEqual([".gitignore", "data.txt", "deep", "inner", "kept.log"]);
  expect(readdirSync(inLib("inner"))).toEqual([]);
  expect(readdirSync(join(folder.tree, "vendor/other"))).toEqual([]);
  const status = ["--git-dir", folder.agentGit, "--work-tree", folder.tree, "status", "--porcelain"];
  expect(execaSync("git", status).stdout).toBe("");
  expect(await capture(folder, [placed])).toMatchObject({
    tree: baseTree(),
    isEmpty: true,
    finding: null,
    notes: null,
  });
});

it("files that the coder changes, adds or deletes in a submodule are named, but not taken", async () => {
  const folder = await checkout([placed]);
  const inLib = (name: string) => join(folder.tree, "vendor/lib", name);
  writeFileSync(inLib("data.txt"), "two\n");
  writeFileSync(inLib("new.txt"), "new\n");
  rmSync(inLib("kept.log"));
  chmodSync(inLib("deep/run.sh"), 0o755);
  writeFileSync(join(folder.tree, "a.txt"), "b\n");
  const captured = await capture(folder, [placed]);
  expect(captured.finding).toBeNull();
  expect(captured.notes?.in_submodules).toEqual({
    count: 3,
    paths: ["vendor/lib/data.txt", "vendor/lib/new.txt", "vendor/lib/kept.log"],
  });
  const patch = Buffer.from(place.blobs.get(captured.patch?.digest ?? "")).toString();
  expect(patch).toContain("a.txt");
  expect(patch).not.toContain("vendor");
});

it("a repository in a submodule's folder is forbidden, and so is the submodule's deletion", async () => {
  const withRepository = await checkout([placed]);
  mkdirSync(join(withRepository.tree, "vendor/lib/.git"));
  expect((await capture(withRepository, [placed])).finding?.code).toBe("HOLD-FORBIDDEN-PATH");
  const without = await checkout([placed]);
  rmSync(join(without.tree, "vendor/lib"), { recursive: true });
  expect((await capture(without, [placed])).finding?.code).toBe("HOLD-FORBIDDEN-PATH");
});

it("the trees of checks have the same files of a submodule, on base and candidate alike", async () => {
  const gitDir = join(place.home, "objects");
  const objects = await openObjects(context(), "demo", gitDir, [placed]);
  const base = await readCheckTree(objects, baseCommit);
  expect([...base.keys()].filter((path) => path.startsWith("vendor/")).sort()).toEqual([
    "vendor/lib/.gitignore",
    "vendor/lib/data.txt",
    "vendor/lib/deep/run.sh",
    "vendor/lib/inner",
    "vendor/lib/kept.log",
    "vendor/other",
  ]);
  place.git("checkout", "--quiet", "--", ".");
  writeFileSync(join(place.work, "a.txt"), "b\n");
  const patch = Buffer.from(`${place.git("diff", "--", "a.txt")}\n`);
  const tree = await applyPatch(objects, baseCommit, patch);
  const folder = join(place.home, "laid-out");
  await layOut(objects, await writeCheckTree(objects, await readCheckTree(objects, tree)), folder);
  expect(readFileSync(join(folder, "vendor/lib/data.txt"), "utf8")).toBe("one\n");
  expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("b\n");
  expect(existsSync(join(folder, "vendor/lib/.git"))).toBe(false);
});

it("the folder of a submodule stays empty if it is pinned to another commit or not filled", async () => {
  const other = { ...placed, commit: "4".repeat(40) };
  for (const submodules of [[], [other]]) {
    const folder = await checkout(submodules);
    expect(readdirSync(join(folder.tree, "vendor/lib"))).toEqual([]);
    const objects = await openObjects(context(), "demo", join(folder.root, "objects"), submodules);
    expect((await readCheckTree(objects, baseCommit)).get("vendor/lib")).toEqual({ mode: "160000", id: placed.commit });
  }
});
