/** What must be there before a run costs anything: engine, image, credential, disk. Each missing thing is its own hold; nothing is replaced by something else. */
import { statfs } from "node:fs/promises";
import { Fault, type RunCoder } from "@aedev/core/wire";
import type { Credential, RunnerContext } from "../context.ts";

export interface Readiness {
  image: string;
  imageId: string;
  /** The image that has the coder's CLI; another one where the repository brings its own. */
  runnerImageId: string;
  engineVersion: string;
}

/** Throws the Fault of the first thing that is missing, in the order of the hold codes. A replay asks no model and needs no credential. */
export async function preflight(
  work: Pick<RunCoder, "settings" | "limits">,
  context: RunnerContext,
  options: { needsCredential: boolean },
): Promise<Readiness> {
  const engineVersion = await context.docker.version();
  const own = await context.docker.image(context.imageReference, "HOLD-CLAUDE-DOCKER-IMAGE");
  if (options.needsCredential && context.credential() === null) {
    throw new Fault("HOLD-CLAUDE-AUTH-IN-DOCKER", "no usable credential for the coder", {
      hint: "aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
      retry: true,
    });
  }
  const reference = work.settings.image;
  const image = reference === null ? own : await context.docker.image(reference, "HOLD-TOOLCHAIN");
  await assertDisk(context.home, work.limits.disk_free_bytes);
  return {
    image: reference ?? context.imageReference,
    imageId: image.id,
    runnerImageId: own.id,
    engineVersion,
  };
}

async function assertDisk(home: string, bytesMin: number): Promise<void> {
  const disk = await statfs(home);
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes >= bytesMin) return;
  throw new Fault("HOLD-DISK-LOW", `${freeBytes} bytes are free on the home's disk, a run needs ${bytesMin}`, {
    retry: true,
    hint: "aedev doctor",
  });
}

/** The coder's credential from a plane's secrets; empty counts as missing, and a paid key is used only where that was chosen. */
export function chooseCredential(
  secrets: Readonly<Record<string, string>>,
  options: { allowApiKey: boolean },
): Credential | null {
  const token = secrets.AEDEV_CLAUDE_OAUTH_TOKEN?.trim() ?? "";
  if (token !== "") return { kind: "oauth-token", value: token };
  const key = secrets.AEDEV_ANTHROPIC_API_KEY?.trim() ?? "";
  return key !== "" && options.allowApiKey ? { kind: "api-key", value: key } : null;
}
