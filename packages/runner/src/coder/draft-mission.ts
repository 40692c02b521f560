/** Performs DraftMission: one read-only run of the coder that proposes the text of a mission, or a plan for it. ADR 0022. */
import { type DraftMission, type FileRunResult, noSettings } from "@aedev/contracts";
import type { RunnerContext } from "../engine/context.ts";
import { chooseLink } from "../link/choose-link.ts";
import { makeSocketFolder, runFolder } from "../tree/run-folder.ts";
import { handOverWorktree, makeWorktree } from "../tree/worktree.ts";
import { finishFileRun } from "./file-run.ts";
import { preflight } from "./preflight.ts";
import { type RunHandle, writePrompt } from "./run-coder.ts";
import { draftSpec } from "./sandbox.ts";

/** The file's name and the role of each kind of draft. */
const kinds = {
  text: { fileName: "aedev-draft.json", role: "drafter" },
  plan: { fileName: "aedev-plan.json", role: "planner" },
} as const;

/** The draft's file, or why the run failed. Throws a Fault if something outside the run failed. */
export async function performDraftMission(
  work: DraftMission,
  context: RunnerContext,
  handle: RunHandle,
): Promise<FileRunResult> {
  const containerId = await createDraftContainer(work, context);
  const { fileName } = kinds[work.of ?? "text"];
  return finishFileRun({ work, containerId, fileName, handle }, context);
}

/** Uses aedev's own image, because a draft only reads and searches and needs no dependency of the repository. */
async function createDraftContainer(work: DraftMission, context: RunnerContext): Promise<string> {
  const { limits, repository, base_commit: baseCommit, run_id: runId } = work;
  const folder = runFolder(context, runId);
  const ready = await preflight({ settings: noSettings, limits }, context, { needsCredential: true });
  const link = await chooseLink({ runnerImageId: ready.runnerImageId, limits }, context);
  await makeWorktree({ folder, runId, repository, baseCommit, outputs: [] }, context);
  const { role } = kinds[work.of ?? "text"];
  writePrompt({ prompt: work.prompt.digest, role }, folder, context);
  await handOverWorktree(folder, context);
  makeSocketFolder(folder, context.user);
  const place = await link.place({ socketFolder: folder.socketFolder, images: ready }, context);
  return context.docker.create(draftSpec({ work, role, folder, imageId: ready.imageId, link, place }, context));
}
