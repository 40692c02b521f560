/** Checks references to images, and makes the Faults for a bad reference and for a missing image. Pure. */
import { Fault, type HoldCode } from "@aedev/contracts";

/**
 * The reference becomes part of a path of the engine's API and may come from a repository. `../` or `?` in it would call something else, and the engine's
 * redirect could then lead the client to any host.
 */
export function isImageReference(text: string): boolean {
  return /^[A-Za-z0-9][\w.:@/-]*$/u.test(text) && text.split("/").every((part) => /^\w/u.test(part));
}

export function notAnImage(reference: string, code: HoldCode): Fault {
  const detail = JSON.stringify(reference.slice(0, 100));
  return new Fault(code, `${detail} is not an image name`, { detail, hint: "name it as docker images shows it" });
}

export function imageMissing(reference: string, code: HoldCode): Fault {
  const hint = code === "HOLD-CLAUDE-DOCKER-IMAGE" ? "aedev setup" : `docker pull ${reference}`;
  return new Fault(code, `the engine does not have the image ${reference}`, { detail: reference, hint });
}
