/**
 * DraftMission: one read-only run of the coder that proposes how to say a mission. Its only result is one bounded file beside the checkout; nothing of
 * the tree is captured. It is never resumed: what an earlier process left of it is deleted. ADR 0022.
 */
import { join } from "node:path";
import { type DraftMission, type DraftMissionReport, draftFileBytesMax, noSettings } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { readRegular } from "@aedev/host/nofollow-read";
import type { RunnerContext } from "../engine/context.ts";
import { heldReport } from "../engine/held-report.ts";
import { chooseLink } from "../link/choose-link.ts";
import { makeSocketFolder, type RunFolder, runFolder } from "../tree/run-folder.ts";
import { deleteWorktree, handOverWorktree, makeWorktree } from "../tree/worktree.ts";
import { runToEnd } from "./finish-run.ts";
import { badEnding } from "./outcome.ts";
import { preflight } from "./preflight.ts";
import { type RunHandle, writePrompt } from "./run-coder.ts";
import { draftLabels, draftRole, draftSpec } from "./sandbox.ts";

type DraftRunResult = DraftMissionReport["result"];
/** In the workspace; the instructions of the role name it. */
const fileName = "aedev-draft.json";

/** The file as it is, or why the run failed. Throws a Fault if something outside the run failed. */
export async function performDraftMission(
  work: DraftMission,
  context: RunnerContext,
  handle: RunHandle,
): Promise<DraftRunResult> {
  const folder = runFolder(context, work.run_id);
  const containerId = await createDraftContainer(work, folder, context);
  const { gateway, journal, ...facts } = await runToEnd({ work, folder, containerId, handle }, context);
  const usage = gateway.usage();
  if (facts.endReason === "stopped") return { outcome: "stopped", usage, journal };
  const observed = { ...facts, usage, journal, gatewayEnding: gateway.ending(), lastAnswer: gateway.lastAnswer() };
  const bad = badEnding(observed);
  if (bad !== null)
    return heldReport(bad.code, bad.detail, {
      resumes_at: bad.resumesAt,
      usage,
      journal,
      exit_code: facts.exitCode,
    });
  const file = await readRegular(join(folder.workspace, fileName), draftFileBytesMax);
  const text = file === null || file.sizeBytes > draftFileBytesMax ? null : file.bytes.toString("utf8");
  return { outcome: "ended", text, size_bytes: file?.sizeBytes ?? 0, usage, journal };
}

/** Removes everything that the draft's run had; its report has what stays. Throws an AggregateError if some of it can't be removed, after it has tried all. */
export async function discardDraft(work: DraftMission, context: RunnerContext): Promise<void> {
  const mirror = homeLayout(context.home).mirror(work.repository);
  // The containers first: they write to the folder.
  const listed = await Promise.allSettled([context.docker.list(draftLabels(work, context))]);
  const ids = listed.flatMap((one) => (one.status === "fulfilled" ? one.value.map(({ id }) => id) : []));
  const removed = await Promise.allSettled(ids.map((id) => context.docker.remove(id)));
  const folder = runFolder(context, work.run_id);
  const deleted = await Promise.allSettled([deleteWorktree({ folder, runId: work.run_id, mirror })]);
  const errors = [...listed, ...removed, ...deleted].flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join("; "));
}

/** In aedev's own image: a draft reads and searches, and needs no dependency of the repository. */
async function createDraftContainer(work: DraftMission, folder: RunFolder, context: RunnerContext): Promise<string> {
  const { limits, repository, base_commit: baseCommit, run_id: runId } = work;
  const ready = await preflight({ settings: noSettings, limits }, context, { needsCredential: true });
  const link = await chooseLink({ runnerImageId: ready.runnerImageId, limits }, context);
  await makeWorktree({ folder, runId, repository, baseCommit, outputs: [] }, context);
  writePrompt({ prompt: work.prompt.digest, role: draftRole }, folder, context);
  await handOverWorktree(folder, context);
  makeSocketFolder(folder, context.user);
  const place = await link.place({ socketFolder: folder.socketFolder, images: ready }, context);
  return context.docker.create(draftSpec({ work, folder, imageId: ready.imageId, link, place }, context));
}
