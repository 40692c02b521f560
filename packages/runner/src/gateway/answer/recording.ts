/**
 * One answer as it is recorded: a small one in memory, a long one into a file while it streams, so that its last byte does not wait for what
 * could be done before. Contract: `end` returns only when the bytes lie durably in the blob store under their digest.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BlobStore } from "@aedev/core/wire";
import { type LongRecording, openLongRecording, recordingsFolder, temporaryPrefix } from "./long-recording.ts";

/** Longer answers go to the disk piece by piece; and of no answer is more kept in memory. */
const memoryBytesMax = 1024 * 1024;

export interface Recording {
  /** Contract: the bytes are not changed any more. Where it returns a promise, the disk is behind and no more should come before. */
  take(bytes: Buffer): Promise<void> | null;
  /** The answer's beginning: all of it where it is small. */
  head(): Buffer;
  /** Stores what was taken and returns its digest. Throws a Fault `RECORDING-BROKEN` where it could not be written. */
  end(mediaType: string): Promise<string>;
}

type Blobs = Pick<BlobStore, "put" | "pathOf">;

export function openRecording(blobs: Blobs): Recording {
  const kept: Buffer[] = [];
  let sizeBytes = 0;
  let long: LongRecording | null = null;
  return {
    take(bytes) {
      sizeBytes += bytes.length;
      if (long === null && sizeBytes > memoryBytesMax) {
        long = openLongRecording(blobs);
        for (const earlier of kept) void long.take(earlier);
      }
      if (long !== null) return long.take(bytes);
      kept.push(bytes);
      return null;
    },
    head: () => Buffer.concat(kept),
    end: async (mediaType) => long?.end() ?? blobs.put(Buffer.concat(kept), mediaType).digest,
  };
}

/** At a plane's start: what one that was killed had not finished. Another plane must not write recordings meanwhile. */
export function clearRecordings(blobs: Blobs): void {
  const folder = recordingsFolder(blobs);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name.startsWith(temporaryPrefix)) rmSync(join(folder, name));
}
