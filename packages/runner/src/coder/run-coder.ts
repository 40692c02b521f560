/**
 * RunCoder: one attempt of the coder. Idempotent by run id: a finished run returns its report again, and a running container is resumed.
 *
 * Folder: one run of the coder.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, noUsage, type RunCoder, type Told } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import type { RunnerContext } from "../engine/context.ts";
import type { ModelSource } from "../gateway/model-source.ts";
import { chooseLink } from "../link/choose-link.ts";
import { unpackPrepared } from "../prepare/archive.ts";
import { outputPaths } from "../prepare/inputs.ts";
import { ensurePrepared } from "../prepare/prepare.ts";
import { coderVersion, toolchainMounts } from "../prepare/toolchain.ts";
import { makeSocketFolder, type RunFolder, runFolder } from "../tree/run-folder.ts";
import { layStartPatch } from "../tree/start-tree.ts";
import { deleteWorktree, handOverWorktree, makeWorktree } from "../tree/worktree.ts";
import { finishRun } from "./finish-run.ts";
import { stoppedReport } from "./outcome.ts";
import { preflight } from "./preflight.ts";
import { type RunCheckpoint, type RunResult, readCheckpoint, writeCheckpoint } from "./run-checkpoint.ts";
import { coderSpec, runLabels } from "./sandbox.ts";
import { writeSession } from "./session.ts";

/** Lets the plane stop a run from outside; `stop` is set while the container runs. */
export interface RunHandle {
  stopped: boolean;
  stop: () => void;
  /** What a person says to the coder, also while it works; absent: nobody can. */
  readonly told?: readonly Told[];
  /** A recording that answers in place of the configured upstream. */
  source?: ModelSource;
}

/** The report's result. A stopped run has one too, because its usage counts. Throws a Fault if something outside the run failed. */
export async function performRunCoder(work: RunCoder, context: RunnerContext, handle: RunHandle): Promise<RunResult> {
  const folder = runFolder(context, work.run_id);
  const known = readCheckpoint(folder.checkpointPath);
  if (known !== null && known.generation > context.generation)
    throw new Fault("stale-generation", `run ${work.run_id} belongs to a newer runner`);
  if (known?.stage === "done" && known.result !== null) return known.result;
  const checkpoint =
    known?.stage === "running"
      ? known
      : await prepareRun(work, { folder, isReplay: handle.source !== undefined }, context);
  if (handle.stopped) return stoppedReport({ usage: noUsage, journal: null, captured: null });
  const current: RunCheckpoint = { ...checkpoint, generation: context.generation };
  writeCheckpoint(folder.checkpointPath, current);
  return finishRun({ work, folder, checkpoint: current, handle }, context);
}

/** Prepares everything up to a container that is created but not started. First removes the leftovers of an interrupted preparation. */
async function prepareRun(
  work: RunCoder,
  { folder, isReplay }: { folder: RunFolder; isReplay: boolean },
  context: RunnerContext,
): Promise<RunCheckpoint> {
  const ready = await preflight(work, context, { needsCredential: !isReplay });
  for (const { id } of await context.docker.list(runLabels(work, context))) await context.docker.remove(id);
  const mirror = homeLayout(context.home).mirror(work.repository);
  await deleteWorktree({ folder, runId: work.run_id, mirror: existsSync(mirror) ? mirror : null });
  const checkpoint: RunCheckpoint = {
    schema: 1,
    run_id: work.run_id,
    task_id: work.task_id,
    repository: work.repository,
    base_commit: work.base_commit,
    ...(work.submodules === undefined ? {} : { submodules: work.submodules }),
    outputs: outputPaths(work.settings),
    limits: work.limits,
    run_tokens: work.gateway.run_tokens,
    generation: context.generation,
    stage: "preparing",
    container_id: null,
    environment: null,
    result: null,
  };
  writeCheckpoint(folder.checkpointPath, checkpoint);
  const { imageId } = ready;
  const [toolchain, link] = await Promise.all([
    toolchainMounts(ready, context),
    chooseLink({ runnerImageId: ready.runnerImageId, limits: work.limits }, context),
  ]);
  const version = await coderVersion({ imageId, mounts: toolchain, limits: work.limits }, context);
  const cacheKey = await prepareTree(work, { folder, imageId }, context);
  writePrompt({ prompt: work.prompt.digest, role: work.role }, folder, context);
  if (work.session !== undefined) {
    const bytes = context.blobs.get(work.session.digest);
    writeSession({ workspace: folder.workspace, taskId: work.task_id, bytes }, context.sha256);
  }
  await handOverWorktree(folder, context);
  makeSocketFolder(folder, context.user);
  const place = await link.place({ socketFolder: folder.socketFolder, images: ready }, context);
  const spec = coderSpec({ work, folder, imageId, toolchain, link, place }, context);
  const containerId = await context.docker.create(spec);
  return {
    ...checkpoint,
    stage: "running",
    container_id: containerId,
    environment: {
      image: ready.image,
      image_id: imageId,
      engine_version: ready.engineVersion,
      coder_version: version,
      prepare_cache_key: cacheKey,
      model: work.gateway.model,
    },
  };
}

async function prepareTree(
  work: RunCoder,
  options: { folder: RunFolder; imageId: string },
  context: RunnerContext,
): Promise<string | null> {
  const { folder } = options;
  const tree = {
    folder,
    runId: work.run_id,
    repository: work.repository,
    baseCommit: work.base_commit,
    submodules: work.submodules,
    outputs: outputPaths(work.settings),
  };
  await makeWorktree(tree, context);
  if (work.start_patch !== undefined)
    await layStartPatch({ ...tree, patch: context.blobs.get(work.start_patch.digest) }, context);
  const prepared = await ensurePrepared(
    {
      repository: work.repository,
      baseCommit: work.base_commit,
      submodules: work.submodules,
      settings: work.settings,
      limits: work.limits,
      imageId: options.imageId,
      labels: { "aedev.run": work.run_id, "aedev.task": work.task_id },
    },
    context,
  );
  if (prepared.archivePath !== null) await unpackPrepared(prepared.archivePath, folder.tree, context.user);
  return prepared.cacheKey;
}

/** Writes the prompt and a copy of the role's instructions, readable under any umask. Without instructions the entrypoint exits with 3. */
export function writePrompt(
  { prompt, role }: { prompt: string; role: string },
  folder: RunFolder,
  context: RunnerContext,
): void {
  mkdirSync(join(folder.workspace, "repo"), { recursive: true, mode: 0o755 });
  writeFileSync(join(folder.workspace, "prompt.txt"), context.blobs.get(prompt), { mode: 0o644 });
  mkdirSync(folder.prompts);
  chmodSync(folder.prompts, 0o755);
  const instructions = join(context.promptsDir, `${role}.md`);
  if (!existsSync(instructions)) return;
  const copy = join(folder.prompts, `${role}.md`);
  writeFileSync(copy, readFileSync(instructions));
  chmodSync(copy, 0o644);
}
