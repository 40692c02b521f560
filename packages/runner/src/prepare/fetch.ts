/**
 * Runs the fetch step (SECURITY T8): the prepare command in a container without network, whose only way out is the registry proxy behind a socket. It knows
 * nothing about the cache. See ADR 0010.
 */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type RunId, runIdSchema, shellWord } from "@aedev/contracts";
import { runShell, type ShellResult, type ShellRun } from "../engine/clean-container.ts";
import type { RunnerContext } from "../engine/context.ts";
import { chooseLink } from "../link/choose-link.ts";
import { linkPrograms, programsTarget } from "../link/link-programs.ts";
import { deleteFolder, makeOwnFolder, socketFolderOf } from "../tree/run-folder.ts";
import { certificates, fetchEnvironment, proxyEnvironment, proxyPort } from "./environment.ts";
import { openRegistryProxy } from "./registry/proxy.ts";

/** Name of the proxy's socket, on the host and in the container. */
export const proxySocketName = "fetch.sock";
/** Starts the following command in the container, with our forwarder from loopback to the proxy's socket. */
export const forwardStarter = `${programsTarget}/node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON ${programsTarget}/forward.ts ${proxyPort} /run/aedev/${proxySocketName}`;
/** Fetching sends only request headers, so a step that sends more than this does something else. */
const sentBytesMax = 64 * 1024 * 1024;

export interface Fetched {
  result: ShellResult;
  /** The proxy's refusals, which explain why the step failed. */
  refusals: readonly string[];
}

/** `step`: the command and its mounts; environment and proxy are added here. */
export async function runFetch(
  step: Omit<ShellRun, "seccomp" | "environment" | "tmpfs" | "whileRunning">,
  context: RunnerContext,
): Promise<Fetched> {
  const { docker, user } = context;
  const runnerImageId = (await docker.image(context.imageReference, "HOLD-CLAUDE-DOCKER-IMAGE")).id;
  const images = { runnerImageId, imageId: step.imageId };
  const [link, programs] = await Promise.all([
    chooseLink({ runnerImageId, limits: step.limits }, context),
    linkPrograms(images, context),
  ]);
  const socketFolder = socketFolderOf(context, `p-${randomBytes(8).toString("hex")}`);
  const socketPath = join(socketFolder, proxySocketName);
  makeOwnFolder(socketFolder, user);
  const proxy = await openRegistryProxy({
    socketPath,
    owner: user.chown ? user : null,
    registries: context.registries,
    bounds: { receivedBytes: step.limits.run_bytes, sentBytes: sentBytesMax },
    refused: (what) => reportRefusal(step.labels, what, context),
  });
  const trust = certificates();
  try {
    const place = await link.place({ socketFolder, images }, context);
    // The exec relay already mounts the programs.
    const hasPrograms = place.mounts.some(({ target }) => target === programs.target);
    const result = await runShell(
      {
        ...step,
        command: forwarded(step.command),
        environment: { ...fetchEnvironment, ...proxyEnvironment, ...trust.environment },
        mounts: [...step.mounts, ...trust.mounts, ...place.mounts, ...(hasPrograms ? [] : [programs])],
        tmpfs: place.tmpfs,
        seccomp: "fetch",
        whileRunning: (containerId) => link.open({ containerId, socketPath }, context),
      },
      context,
    );
    return { result, refusals: proxy.refusals() };
  } finally {
    await proxy.close();
    await deleteFolder(socketFolder);
  }
}

function forwarded(command: string): string {
  return `${forwardStarter} /bin/sh -c ${shellWord(command)}`;
}

/** Reports to the run that started the step, even if other runs wait for it. */
function reportRefusal(labels: Readonly<Record<string, string>>, what: string, context: RunnerContext): void {
  const runId: RunId | undefined = runIdSchema.safeParse(labels["aedev.run"]).data;
  if (runId !== undefined) context.refusal(runId, `prepare: ${what}`);
}
