/** Mounts the runner image's CLI and strace, copied once, into repositories' own images. Also reads the CLI's version. Installs nothing. */
import { basename, join } from "node:path";
import { Fault, type RunLimits } from "@aedev/contracts";
import type { RunnerContext } from "../engine/context.ts";
import type { Mount } from "../engine/engine.ts";
import { runProbe } from "../engine/run-probe.ts";
import { sandboxHome } from "../engine/sandbox-user.ts";
import { keptFolder } from "../tree/run-folder.ts";

/** Folder with strace, its libraries and its loader in the runner image. */
export const straceFolder = "/usr/local/lib/strace";
const versionTimeoutMs = 30_000;
const parts = [
  { path: "/entrypoint.sh", name: "entrypoint.sh" },
  { path: "/usr/local/bin/claude", name: "claude" },
  { path: "/usr/local/lib/coder", name: "coder" },
] as const;

/** Mounts that put the runner image's CLI into another image; none if the run uses the runner image. */
export async function toolchainMounts(
  options: { runnerImageId: string; imageId: string },
  context: RunnerContext,
): Promise<Mount[]> {
  return copiedMounts({ ...options, name: "cli", parts }, context);
}

/** Mounts that put the runner image's strace into another image; none for the runner image itself, or if it has no strace. */
export async function straceMounts(imageId: string, context: RunnerContext): Promise<Mount[]> {
  const { id: runnerImageId } = await context.docker.image(context.imageReference, "HOLD-CLAUDE-DOCKER-IMAGE");
  const part = { path: straceFolder, name: basename(straceFolder) };
  try {
    return await copiedMounts({ runnerImageId, imageId, name: "strace", parts: [part] }, context);
  } catch (error) {
    // The checks then run without a record, and the gate says so.
    if (error instanceof Fault) return [];
    throw error;
  }
}

async function copiedMounts(
  options: {
    runnerImageId: string;
    imageId: string;
    name: string;
    parts: readonly { path: string; name: string }[];
  },
  context: RunnerContext,
): Promise<Mount[]> {
  if (options.runnerImageId === options.imageId) return [];
  const folder = await keptFolder(
    context.home,
    `${options.name}-${options.runnerImageId.slice(-16)}`,
    async (partial) => {
      for (const { path } of options.parts) await context.docker.copyOut(options.runnerImageId, path, partial);
    },
  );
  return options.parts.map(({ path, name }) => ({ source: join(folder, name), target: path, readOnly: true }));
}

const versions = new Map<string, string>();

/** The version that the image's CLI prints, cached per image while the plane runs. Throws `HOLD-TOOLCHAIN` if the CLI does not run there. */
export async function coderVersion(
  options: { imageId: string; mounts: readonly Mount[]; limits: RunLimits },
  context: RunnerContext,
): Promise<string> {
  const known = versions.get(options.imageId);
  if (known !== undefined) return known;
  const { ended, text } = await runProbe(
    {
      ...options,
      entrypoint: ["/bin/sh", "-c"],
      command: ["exec /usr/local/bin/claude --version"],
      environment: { HOME: sandboxHome, DISABLE_AUTOUPDATER: "1" },
      seccomp: "coder",
      timeoutMs: versionTimeoutMs,
      outputBytesMax: 4096,
    },
    context,
  );
  if (ended !== 0) {
    throw new Fault("HOLD-TOOLCHAIN", "the coder's CLI does not run in this image", {
      detail: `the coder's CLI does not run in ${options.imageId.slice(0, 19)}`,
      hint: "an image needs glibc, /bin/sh and git",
    });
  }
  const version = /\d+\.\d+\.\d+/.exec(text)?.[0] ?? "unknown";
  versions.set(options.imageId, version);
  return version;
}
