/** Hands out what a task's runs wrote, whatever became of them: it was captured before anything of the run was deleted. Nothing judged it. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, isFault } from "@aedev/contracts";
import type { TaskState } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { layOutPatched } from "../git/lay-out.ts";
import { openOffline, taskWithState } from "./open-offline.ts";

const gitTimeoutMs = 120_000;

/** Work of one run that is kept as a blob. */
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
 * Writes the patch of one run, by default of the last that wrote anything, to the new folder `to`, and what it makes of its base to `to`/tree.
 * `no_tree`: why there is no such folder; the patch is always there. Throws a Fault `unknown-task`, `no-kept-work` or `not-written`.
 */
export async function salvageWork(options: {
  home: string;
  taskId: string;
  runId?: string;
  to: string;
}): Promise<KeptWork & { readonly no_tree: string | null }> {
  const { home, taskId, runId, to } = options;
  using offline = openOffline(home);
  const { task } = taskWithState(offline, taskId);
  const found = keptOf(task).findLast(({ kept }) => runId === undefined || kept.run_id === runId);
  if (found === undefined) throw nothingKept(task, runId);
  const patch = offline.blobs.get(found.digest);
  const baseCommit = found.kept.base_commit;
  makeNewFolder(to);
  writeFileSync(join(to, "change.patch"), patch, { mode: 0o600, flag: "wx" });
  const repository = { home, repository: task.repository, timeoutMs: gitTimeoutMs };
  const no_tree = existsSync(homeLayout(home).mirror(task.repository))
    ? await layOutPatched({ ...repository, baseCommit, patch, folder: join(to, "tree") }).then(() => null, whyNoTree)
    : "the repository is no longer mirrored here";
  return { ...found.kept, no_tree };
}

function keptOf({ runs }: Pick<TaskState, "runs">): { readonly kept: KeptWork; readonly digest: string }[] {
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

/** Only a folder that nobody has written to: nothing there is overwritten, and no link there is followed. */
function makeNewFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const why = code === "EEXIST" ? "it exists already" : code;
    throw new Fault("not-written", `${path} can't be made (${why})`, {
      hint: "name a new folder with --to",
      cause: error,
    });
  }
}

function whyNoTree(error: unknown): string {
  if (isFault(error, "HOLD-PATCH-UNSAFE") || isFault(error, "HOLD-EVIDENCE-INCOMPLETE")) return error.message;
  throw error;
}
