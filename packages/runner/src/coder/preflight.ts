/** Checks what a run needs before it costs anything: engine, image, credential, disk space. Each missing thing is its own hold; there are no fallbacks. */
import { statfs } from "node:fs/promises";
import { Fault, type RunCoder } from "@aedev/contracts";
import type { Credential, RunnerContext } from "../engine/context.ts";

export interface Readiness {
  image: string;
  imageId: string;
  /** The image with the coder's CLI; differs from `imageId` if the repository brings its own image. */
  runnerImageId: string;
  engineVersion: string;
}

/** Throws the Fault of the first missing thing, in the order of the hold codes. A replay asks no model and needs no credential. */
export async function preflight(
  work: Pick<RunCoder, "settings" | "limits">,
  context: RunnerContext,
  options: { needsCredential: boolean },
): Promise<Readiness> {
  const engineVersion = await context.docker.version();
  const own = await context.docker.image(context.imageReference, "HOLD-CLAUDE-DOCKER-IMAGE");
  if (options.needsCredential) requireCredential(context);
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
  throw new Fault("HOLD-DISK-LOW", `the home's disk has ${freeBytes} bytes free; a run needs ${bytesMin}`, {
    retry: true,
    hint: "aedev doctor",
  });
}

/** The coder's credential from the plane's secrets. Empty counts as missing, and a paid API key is used only if that was chosen. */
export function chooseCredential(
  secrets: Readonly<Record<string, string>>,
  options: { allowApiKey: boolean },
): Credential | null {
  const token = secrets.AEDEV_CLAUDE_OAUTH_TOKEN?.trim() ?? "";
  if (token !== "") return { kind: "oauth-token", value: token };
  const key = secrets.AEDEV_ANTHROPIC_API_KEY?.trim() ?? "";
  return key !== "" && options.allowApiKey ? { kind: "api-key", value: key } : null;
}

/** The credential of the coder's model. Throws `HOLD-CLAUDE-AUTH-IN-DOCKER` if none is usable. */
export function requireCredential(context: Pick<RunnerContext, "credential">): Credential {
  const credential = context.credential();
  if (credential !== null) return credential;
  throw new Fault("HOLD-CLAUDE-AUTH-IN-DOCKER", "no usable credential for the coder", {
    hint: "aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
    retry: true,
  });
}
