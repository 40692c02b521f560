/**
 * Performs SetUpRepository: one run of the coder, in its own copy of a base, that finds out how to prepare and test it. It reaches only the gateway and the
 * registry proxy, and its only result is one file. ADR 0023.
 */
import { join } from "node:path";
import { type FileRunResult, noSettings, noUsage, type SetUpRepository, setUpSentBytesMax } from "@aedev/contracts";
import type { RunnerContext } from "../engine/context.ts";
import type { Mount } from "../engine/engine.ts";
import { ensureRecipeImage } from "../engine/recipe-image.ts";
import { chooseLink } from "../link/choose-link.ts";
import type { OpenLink, SandboxLink } from "../link/link.ts";
import { linkPrograms } from "../link/link-programs.ts";
import { certificates, fetchEnvironment, proxyEnvironment } from "../prepare/environment.ts";
import { forwardStarter, proxySocketName } from "../prepare/fetch.ts";
import { openRegistryProxy } from "../prepare/registry/proxy.ts";
import { coderVersion, toolchainMounts } from "../prepare/toolchain.ts";
import { makeSocketFolder, type RunFolder, runFolder } from "../tree/run-folder.ts";
import { handOverWorktree, makeWorktree } from "../tree/worktree.ts";
import { finishFileRun } from "./file-run.ts";
import { preflight } from "./preflight.ts";
import { type RunHandle, writePrompt } from "./run-coder.ts";
import { setUpRole, setUpSpec } from "./sandbox.ts";

const fileName = "aedev-set-up.json";

/** The set-up file, or why the run failed. Throws a Fault if something outside the run failed. */
export async function performSetUpRepository(
  work: SetUpRepository,
  context: RunnerContext,
  handle: RunHandle,
): Promise<FileRunResult> {
  const folder = runFolder(context, work.run_id);
  const created = await createSetUpContainer({ work, folder, handle }, context);
  if (created === null || handle.stopped) return { outcome: "stopped", usage: noUsage, journal: null };
  const { containerId, link } = created;
  const beside = () => openProxy({ work, folder, containerId, link }, context);
  return finishFileRun({ work, containerId, fileName, handle, beside }, context);
}

/** Null if the run was stopped meanwhile, which is checked after every long step. */
async function createSetUpContainer(
  { work, folder, handle }: { work: SetUpRepository; folder: RunFolder; handle: RunHandle },
  context: RunnerContext,
): Promise<{ containerId: string; link: SandboxLink } | null> {
  const { limits, repository, base_commit: baseCommit, run_id: runId, image } = work;
  if (image !== null) await ensureRecipeImage(image, context);
  if (handle.stopped) return null;
  const ready = await preflight({ settings: { ...noSettings, image }, limits }, context, { needsCredential: true });
  const { imageId } = ready;
  const [toolchain, programs, link] = await Promise.all([
    toolchainMounts(ready, context),
    linkPrograms(ready, context),
    chooseLink({ runnerImageId: ready.runnerImageId, limits }, context),
  ]);
  if (handle.stopped) return null;
  await coderVersion({ imageId, mounts: toolchain, limits }, context);
  await makeWorktree({ folder, runId, repository, baseCommit, outputs: [] }, context);
  writePrompt({ prompt: work.prompt.digest, role: setUpRole }, folder, context);
  await handOverWorktree(folder, context);
  makeSocketFolder(folder, context.user);
  const place = await link.place({ socketFolder: folder.socketFolder, images: ready }, context);
  if (handle.stopped) return null;
  const proxied = proxiedParts(place.mounts, programs);
  const containerId = await context.docker.create(
    setUpSpec({ work, folder, imageId, toolchain, link, place, proxied }, context),
  );
  return { containerId, link };
}

/** The exec relay already mounts the programs. */
function proxiedParts(placed: readonly Mount[], programs: Mount) {
  const trust = certificates();
  const hasPrograms = placed.some(({ target }) => target === programs.target);
  return {
    mounts: [...trust.mounts, ...(hasPrograms ? [] : [programs])],
    environment: { ...fetchEnvironment, ...proxyEnvironment, ...trust.environment },
    starter: forwardStarter,
  };
}

/** Opens the run's only way out besides the gateway, as a socket in the same folder. */
async function openProxy(
  {
    work,
    folder,
    containerId,
    link,
  }: { work: SetUpRepository; folder: RunFolder; containerId: string; link: SandboxLink },
  context: RunnerContext,
): Promise<OpenLink> {
  const socketPath = join(folder.socketFolder, proxySocketName);
  const proxy = await openRegistryProxy({
    socketPath,
    owner: context.user.chown ? context.user : null,
    registries: context.registries,
    bounds: { receivedBytes: work.limits.run_bytes, sentBytes: setUpSentBytesMax },
    refused: (what) => context.refusal(work.run_id, what),
  });
  try {
    const opened = await link.open({ containerId, socketPath }, context);
    return {
      async close() {
        try {
          await opened.close();
        } finally {
          await proxy.close();
        }
      },
    };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}
