/** Finds the blobs that an event names. */
import { type Blob, blobSchema } from "@aedev/contracts";

/** Every blob that a value names, at any depth. */
export function namedBlobs(value: unknown): Blob[] {
  if (typeof value !== "object" || value === null) return [];
  const blob = blobSchema.safeParse(value);
  return blob.success ? [blob.data] : Object.values(value).flatMap(namedBlobs);
}
