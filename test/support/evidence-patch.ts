/** Makes the patch as the execution plane does: a tree-to-tree diff with the shared evidence flags. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gitEvidenceDiffFlags, gitInfoAttributes, gitSafeFlags } from "@aedev/host/git/git-safety";
import { commitTo, git, gitText, type PlannedTree, temporaryFolder, treeOf } from "./git-repositories.ts";

function evidencePatch(dir: string, from: string, to: string): Buffer {
  const info = join(gitText(dir, ["rev-parse", "--absolute-git-dir"]), "info");
  mkdirSync(info, { recursive: true });
  writeFileSync(join(info, "attributes"), gitInfoAttributes);
  return git(dir, [
    ...gitSafeFlags,
    "diff-tree",
    "-r",
    "-p",
    ...gitEvidenceDiffFlags,
    `${from}^{tree}`,
    `${to}^{tree}`,
  ]);
}

/** A candidate's patch and tree, made in a clone, so that the remote never gets its objects. */
export function candidate(
  remote: string,
  base: string,
  options: { files: PlannedTree; whole?: boolean; remove?: readonly string[] },
): { patch: Buffer; tree: string } {
  const clone = join(temporaryFolder(), "clone.git");
  git("/", ["clone", "--quiet", "--bare", "--shared", remote, clone]);
  const commit = commitTo(clone, { ...options, branch: "candidate", parent: base });
  return { patch: evidencePatch(clone, base, commit), tree: treeOf(clone, commit) };
}
