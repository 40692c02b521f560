/**
 * Performs the work TryRepository: prepares a base commit and runs its verify commands like a task's checks, but without a change. It stores no
 * evidence. Contract: can be repeated for free; Faults are thrown, what a command does is a value.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Fault, type TryRepository, type TryRepositoryReport } from "@aedev/contracts";
import { rootedMatcher } from "@aedev/host/globs";
import { homeLayout } from "@aedev/host/home-layout";
import type { RunnerContext } from "../engine/context.ts";
import { outputPaths } from "../prepare/inputs.ts";
import { ensurePrepared, type Prepared } from "../prepare/prepare.ts";
import { coderVersion, toolchainMounts } from "../prepare/toolchain.ts";
import { openObjects } from "../tree/candidate.ts";
import { readCheckTree } from "../tree/check-tree.ts";
import { deleteFolder } from "../tree/run-folder.ts";
import { runBase } from "./matrix/matrix.ts";
import { plansOf } from "./perform.ts";

type Tried = Extract<TryRepositoryReport["result"], { outcome: "tried" }>;

/** `signal`: the caller gave up. Commands are stopped; a prepare step runs to its end, because a task may wait for the same step. */
export async function performTryRepository(
  work: TryRepository,
  context: RunnerContext,
  signal: AbortSignal,
): Promise<Tried> {
  const parent = homeLayout(context.home).checks;
  const folder = join(parent, `${work.run_id}-${randomBytes(6).toString("hex")}`);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  mkdirSync(folder, { mode: 0o700 });
  try {
    const imageId = await usableImage(work, context);
    return await tryBase(work, { imageId, folder, signal }, context);
  } finally {
    await deleteFolder(folder);
  }
}

/** The image's id, after checking that the coder's CLI runs in it; otherwise every task here would be held. */
async function usableImage({ settings, limits }: TryRepository, context: RunnerContext): Promise<string> {
  const { docker } = context;
  await docker.version();
  const own = await docker.image(context.imageReference, "HOLD-CLAUDE-DOCKER-IMAGE");
  if (settings.image === null) return own.id;
  const image = await docker.image(settings.image, "HOLD-TOOLCHAIN");
  const mounts = await toolchainMounts({ runnerImageId: own.id, imageId: image.id }, context);
  await coderVersion({ imageId: image.id, mounts, limits }, context);
  return image.id;
}

async function tryBase(
  work: TryRepository,
  options: { imageId: string; folder: string; signal: AbortSignal },
  context: RunnerContext,
): Promise<Tried> {
  const { settings, limits, repository } = work;
  const { imageId, signal } = options;
  const labels = { "aedev.run": work.run_id };
  const objects = await openObjects(context, repository, join(options.folder, "git"));
  const base = await readCheckTree(objects, work.base_commit);
  const request = { repository, baseCommit: work.base_commit, settings, limits, imageId, labels };
  const prepared = await unlessGone(signal, ensurePrepared(request, context));
  const checkContext = {
    objects,
    work: options.folder,
    plans: await plansOf(settings, objects, base),
    imageId,
    limits,
    labels,
    outputs: prepared.archivePath === null ? null : { archivePath: prepared.archivePath, paths: outputPaths(settings) },
    isTest: rootedMatcher(settings.tests),
    testGlobs: settings.tests,
    signal,
    progress: () => undefined,
  };
  const commands = checkContext.plans.length === 0 ? [] : (await runBase(checkContext, base, context)).commands;
  return { outcome: "tried", commands };
}

function unlessGone(signal: AbortSignal, prepared: Promise<Prepared>): Promise<Prepared> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Fault("HOLD-PREPARE-FAILED", "the trial was cancelled", { detail: "given up" }));
    if (signal.aborted) gone();
    signal.addEventListener("abort", gone, { once: true });
    prepared.then(resolve, reject);
  });
}
