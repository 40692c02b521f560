/** Applies an earlier run's patch to a fresh worktree before anything else writes there (SECURITY T1). The agent's own repository keeps the base. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { RunnerContext } from "../engine/context.ts";
import { applyPatch, openObjects } from "./candidate.ts";
import { assertOutputsUntracked, type WorktreeOptions } from "./worktree.ts";

const site = "runner/tree/start-tree";

/** Throws a Fault if the patch does not apply to the base, or touches paths that prepare unpacks. */
export async function layStartPatch(
  options: WorktreeOptions & { patch: Uint8Array },
  context: RunnerContext,
): Promise<void> {
  const { folder, outputs } = options;
  const objects = await openObjects(context, options.repository, join(folder.root, "start.git"));
  const { git, gitDir } = objects;
  const tree = await applyPatch(objects, options.baseCommit, options.patch);
  await assertOutputsUntracked(context, { gitDir, tree, outputs });
  // With the checkout's index, git writes only files that differ.
  const index = join(gitDir, "index-checkout");
  copyFileSync(join(folder.agentGit, "index"), index);
  const call = { gitDir, workTree: folder.tree, folder: folder.tree, environment: { GIT_INDEX_FILE: index } };
  await git(site, ["read-tree", "--reset", "-u", tree], call);
}
