/** Writes a mission's specification as a blob and, once nothing is open, `clarified-spec.md`. */

import { clarifiedSpecification } from "@aedev/clarify";
import { type Blob, canonicalJson, Fault, type Specification, specificationSchema } from "@aedev/contracts";
import { type Clarity, isClear } from "@aedev/contracts/events";
import type { BlobStore } from "@aedev/host/blob-store";

/** Both blobs, as commands carry them. Throws a Fault if the specification could not be parsed again. */
export function writeSpecification(
  blobs: BlobStore,
  specification: Specification,
  clarity: Clarity,
): { specification: Blob; clarified_spec: Blob | null } {
  const { not_checked: _before, ...rest } = specification;
  const parsed = parse(clarity.not_checked === undefined ? rest : { ...rest, not_checked: clarity.not_checked });
  return {
    specification: blobs.put(canonicalJson(parsed), "application/json"),
    clarified_spec: isClear(clarity) ? blobs.put(clarifiedSpecification(parsed, clarity), "text/markdown") : null,
  };
}

/** An approved specification is parsed again later, so an unreadable one is refused now. */
function parse(specification: Specification): Specification {
  const parsed = specificationSchema.safeParse(specification);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Fault("bad-specification", `${issue?.path.join(".")}: ${issue?.message}`, { hint: "aedev intake --help" });
}
