/**
 * Writes a long answer to the blob store while it streams. The bytes are hashed as they arrive and copied into slabs that are written and synced in parallel,
 * so that the answer's last byte waits only for the last slab. Keeping the stream's own buffers would make garbage collection expensive. The blob store itself
 * only takes complete bytes.
 */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Fault } from "@aedev/contracts";
import type { BlobStore } from "@aedev/host/blob-store";

/** Size of one write: smaller writes cost more in overhead than in writing. */
const slabBytes = 1024 * 1024;
/** Slabs of one answer that wait for the disk. */
const slabsWaitingMax = 4;
/** Slabs kept for reuse, so that answers need not allocate new ones. */
const slabsKeptMax = 8;
/** Bytes written between two syncs. */
const syncedBytes = 2 * 1024 * 1024;
export const temporaryPrefix = ".recording-";

export interface LongRecording {
  /** Copies the bytes. A returned promise means that the disk is behind: wait for it before sending more. */
  take(bytes: Buffer): Promise<void> | null;
  /** The digest, once the blob is durable. Throws a Fault `recording-broken` if the bytes could not be written. */
  end(): Promise<string>;
}

/** A folder inside the store, so that the rename stays on one file system. */
export function recordingsFolder(blobs: Pick<BlobStore, "pathOf">): string {
  return dirname(blobs.pathOf("0".repeat(64)));
}

const free: Buffer[] = [];
let recordings = 0;

/** If a slab could not be written in full, the file differs from what was hashed and never gets a name in the store. */
export function openLongRecording(blobs: Pick<BlobStore, "pathOf">): LongRecording {
  const folder = recordingsFolder(blobs);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  recordings += 1;
  const temporary = join(folder, `${temporaryPrefix}${process.pid}-${Date.now()}-${recordings}`);
  const opening = open(temporary, "wx", 0o600);
  const sha256 = createHash("sha256");
  const waiting: { bytes: Buffer; sizeBytes: number }[] = [];
  let slab: Buffer | null = null;
  let filledBytes = 0;
  let unsyncedBytes = 0;
  let isBroken = false;
  let writing: Promise<void> | null = null;
  let syncing: Promise<void> | null = null;
  const broken = () => {
    isBroken = true;
  };
  const write = async () => {
    try {
      const file = await opening;
      for (let next = waiting.shift(); next !== undefined && !isBroken; next = waiting.shift()) {
        await writeWhole(file, next.bytes.subarray(0, next.sizeBytes));
        if (free.length < slabsKeptMax) free.push(next.bytes);
        unsyncedBytes += next.sizeBytes;
        if (unsyncedBytes < syncedBytes || syncing !== null) continue;
        unsyncedBytes = 0;
        // The system reports a failed sync only once, and the final sync might succeed, so the failure is remembered.
        syncing = file.datasync().then(() => {
          syncing = null;
        }, broken);
      }
    } catch {
      // `end` reports a full or broken disk.
      broken();
    } finally {
      writing = null;
    }
  };
  const handOver = () => {
    if (slab === null) return;
    waiting.push({ bytes: slab, sizeBytes: filledBytes });
    slab = null;
    filledBytes = 0;
    writing ??= write();
  };
  return {
    take(bytes) {
      if (isBroken) return null;
      sha256.update(bytes);
      for (let at = 0; at < bytes.length; ) {
        slab ??= free.pop() ?? Buffer.allocUnsafeSlow(slabBytes);
        const copied = bytes.copy(slab, filledBytes, at);
        at += copied;
        filledBytes += copied;
        if (filledBytes === slabBytes) handOver();
      }
      return waiting.length > slabsWaitingMax ? writing : null;
    },
    async end() {
      handOver();
      await writing;
      await syncing;
      try {
        if (isBroken) throw new Error("a piece of it was not written");
        const digest = sha256.digest("hex");
        const path = blobs.pathOf(digest);
        const file = await opening;
        await file.sync().finally(() => file.close());
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        await rename(temporary, path);
        const named = await open(dirname(path), "r");
        await named.sync().finally(() => named.close());
        return digest;
      } catch (cause) {
        await opening.then((file) => file.close()).catch(() => undefined);
        await rm(temporary, { force: true });
        throw new Fault("recording-broken", "an answer could not be recorded", { cause });
      }
    },
  };
}

async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}
