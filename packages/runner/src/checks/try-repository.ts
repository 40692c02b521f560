/**
 * Performs the work TryRepository: prepares a base commit and runs its verify commands on it as a task's checks would, without any change.
 * It seals nothing. Contract: free to repeat; faults are thrown as they are, what a command does is a value.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Fault, type TryRepository, type TryRepositoryReport } from "@aedev/core/wire";
import { coderVersion, toolchainMounts } from "../coder/toolchain.ts";
import type { RunnerContext } from "../context.ts";
import { outputPaths } from "../prepare/inputs.ts";
import { ensurePrepared, type Prepared } from "../prepare/prepare.ts";
import { deleteFolder } from "../worktree/run-folder.ts";
import { openObjects } from "./candidate.ts";
import { matcherOf } from "./cells.ts";
import { runBase } from "./matrix/matrix.ts";
import { plansOf } from "./perform.ts";
import { readEntries } from "./tree.ts";

type Tried = Extract<TryRepositoryReport["result"], { outcome: "tried" }>;

/** `signal`: nobody waits any more. Commands are stopped; a prepare step goes on to its end, because a task may wait for the same one. */
export async function performTryRepository(
  work: TryRepository,
  context: RunnerContext,
  signal: AbortSignal,
): Promise<Tried> {
  const parent = join(context.home, "checks");
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

/** The image's id, once the coder's own program is known to run in it: else every task here would be held. */
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
  place: { imageId: string; folder: string; signal: AbortSignal },
  context: RunnerContext,
): Promise<Tried> {
  const { settings, limits, repository } = work;
  const { imageId, signal } = place;
  const labels = { "aedev.run": work.run_id };
  const objects = await openObjects(context, repository, join(place.folder, "git"));
  const base = await readEntries(objects, work.base_commit);
  const request = { repository, baseCommit: work.base_commit, settings, limits, imageId, labels };
  const prepared = await unlessGone(signal, ensurePrepared(request, context));
  const bench = {
    objects,
    work: place.folder,
    plans: await plansOf(settings, objects, base),
    imageId,
    limits,
    labels,
    outputs: prepared.archivePath === null ? null : { archivePath: prepared.archivePath, paths: outputPaths(settings) },
    isTest: matcherOf(settings.tests),
    testGlobs: settings.tests,
    signal,
    progress: () => undefined,
  };
  const commands = bench.plans.length === 0 ? [] : (await runBase(bench, base, context)).commands;
  return { outcome: "tried", commands };
}

function unlessGone(signal: AbortSignal, prepared: Promise<Prepared>): Promise<Prepared> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Fault("HOLD-PREPARE-FAILED", "the try was given up", { detail: "given up" }));
    if (signal.aborted) gone();
    signal.addEventListener("abort", gone, { once: true });
    prepared.then(resolve, reject);
  });
}
