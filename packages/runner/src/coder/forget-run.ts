/** Lets go of runs: after their report is in the log, on an order to stop, and at start-up for what belongs to nothing. Contract: no worktree is deleted before its state is a blob. */

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault, runIdSchema } from "@aedev/core/wire";
import { captureTree } from "../capture/capture.ts";
import { clearCheckFolders } from "../checks/leftovers.ts";
import type { RunnerContext } from "../context.ts";
import { clearRecordings } from "../gateway/answer/recording.ts";
import { deleteFolder, runFolder, socketFolderOf } from "../worktree/run-folder.ts";
import { deleteWorktree, mirrorOf } from "../worktree/worktree.ts";
import { readStage, type Stage } from "./stage.ts";

/** Removes a run's coder container, keeps its state as a blob where no report has it, and deletes its folders. Checks of the run are not touched. */
export async function forgetRun(runId: string, context: RunnerContext): Promise<void> {
  const labels = { "aedev.home": context.homeId, "aedev.run": runId, "aedev.kind": "coder" };
  for (const { id } of await context.docker.list(labels)) await context.docker.remove(id);
  const folder = runFolder(context, runId);
  if (!existsSync(folder.root)) {
    await deleteWorktree({ folder, runId, mirror: null });
    return;
  }
  const stage = stageOrNull(folder.stagePath);
  if (stage?.stage === "running") await salvage(stage, context);
  await deleteWorktree({ folder, runId, mirror: stage === null ? null : mirrorOf(context.home, stage.repository) });
}

/** At start-up: containers and folders of this home whose run is not alive, and every container that is free to repeat. */
export async function reapRuns(liveRuns: readonly string[], context: RunnerContext): Promise<void> {
  // Needs no engine: with it away they would stay, each as large as an answer.
  clearRecordings(context.blobs);
  const live = new Set(liveRuns);
  const dead = new Set<string>();
  for (const { id, labels } of await context.docker.list({ "aedev.home": context.homeId })) {
    const run = runIdSchema.safeParse(labels["aedev.run"]).data;
    if (labels["aedev.kind"] !== "coder" || run === undefined) await context.docker.remove(id);
    else if (!live.has(run)) dead.add(run);
  }
  for (const place of ["worktrees", "run"]) {
    const folder = join(context.home, place);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      const run = runIdSchema.safeParse(name).data;
      if (run !== undefined && !live.has(run)) dead.add(run);
    }
  }
  for (const run of dead) await forgetRun(run, context);
  await clearSockets(context);
  // Checks and prepare steps are free to repeat; what an earlier plane left of them is of no use.
  await clearCheckFolders(context.home);
}

/** Folders of sockets that prepare and the link's probe left. */
async function clearSockets(context: RunnerContext): Promise<void> {
  // Not always the home's own: a deep one has its sockets elsewhere.
  const folder = dirname(socketFolderOf(context, `p-${"0".repeat(16)}`));
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (/^p-[0-9a-f]{16}$/.test(name)) await deleteFolder(join(folder, name));
}

function stageOrNull(path: string): Stage | null {
  try {
    return readStage(path);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

async function salvage(stage: Stage, context: RunnerContext): Promise<void> {
  const { base_commit: baseCommit, limits, outputs, run_id: runId } = stage;
  const folder = runFolder(context, runId);
  const mirror = mirrorOf(context.home, stage.repository);
  try {
    const { patch } = await captureTree({ folder, mirror, baseCommit, outputs, limits }, context);
    context.progress(
      runId,
      patch === null ? "its change is too large to keep" : `its change is kept as blob ${patch.digest}`,
    );
  } catch (error) {
    // Half a folder, left by a deletion that was interrupted, can't be taken any more; nothing of it may keep a plane from starting.
    const why = error instanceof Error ? error.message : String(error);
    context.progress(runId, `its change could not be kept: ${why}`);
  }
}
