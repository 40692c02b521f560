/** Reads past blobs tolerantly: a past change that has lost its bytes must not keep the judges from being measured with others. */
import { type BundleManifest, bundleManifestSchema, nullOn } from "@aedev/contracts";
import type { Blobs } from "../control/parts.ts";
import { readDocument } from "../control/read-blobs.ts";

/** The result of `read`; null if a blob is missing or corrupt. */
export async function unlessSpoiled<T>(read: () => Promise<T>): Promise<T | null> {
  return read().catch(nullIfSpoiled);
}

export function manifestOrNull(bundleDigest: string, control: Blobs): BundleManifest | null {
  try {
    return readDocument(control, bundleDigest, bundleManifestSchema);
  } catch (error) {
    return nullIfSpoiled(error);
  }
}

const nullIfSpoiled = nullOn("blob-missing", "blob-corrupt");
