/** A run of the coder whose only result is one bounded file beside the checkout. It is never resumed: an earlier process's leftovers are deleted. */
import { join } from "node:path";
import { type DraftMission, type FileRunResult, runFileBytesMax, type SetUpRepository } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { readRegular } from "@aedev/host/nofollow-read";
import type { RunnerContext } from "../engine/context.ts";
import { heldReport } from "../engine/held-report.ts";
import type { OpenLink } from "../link/link.ts";
import { runFolder } from "../tree/run-folder.ts";
import { deleteWorktree } from "../tree/worktree.ts";
import { runToEnd } from "./finish-run.ts";
import { badEnding } from "./outcome.ts";
import type { RunHandle } from "./run-coder.ts";

export type FileWork = DraftMission | SetUpRepository;

export interface CreatedFileRun {
  readonly work: FileWork;
  readonly containerId: string;
  /** The file's name in the workspace, as the role's instructions give it. */
  readonly fileName: string;
  readonly handle: RunHandle;
  /** Opens further access for the running container; called only if the container can still run, and closed after its end. */
  readonly beside?: () => Promise<OpenLink>;
}

/** The file, or why the run failed. Throws a Fault if something outside the run failed. */
export async function finishFileRun(run: CreatedFileRun, context: RunnerContext): Promise<FileRunResult> {
  const folder = runFolder(context, run.work.run_id);
  // A draft may read as long as it likes, and writes nothing in its checkout, so missing changes don't end it.
  const { no_change_ms: _noChange, ...limits } = run.work.limits;
  const work = { ...run.work, limits };
  const { gateway, journal, ...facts } = await runToEnd({ ...run, work, folder }, context);
  const usage = gateway.usage();
  if (facts.endReason === "stopped") return { outcome: "stopped", usage, journal };
  const observed = { ...facts, usage, journal, lastAnswer: gateway.lastAnswer() };
  const bad = badEnding(observed);
  if (bad !== null)
    return heldReport(bad.code, bad.detail, {
      resumes_at: bad.resumesAt,
      usage,
      journal,
      exit_code: facts.exitCode,
    });
  const file = await readRegular(join(folder.workspace, run.fileName), runFileBytesMax);
  const text = file === null || file.sizeBytes > runFileBytesMax ? null : file.bytes.toString("utf8");
  return { outcome: "ended", text, size_bytes: file?.sizeBytes ?? 0, usage, journal };
}

/** Removes everything of the run except what its report refers to. Tries all parts, then throws an AggregateError if some could not be removed. */
export async function discardFileRun(
  work: Pick<FileWork, "run_id" | "repository">,
  context: RunnerContext,
): Promise<void> {
  const mirror = homeLayout(context.home).mirror(work.repository);
  // The containers go first, because they write to the folder.
  const labels = { "aedev.home": context.homeId, "aedev.run": work.run_id };
  const listed = await Promise.allSettled([context.docker.list(labels)]);
  const ids = listed.flatMap((one) => (one.status === "fulfilled" ? one.value.map(({ id }) => id) : []));
  const removed = await Promise.allSettled(ids.map((id) => context.docker.remove(id)));
  const folder = runFolder(context, work.run_id);
  const deleted = await Promise.allSettled([deleteWorktree({ folder, runId: work.run_id, mirror })]);
  const errors = [...listed, ...removed, ...deleted].flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join("; "));
}
