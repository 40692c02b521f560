/** Writes a mission's specification, and `clarified-spec.md` once nothing is open, as blobs. */
import { type Clarity, clarifiedSpecification, isClear } from "@aedev/core";
import {
  type Blob,
  type BlobStore,
  canonicalJson,
  Fault,
  type Specification,
  specificationSchema,
} from "@aedev/core/wire";

/** Both blobs, as commands carry them. Throws a fault where the specification could not be read again. */
export function writeSpecification(
  blobs: BlobStore,
  specification: Specification,
  clarity: Clarity,
): { specification: Blob; clarified_spec: Blob | null } {
  const parsed = parse(specification);
  return {
    specification: blobs.put(canonicalJson(parsed), "application/json"),
    clarified_spec: isClear(clarity) ? blobs.put(clarifiedSpecification(parsed, clarity), "text/markdown") : null,
  };
}

/** What is approved is read again by its schema later on; a mission that could not be is refused now. */
function parse(specification: Specification): Specification {
  const parsed = specificationSchema.safeParse(specification);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Fault("bad-specification", `${issue?.path.join(".")}: ${issue?.message}`, { hint: "aedev intake --help" });
}
