/**
 * A long answer on its way into the blob store: hashed as it comes, copied into slabs that are written and made durable beside the stream, so
 * that its last byte waits only for the last of them. Its pieces are not kept: what is kept while the disk works is dear to collect.
 */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BlobStore, Fault } from "@aedev/core/wire";

/** Written at a time: less costs more in asking for it than in writing. */
const slabBytes = 1024 * 1024;
/** Of one answer, waiting for the disk. */
const slabsWaitingMax = 4;
/** Kept for the next answers, so that none is made and collected for each. */
const slabsKeptMax = 8;
/** Made durable at a time. */
const syncedBytes = 2 * 1024 * 1024;
export const temporaryPrefix = ".recording-";

export interface LongRecording {
  /** The bytes are copied. Where it returns a promise, the disk is behind and no more should come before. */
  take(bytes: Buffer): Promise<void> | null;
  /** The digest, once the bytes are durable under it. Throws a Fault `RECORDING-BROKEN` where they could not be written. */
  end(): Promise<string>;
}

/** One of the store's own folders, so that the rename stays on one file system. */
export function recordingsFolder(blobs: Pick<BlobStore, "pathOf">): string {
  return dirname(blobs.pathOf("0".repeat(64)));
}

const free: Buffer[] = [];
let recordings = 0;

/** Once a slab could not be written whole, the file is not what was hashed: it never gets a name in the store. */
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
        // Its failure is kept: the system tells it once, and the sync at the end might succeed.
        syncing = file.datasync().then(() => {
          syncing = null;
        }, broken);
      }
    } catch {
      // What a full disk or a broken one means is said at the end, once.
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
        throw new Fault("RECORDING-BROKEN", "an answer could not be written down", { cause });
      }
    },
  };
}

async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}
