/**
 * Captures a run's tree and patch, and any finding that forbids it (THREATS T1-T3). Contract: called only after the container's whole process tree is dead; git gets no folder that the agent wrote to.
 *
 * Folder: taking the coder's result after its container is dead.
 */
import { type Blob, firstHoldCode, nullOn, type RunLimits } from "@aedev/contracts";
import { gitEvidenceDiffFlags } from "@aedev/host/git/git-safety";
import type { RunnerContext } from "../engine/context.ts";
import type { RunFolder } from "../tree/run-folder.ts";
import { openIgnoreRules, readBaseTree } from "./base-tree.ts";
import { importChanges, openCaptureGit } from "./fast-import.ts";
import { type CaptureFinding, walkTree } from "./walk.ts";

export interface Captured {
  tree: string;
  /** Null if the patch is too large. */
  patch: Blob | null;
  isEmpty: boolean;
  /** The finding with the highest precedence; null if nothing forbids the candidate. */
  finding: CaptureFinding | null;
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
  const answer = await git(
    ["diff-tree", "-r", "-p", ...gitEvidenceDiffFlags, `${options.baseCommit}^{tree}`, options.tree],
    { gitDir: options.gitDir, outputBytesMax: options.bytesMax, timeoutMs: 300_000 },
  ).catch(nullOn("git-output"));
  return answer?.stdout ?? null;
}
