/**
 * Takes the result of a run (THREATS T1-T3): tree id and patch of what the agent left, and what forbids it. Contract: called only after
 * the container's whole process tree is dead; no git command gets a folder that the agent wrote to.
 */
import { type Blob, Fault, firstHoldCode, gitEvidenceDiffFlags, type RunLimits } from "@aedev/core/wire";
import type { RunnerContext } from "../context.ts";
import type { RunFolder } from "../worktree/run-folder.ts";
import { openIgnoreRules, readBaseTree } from "./base-tree.ts";
import { importChanges, openCaptureGit } from "./fast-import.ts";
import { type Finding, walkTree } from "./walk.ts";

export interface Captured {
  tree: string;
  /** Null where the patch is larger than allowed. */
  patch: Blob | null;
  isEmpty: boolean;
  /** First by precedence; null where nothing forbids the candidate. */
  finding: Finding | null;
}

export async function captureTree(
  options: {
    folder: RunFolder;
    mirror: string;
    baseCommit: string;
    outputs: readonly string[];
    limits: Pick<RunLimits, "capture_file_bytes" | "patch_bytes" | "run_bytes" | "run_files">;
  },
  context: Pick<RunnerContext, "git" | "blobs">,
): Promise<Captured> {
  const { folder, mirror, baseCommit, limits } = options;
  const { git } = context;
  const hash = baseCommit.length === 64 ? "sha256" : "sha1";
  const gitDir = folder.captureGit;
  await openCaptureGit({ git, path: gitDir, mirror, hash });
  const base = await readBaseTree(git, gitDir, baseCommit);
  const ignores = await openIgnoreRules({ git, gitDir, folder: folder.ignores, base });
  const { changes, findings } = await walkTree({
    tree: folder.tree,
    base,
    ignores,
    outputs: options.outputs,
    fileBytesMax: limits.capture_file_bytes,
    changedBytesMax: limits.run_bytes,
    entriesMax: limits.run_files,
    hash,
  });
  const tree = await importChanges({ git, gitDir, tree: folder.tree, baseCommit, changes });
  const patch = await diffTrees(git, { gitDir, baseCommit, tree, bytesMax: limits.patch_bytes });
  if (patch === null) findings.push({ code: "HOLD-BUDGET", detail: "bytes" });
  const first = firstHoldCode(findings.map(({ code }) => code));
  return {
    tree,
    patch: patch === null ? null : context.blobs.put(patch, "text/x-diff"),
    isEmpty: changes.length === 0,
    finding: findings.find(({ code }) => code === first) ?? null,
  };
}

async function diffTrees(
  git: RunnerContext["git"],
  options: { gitDir: string; baseCommit: string; tree: string; bytesMax: number },
): Promise<Buffer | null> {
  try {
    const answer = await git(
      ["diff-tree", "-r", "-p", ...gitEvidenceDiffFlags, `${options.baseCommit}^{tree}`, options.tree],
      { gitDir: options.gitDir, outputBytesMax: options.bytesMax, timeoutMs: 300_000 },
    );
    return answer.stdout;
  } catch (error) {
    if (error instanceof Fault && error.detail === "output") return null;
    throw error;
  }
}
