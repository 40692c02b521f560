/** Deletes runs: after their report is logged, on a stop order, and at start-up if no live run owns them. A worktree's state is stored first, as a blob. */

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Blob, Fault, runIdSchema } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { captureTree } from "../capture/capture.ts";
import { clearCheckFolders } from "../checks/leftovers.ts";
import type { RunnerContext } from "../engine/context.ts";
import { clearRecordings } from "../gateway/answer/recording.ts";
import { usageBefore } from "../gateway/resumed-usage.ts";
import { deleteFolder, journalPathOf, runFolder, socketFolderOf } from "../tree/run-folder.ts";
import { deleteWorktree, runsWithBase } from "../tree/worktree.ts";
import { keptPatch } from "./outcome.ts";
import { type RunCheckpoint, readCheckpoint } from "./run-checkpoint.ts";

/** Removes a run's coder container, saves its state as a blob if no report has it, and deletes its folders. The run's checks are not touched. */
export async function forgetRun(runId: string, context: RunnerContext): Promise<void> {
  const labels = { "aedev.home": context.homeId, "aedev.run": runId, "aedev.kind": "coder" };
  for (const { id } of await context.docker.list(labels)) await context.docker.remove(id);
  const folder = runFolder(context, runId);
  if (!existsSync(folder.root)) {
    await deleteWorktree({ folder, runId, mirror: null });
    return;
  }
  const checkpoint = checkpointOrNull(folder.checkpointPath);
  if (checkpoint !== null) await salvage(checkpoint, context);
  await deleteWorktree({
    folder,
    runId,
    mirror: checkpoint === null ? null : homeLayout(context.home).mirror(checkpoint.repository),
  });
}

/** At start-up, removes containers and folders of this home whose run is not live, and every container whose work can be repeated for free. */
export async function reapRuns(liveRuns: readonly string[], context: RunnerContext): Promise<void> {
  // First, because this needs no engine: even if Docker is down, these large files go.
  clearRecordings(context.blobs);
  const live = new Set(liveRuns);
  const dead = new Set<string>();
  for (const { id, labels } of await context.docker.list({ "aedev.home": context.homeId })) {
    const run = runIdSchema.safeParse(labels["aedev.run"]).data;
    if (labels["aedev.kind"] !== "coder" || run === undefined) await context.docker.remove(id);
    else if (!live.has(run)) dead.add(run);
  }
  const layout = homeLayout(context.home);
  for (const folder of [layout.worktrees, layout.run]) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      const run = runIdSchema.safeParse(name).data;
      if (run !== undefined && !live.has(run)) dead.add(run);
    }
  }
  for (const run of dead) await forgetRun(run, context);
  // A run without a checkpoint (a draft, a set-up run) does not say which mirror has its ref.
  for (const { runId, mirror } of runsWithBase(context.home))
    if (!live.has(runId)) await deleteWorktree({ folder: runFolder(context, runId), runId, mirror });
  await clearSockets(context);
  // Checks and prepare steps can be repeated for free, so their leftovers are useless.
  await clearCheckFolders(context.home);
}

/** Deletes socket folders left by prepare and by the link's probe. */
async function clearSockets(context: RunnerContext): Promise<void> {
  // The sockets of a deeply nested home are outside it.
  const folder = dirname(socketFolderOf(context, `p-${"0".repeat(16)}`));
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (/^p-[0-9a-f]{16}$/.test(name)) await deleteFolder(join(folder, name));
}

function checkpointOrNull(path: string): RunCheckpoint | null {
  try {
    return readCheckpoint(path);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

/** Reports what the run wrote and used. Readers of the run's report know that already. */
async function salvage(checkpoint: RunCheckpoint, context: RunnerContext): Promise<void> {
  const { result, run_id: runId, stage, run_tokens = 0 } = checkpoint;
  if (result !== null) {
    const { journal, patch, usage } = result;
    context.salvaged(runId, { journal, patch, usage });
  } else if (stage === "running") {
    const limits = { run_tokens, requests_max: Number.MAX_SAFE_INTEGER };
    const usage = usageBefore({ indexPath: journalPathOf(context.home, runId), limits });
    context.salvaged(runId, { journal: null, patch: await captureLeft(checkpoint, context), usage });
  }
}

async function captureLeft(checkpoint: RunCheckpoint, context: RunnerContext): Promise<Blob | null> {
  const { base_commit: baseCommit, run_id: runId } = checkpoint;
  const folder = runFolder(context, runId);
  const mirror = homeLayout(context.home).mirror(checkpoint.repository);
  try {
    const captured = await captureTree({ ...checkpoint, folder, mirror, baseCommit }, context);
    if (captured.patch === null) context.progress(runId, "its change is too large to keep");
    return keptPatch(captured);
  } catch (error) {
    // A half-deleted folder can't be captured, but must not keep the plane from starting.
    const why = error instanceof Error ? error.message : String(error);
    context.progress(runId, `its change could not be kept: ${why}`);
    return null;
  }
}
