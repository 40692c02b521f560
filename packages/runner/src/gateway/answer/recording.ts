/**
 * One answer as it is recorded: small ones in memory, a long one into a file while it streams, hashed on the way, so that its last byte does
 * not wait for what could be done before. Contract: `end` returns only when the bytes lie durably in the blob store under their digest.
 */
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BlobStore } from "@aedev/core/wire";

/** Longer answers go to the disk piece by piece; and of no answer is more kept in memory. */
const memoryBytesMax = 1024 * 1024;
let recordings = 0;

export interface Recording {
  take(bytes: Buffer): void;
  /** The answer's beginning: all of it where it is small. */
  head(): Buffer;
  /** Stores what was taken and returns its digest. */
  end(mediaType: string): string;
}

type Blobs = Pick<BlobStore, "put" | "pathOf">;

export function openRecording(blobs: Blobs): Recording {
  const kept: Buffer[] = [];
  let sizeBytes = 0;
  let spool: Spool | null = null;
  return {
    take(bytes) {
      sizeBytes += bytes.length;
      if (spool === null && sizeBytes > memoryBytesMax) {
        spool = openSpool(blobs);
        for (const earlier of kept) spool.take(earlier);
      }
      if (spool === null) kept.push(bytes);
      else spool.take(bytes);
    },
    head: () => Buffer.concat(kept),
    end: (mediaType) => spool?.end() ?? blobs.put(Buffer.concat(kept), mediaType).digest,
  };
}

interface Spool {
  take(bytes: Buffer): void;
  end(): string;
}

/** In one of the store's own folders, so that the rename stays on one file system. */
function openSpool(blobs: Blobs): Spool {
  const folder = dirname(blobs.pathOf("0".repeat(64)));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  recordings += 1;
  const temporary = join(folder, `.recording-${process.pid}-${Date.now()}-${recordings}`);
  const descriptor = openSync(temporary, "wx", 0o600);
  const sha256 = createHash("sha256");
  return {
    take(bytes) {
      sha256.update(bytes);
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    },
    end() {
      fsyncSync(descriptor);
      closeSync(descriptor);
      const digest = sha256.digest("hex");
      const path = blobs.pathOf(digest);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      renameSync(temporary, path);
      const named = openSync(dirname(path), "r");
      fsyncSync(named);
      closeSync(named);
      return digest;
    },
  };
}
