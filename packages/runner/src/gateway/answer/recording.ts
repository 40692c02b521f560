/**
 * Records one answer: a small one in memory, a long one in a file while it streams. Contract: `end` returns only when the bytes are durable under their digest.
 *
 * Folder: a model's streamed answer, read piece by piece and recorded.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BlobStore } from "@aedev/host/blob-store";
import { type LongRecording, openLongRecording, recordingsFolder, temporaryPrefix } from "./long-recording.ts";

/** Longer answers are written to disk while they stream; of any answer, at most this much is in memory. */
const memoryBytesMax = 1024 * 1024;

export interface Recording {
  /** Contract: the caller no longer changes the bytes. A returned promise means that the disk is behind: wait for it before sending more. */
  take(bytes: Buffer): Promise<void> | null;
  /** The start of the answer; a small answer as a whole. */
  head(): Buffer;
  /** Stores the answer and returns its digest. Throws a Fault `recording-broken` if it could not be written. */
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

/** At the plane's start, deletes unfinished recordings of a killed plane. No other plane may be recording. */
export function clearRecordings(blobs: Blobs): void {
  const folder = recordingsFolder(blobs);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name.startsWith(temporaryPrefix)) rmSync(join(folder, name));
}
