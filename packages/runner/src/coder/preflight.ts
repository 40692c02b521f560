/** Checks what a run needs before it costs anything: engine, image, credential, disk space. Each has its own hold code; there are no fallbacks. */

import { Fault, type RunCoder } from "@aedev/contracts";
import { diskFreeBytes } from "@aedev/host/disk-free";
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
  assertDisk(context.home, work.limits.disk_free_bytes);
  return {
    image: reference ?? context.imageReference,
    imageId: image.id,
    runnerImageId: own.id,
    engineVersion,
  };
}

function assertDisk(home: string, bytesMin: number): void {
  const freeBytes = diskFreeBytes(home);
  if (freeBytes >= bytesMin) return;
  throw new Fault("HOLD-DISK-LOW", `the home's disk has ${freeBytes} bytes free; a run needs ${bytesMin}`, {
    retry: true,
    hint: "aedev doctor",
  });
}

/** The credential of the coder's model. Throws `HOLD-CLAUDE-AUTH-IN-DOCKER` if none is usable. */
export function requireCredential(context: Pick<RunnerContext, "credential" | "claudeLogin">): Credential {
  const credential = context.credential();
  if (credential !== null) return credential;
  const login = context.claudeLogin();
  if (login.kind === "expired")
    throw new Fault("HOLD-CLAUDE-AUTH-IN-DOCKER", `the login of Claude Code ends or ended at ${login.expires_at}`, {
      hint: "use Claude Code once, which renews it (claude -p hello); for nights: claude setup-token, then aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
      retry: true,
    });
  throw new Fault("HOLD-CLAUDE-AUTH-IN-DOCKER", "no usable credential for the coder", {
    hint: "aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
    retry: true,
  });
}
