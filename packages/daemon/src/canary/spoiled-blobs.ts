/** Reads of what is past: one change whose bytes are not there any more must not keep the judges from being measured with the others. */
import { type BundleManifest, bundleManifestSchema, Fault } from "@aedev/core/wire";
import type { Control } from "../loop/control.ts";
import { readDocument } from "../work/read-blobs.ts";

/** What `read` gives; null where a blob is gone or spoiled. */
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
  if (error instanceof Fault && (error.code === "BLOB-MISSING" || error.code === "BLOB-CORRUPT")) return null;
  throw error;
}
