/** Reads past blobs tolerantly: a past change whose bytes are gone must not stop the judges from being measured with the others. */
import { type BundleManifest, bundleManifestSchema, isFault } from "@aedev/contracts";
import type { Control } from "../control/control.ts";
import { readDocument } from "../control/read-blobs.ts";

/** The result of `read`; null if a blob is missing or corrupt. */
export async function unlessSpoiled<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    return nullIfSpoiled(error);
  }
}

export function manifestOrNull(bundleDigest: string, control: Pick<Control, "blobs">): BundleManifest | null {
  try {
    return readDocument(control, bundleDigest, bundleManifestSchema);
  } catch (error) {
    return nullIfSpoiled(error);
  }
}

function nullIfSpoiled(error: unknown): null {
  if (isFault(error, "blob-missing", "blob-corrupt")) return null;
  throw error;
}
