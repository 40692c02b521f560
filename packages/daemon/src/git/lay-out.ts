/** Writes the result of a patch as plain files for a person. Nothing runs, because no hook, filter or configuration of a repository is involved. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gitAt } from "@aedev/host/git/git-at";
import { applyExactly } from "./apply-exactly.ts";
import { type RepositoryOptions, withScratchRepository } from "./bare-repository.ts";

const runGit = gitAt("daemon/git/lay-out");

/**
 * Creates `folder` with every file of base plus patch. A symbolic link becomes a file with its target as text, so that nothing points elsewhere. Throws a Fault
 * `HOLD-PATCH-UNSAFE` unless the patch is exactly the diff from its base and its names are safe everywhere, and `HOLD-EVIDENCE-INCOMPLETE` if the mirror lacks
 * the base.
 */
export async function layOutPatched(
  options: RepositoryOptions & { baseCommit: string; patch: Uint8Array; folder: string },
): Promise<void> {
  const { folder, timeoutMs } = options;
  await withScratchRepository({ ...options, likeId: options.baseCommit }, async (gitDir) => {
    const { tree } = await applyExactly({ ...options, gitDir });
    mkdirSync(folder, { mode: 0o700 });
    const call = { gitDir, timeoutMs, environment: { GIT_INDEX_FILE: join(gitDir, "index-laid-out") } };
    await runGit({ ...call, args: ["read-tree", tree] });
    const args = ["-c", "core.symlinks=false", "checkout-index", "--all"];
    await runGit({ ...call, args, workTree: folder, folder });
  });
}
