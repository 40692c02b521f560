/**
 * Performs the work TryRepository: prepares a base commit and runs its verify commands like a task's checks, but without a change. It stores no evidence.
 * Contract: repeating it costs nothing; Faults are thrown, and a command's failure is a value.
 */
import { join } from "node:path";
import { Fault, type TryRepository, type TryRepositoryReport } from "@aedev/contracts";
import type { RunnerContext } from "../engine/context.ts";
import { ensureRecipeImage } from "../engine/recipe-image.ts";
import { ensurePrepared, type Prepared } from "../prepare/prepare.ts";
import { coderVersion, toolchainMounts } from "../prepare/toolchain.ts";
import { openObjects } from "../tree/candidate.ts";
import { type CheckEntries, readCheckTree } from "../tree/check-tree.ts";
import { runBase } from "./matrix/matrix.ts";
import type { CheckContext } from "./pass/pass.ts";
import { contextOfBase, inMountFolder } from "./perform.ts";
import { refusedAtTop, writableFolders } from "./watch/writable-folders.ts";

/** Each round makes refused folders writable; a test that gets further may need more of them. */
const roundsMax = 4;

type Tried = Extract<TryRepositoryReport["result"], { outcome: "tried" }>;

/** `signal`: the caller gave up. Commands are stopped; a prepare step runs to its end, because a task may be waiting for it. */
export async function performTryRepository(
  work: TryRepository,
  context: RunnerContext,
  signal: AbortSignal,
): Promise<Tried> {
  return inMountFolder(context.home, async (folder) => {
    const imageId = await usableImage(work, context);
    return tryBase(work, { imageId, folder, signal }, context);
  });
}

/** The image's id, after checking that the coder's CLI runs in it. Otherwise every task would be held. */
async function usableImage({ settings, limits, run_id }: TryRepository, context: RunnerContext): Promise<string> {
  const { docker } = context;
  await docker.version();
  const own = await docker.image(context.imageReference, "HOLD-CLAUDE-DOCKER-IMAGE");
  if (settings.image === null) return own.id;
  context.progress(run_id, `image: ${settings.image}`);
  await ensureRecipeImage(settings.image, context);
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
  const { settings, limits, repository, submodules } = work;
  const { imageId, signal } = options;
  const progress = (text: string) => context.progress(work.run_id, text);
  const labels = { "aedev.run": work.run_id };
  const objects = await openObjects(context, repository, join(options.folder, "git"), submodules);
  const base = await readCheckTree(objects, work.base_commit);
  const request = { repository, baseCommit: work.base_commit, submodules, settings, limits, imageId, labels, progress };
  const prepared = await unlessGone(signal, ensurePrepared(request, context));
  const given = { objects, base, work: options.folder, imageId, labels, prepared, signal };
  const checkContext = { ...(await contextOfBase(work, given, context)), progress };
  if (checkContext.plans.length === 0) return { outcome: "tried", commands: [], writable: [], refused_at_top: [] };
  return tryWritable(checkContext, base, context);
}

/** Runs the base's checks. While they fail and their writes were refused, it makes those folders writable and runs them again. */
async function tryWritable(checkContext: CheckContext, base: CheckEntries, context: RunnerContext): Promise<Tried> {
  const added: string[] = [];
  for (let round = 1; ; round += 1) {
    const writable = [...checkContext.writable, ...added];
    const { cell, unwritable } = await runBase({ ...checkContext, writable }, base, context);
    const missing = writableFolders(unwritable).filter((folder) => !writable.includes(folder));
    const isRed = cell.commands.some(({ exit_code }) => exit_code !== 0);
    // Another round would use up the whole time limit again.
    const isTooSlow = cell.commands.some(({ timed_out }) => timed_out);
    if (!isRed || isTooSlow || missing.length === 0 || round === roundsMax)
      return {
        outcome: "tried",
        commands: cell.commands,
        writable: isRed ? [] : added,
        refused_at_top: refusedAtTop(unwritable),
      };
    added.push(...missing);
  }
}

function unlessGone(signal: AbortSignal, prepared: Promise<Prepared>): Promise<Prepared> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Fault("HOLD-PREPARE-FAILED", "the trial was cancelled", { detail: "given up" }));
    if (signal.aborted) gone();
    signal.addEventListener("abort", gone, { once: true });
    prepared.then(resolve, reject);
  });
}
