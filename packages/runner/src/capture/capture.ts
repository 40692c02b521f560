/**
 * Captures a run's tree and patch, and any finding that forbids it (SECURITY T1-T3). Contract: called only after the container's whole process tree is dead; git gets no folder that the agent wrote to.
 *
 * Folder: taking the coder's result after its container is dead.
 */
import {
  type Blob,
  type CaptureNotes,
  firstHoldCode,
  nullOn,
  type PlacedSubmodule,
  type RunLimits,
  somePathsOf,
} from "@aedev/contracts";
import { gitEvidenceDiffFlags } from "@aedev/host/git/git-safety";
import { gitPathBytes, gitPathText } from "@aedev/host/git/path-text";
import { submoduleStore } from "@aedev/host/home-layout";
import type { RunnerContext } from "../engine/context.ts";
import type { RunFolder } from "../tree/run-folder.ts";
import { namesInIndex } from "./agent-index.ts";
import { type BaseTree, openBaseRules, readBaseTree } from "./base-tree.ts";
import { importChanges, openCaptureGit } from "./fast-import.ts";
import type { LeftOut } from "./left-out.ts";
import { putBackChanges } from "./put-back-changes.ts";
import { type CaptureFinding, walkTree } from "./walk.ts";

const site = "runner/capture/capture";

export interface Captured {
  tree: string;
  /** Null if the patch is too large. */
  patch: Blob | null;
  isEmpty: boolean;
  /** The finding with the highest precedence; null if nothing forbids the candidate. */
  finding: CaptureFinding | null;
  /** Changes that were put back and files that were left out; null if there are none. */
  notes: CaptureNotes | null;
}

export async function captureTree(
  options: {
    folder: RunFolder;
    mirror: string;
    baseCommit: string;
    /** Submodules of the base that were filled; absent if none were. */
    submodules?: readonly PlacedSubmodule[] | undefined;
    outputs: readonly string[];
    limits: Pick<RunLimits, "capture_file_bytes" | "patch_bytes" | "run_bytes" | "run_files">;
  },
  context: Pick<RunnerContext, "git" | "blobs">,
): Promise<Captured> {
  const { folder, mirror, baseCommit, limits, submodules = [] } = options;
  const { git } = context;
  const hash = baseCommit.length === 64 ? "sha256" : "sha1";
  const gitDir = folder.captureGit;
  await openCaptureGit({ git, path: gitDir, mirror, hash });
  const base = await readBaseTree(git, gitDir, baseCommit);
  const placed = new Map<string, BaseTree>();
  for (const { path, commit, store } of submodules)
    placed.set(gitPathBytes(path).toString("latin1"), await readBaseTree(git, submoduleStore(mirror, store), commit));
  const rules = await openBaseRules({ git, gitDir, folder: folder.ignores, base });
  const walked = await walkTree({
    tree: folder.tree,
    base,
    placed,
    ignores: rules,
    forced: await namesInIndex(folder.agentGit, hash),
    outputs: options.outputs,
    fileBytesMax: limits.capture_file_bytes,
    changedBytesMax: limits.run_bytes,
    entriesMax: limits.run_files,
    hash,
  });
  const { findings, leftOut } = walked;
  const restored =
    findings.length > 0
      ? { changes: walked.changes, notes: undefined }
      : await putBackChanges({ git, gitDir, tree: folder.tree, base, rules, changes: walked.changes });
  const { changes } = restored;
  const tree = await importChanges({ git, gitDir, tree: folder.tree, baseCommit, changes });
  const patch = await diffTrees(git, { gitDir, baseCommit, tree, bytesMax: limits.patch_bytes });
  if (patch === null) findings.push({ code: "HOLD-BUDGET", detail: "bytes" });
  const first = firstHoldCode(findings.map(({ code }) => code));
  return {
    tree,
    patch: patch === null ? null : context.blobs.put(patch, "text/x-diff"),
    isEmpty: changes.length === 0,
    finding: findings.find(({ code }) => code === first) ?? null,
    notes: notesOf(restored.notes, leftOut),
  };
}

function notesOf(put_back: CaptureNotes["put_back"], { ignored, others, inSubmodules }: LeftOut): CaptureNotes | null {
  const pathsOf = (paths: readonly string[]) =>
    somePathsOf(paths.map((path) => gitPathText(Buffer.from(path, "latin1"))));
  const notes: CaptureNotes = {
    ...(put_back === undefined ? {} : { put_back }),
    ...(ignored.length === 0 ? {} : { ignored: { ...pathsOf(ignored), others } }),
    ...(inSubmodules.length === 0 ? {} : { in_submodules: pathsOf(inSubmodules) }),
  };
  return Object.keys(notes).length === 0 ? null : notes;
}

async function diffTrees(
  git: RunnerContext["git"],
  options: { gitDir: string; baseCommit: string; tree: string; bytesMax: number },
): Promise<Buffer | null> {
  const answer = await git(
    site,
    ["diff-tree", "-r", "-p", ...gitEvidenceDiffFlags, `${options.baseCommit}^{tree}`, options.tree],
    { gitDir: options.gitDir, outputBytesMax: options.bytesMax, timeoutMs: 300_000 },
  ).catch(nullOn("git-output"));
  return answer?.stdout ?? null;
}
