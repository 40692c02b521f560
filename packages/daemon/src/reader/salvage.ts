/** Hands out what a task's runs wrote, however they ended: it was captured before the run's files were deleted. Nobody has judged it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { branchPrefixOf, Fault, host, hostText, isFault } from "@aedev/contracts";
import { runOfChange, type TaskState } from "@aedev/core/reading";
import { homeLayout } from "@aedev/host/home-layout";
import { makeNewFolder, writeNewFile } from "@aedev/host/new-file";
import { makeBranchOfPatch } from "../git/branch-of-patch.ts";
import { layOutPatched } from "../git/lay-out.ts";
import { type OfflineHome, openOffline, taskWithState } from "./open-offline.ts";

const gitTimeoutMs = 120_000;
const newName = "name a new folder with --to";

/** The work of one run, kept as a blob. */
export interface KeptWork {
  readonly run_id: string;
  readonly attempt: number;
  /** The commit that the patch applies to. */
  readonly base_commit: string;
  readonly patch_bytes: number;
  /** How the run ended; null: it was stopped, or its change is still being checked. */
  readonly code: string | null;
}

/** Oldest first. Throws a Fault `unknown-task`. */
export function keptWork({ home, taskId }: { home: string; taskId: string }): KeptWork[] {
  using offline = openOffline(home);
  return keptOf(taskWithState(offline, taskId).task).map(({ kept }) => kept);
}

/**
 * Writes one run's patch to the new folder `to`, and the patched base to `to`/tree. Default: the run of the task's current change, else the last that wrote
 * anything. `no_tree`: why there is no tree. Throws a Fault `unknown-task`, `no-kept-work` or `not-written`.
 */
export async function salvageWork(options: {
  home: string;
  taskId: string;
  runId?: string;
  to: string;
}): Promise<KeptWork & { readonly no_tree: string | null }> {
  const { home, to } = options;
  using offline = openOffline(home);
  const { task, found } = keptByRun(offline, options);
  const patch = offline.blobs.get(found.digest);
  const baseCommit = found.kept.base_commit;
  makeNewFolder(to, newName);
  writeNewFile(join(to, "change.patch"), patch, newName);
  const repository = { home, repository: task.repository, timeoutMs: gitTimeoutMs };
  const no_tree = existsSync(homeLayout(home).mirror(task.repository))
    ? await layOutPatched({ ...repository, baseCommit, patch, folder: join(to, "tree") }).then(() => null, whyNoTree)
    : "the repository is no longer mirrored here";
  return { ...found.kept, no_tree };
}

/**
 * Makes the branch `<prefix>/<task>-salvaged` in the repository that has `folder`, with one run's work as a commit on its base. Throws a Fault `unknown-task`,
 * `no-kept-work`, `not-a-repository` or `not-written`.
 */
export async function salvageBranch(options: {
  home: string;
  taskId: string;
  runId?: string;
  folder: string;
  /** ISO 8601 UTC. */
  at: string;
}): Promise<KeptWork & { readonly branch: string; readonly commit: string }> {
  const { home, folder, at } = options;
  using offline = openOffline(home);
  const { task, found } = keptByRun(offline, options);
  const { kept } = found;
  const branch = `${branchPrefixOf(offline.state().repositories[task.repository])}/${task.task_id}-salvaged`;
  const { commit } = await makeBranchOfPatch({
    ...{ home, repository: task.repository, timeoutMs: gitTimeoutMs, folder, branch, at },
    baseCommit: kept.base_commit,
    patch: offline.blobs.get(found.digest),
    message: host`What run ${hostText(kept.run_id)} of ${hostText(task.task_id)} wrote\n\nThis copy was not checked or judged.\n`,
  });
  return { ...kept, branch, commit };
}

function keptByRun(
  offline: OfflineHome,
  { taskId, runId }: { taskId: string; runId?: string },
): { readonly task: TaskState; readonly found: Kept } {
  const { task } = taskWithState(offline, taskId);
  const all = keptOf(task);
  const keptOfRun = (id: string | undefined) => all.find(({ kept }) => kept.run_id === id);
  const found = runId === undefined ? (keptOfRun(runOfChange(task)?.run_id) ?? all.at(-1)) : keptOfRun(runId);
  if (found === undefined) throw nothingKept(task, runId);
  return { task, found };
}

interface Kept {
  readonly kept: KeptWork;
  readonly digest: string;
}

function keptOf({ runs }: Pick<TaskState, "runs">): Kept[] {
  return runs.flatMap(({ run_id, attempt, base_commit, patch, outcome }) =>
    patch === null
      ? []
      : [
          {
            kept: { run_id, attempt, base_commit, patch_bytes: patch.size_bytes, code: outcome?.code ?? null },
            digest: patch.digest,
          },
        ],
  );
}

function nothingKept({ task_id }: TaskState, runId: string | undefined): Fault {
  const who = runId === undefined ? `no run of task ${task_id}` : `run ${runId} of task ${task_id}`;
  return new Fault("no-kept-work", `${who} wrote anything that is kept`, { hint: `aedev task salvage ${task_id}` });
}

function whyNoTree(error: unknown): string {
  if (isFault(error, "HOLD-PATCH-UNSAFE") || isFault(error, "HOLD-EVIDENCE-INCOMPLETE")) return error.message;
  throw error;
}
