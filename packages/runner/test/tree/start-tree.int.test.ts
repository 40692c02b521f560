/** A worktree that starts with an earlier run's patch, on real git. */
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openGit } from "@aedev/host/git/git-at";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { captureTree } from "../../src/capture/capture.ts";
import type { RunnerContext } from "../../src/engine/context.ts";
import { runFolder } from "../../src/tree/run-folder.ts";
import { layStartPatch } from "../../src/tree/start-tree.ts";
import { makeWorktree } from "../../src/tree/worktree.ts";
import { limits, makeHome, newId, sha256, type ThrowAwayHome } from "../throw-away-home.ts";

let place: ThrowAwayHome;
let context: RunnerContext;
beforeEach(() => {
  place = makeHome();
  const git = openGit(join(place.home, "run", "empty"));
  context = { git, blobs: place.blobs, home: place.home, user: { uid: 0, gid: 0, chown: false } } as RunnerContext;
});
afterEach(() => place.remove());

/** A run's worktree on the base, and its capture. */
async function worktree(baseCommit: string, outputs: readonly string[] = []) {
  const runId = newId("r");
  const folder = runFolder({ home: place.home, homeId: "test", sha256 }, runId);
  mkdirSync(folder.root, { recursive: true });
  const options = { folder, runId, repository: "demo", baseCommit, outputs };
  await makeWorktree(options, context);
  const capture = async () => {
    const captured = await captureTree({ folder, mirror: place.mirror, baseCommit, outputs, limits }, context);
    if (captured.patch === null) throw new Error("nothing captured");
    return { tree: captured.tree, patch: place.blobs.get(captured.patch.digest) };
  };
  const inTree = (path: string) => join(folder.tree, path);
  return { options, inTree, capture };
}
function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}

describe("a start patch from an earlier run", () => {
  it("makes the tree that was captured: changed, new, deleted, executable and linked files", async () => {
    const base = place.commit({ "a.txt": "one\n", "gone.txt": "x\n", "same.txt": "s\n", was: "file\n" });
    const first = await worktree(base);
    write(first.inTree("a.txt"), "two\n");
    rmSync(first.inTree("gone.txt"));
    rmSync(first.inTree("was"));
    write(first.inTree("was/inner.sh"), "#!/bin/sh\n", 0o755);
    symlinkSync("/etc/passwd", first.inTree("out"));
    const { patch, tree } = await first.capture();
    const second = await worktree(base);
    await layStartPatch({ ...second.options, patch }, context);
    expect(readFileSync(second.inTree("a.txt"), "utf8")).toBe("two\n");
    expect(existsSync(second.inTree("gone.txt"))).toBe(false);
    expect(statSync(second.inTree("was/inner.sh")).mode & 0o111).toBe(0o111);
    expect(lstatSync(second.inTree("out")).isSymbolicLink()).toBe(true);
    write(second.inTree("b.txt"), "more\n");
    const both = await second.capture();
    expect(both.tree).not.toBe(tree);
    expect(Buffer.from(both.patch).toString()).toMatch(/\+two[\s\S]*\+more/);
  });

  it("is refused if it has a link on the way to an output of prepare, but fits elsewhere", async () => {
    const base = place.commit({ "a.txt": "one\n", "app/package.json": "{}\n" });
    const outside = join(place.work, "outside");
    mkdirSync(outside);
    const first = await worktree(base);
    rmSync(first.inTree("app"), { recursive: true });
    symlinkSync(outside, first.inTree("app"));
    const { patch } = await first.capture();
    const second = await worktree(base, ["app/node_modules"]);
    await expect(layStartPatch({ ...second.options, patch }, context)).rejects.toThrow("not a folder");
    const third = await worktree(base, ["node_modules"]);
    await layStartPatch({ ...third.options, patch }, context);
    expect(lstatSync(third.inTree("app")).isSymbolicLink()).toBe(true);
  });
});
