/**
 * One answer as it is recorded: small ones in memory, a long one into a file while it streams, hashed on the way, so that its last byte does
 * not wait for what could be done before. Contract: `end` returns only when the bytes lie durably in the blob store under their digest.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BlobStore, Fault } from "@aedev/core/wire";

/** Longer answers go to the disk piece by piece; and of no answer is more kept in memory. */
const memoryBytesMax = 1024 * 1024;
/** Of one answer's bytes, waiting for the disk. */
const waitingBytesMax = 8 * 1024 * 1024;
const temporaryPrefix = ".recording-";
let recordings = 0;

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
  let spool: Spool | null = null;
  return {
    take(bytes) {
      sizeBytes += bytes.length;
      if (spool === null && sizeBytes > memoryBytesMax) {
        spool = openSpool(blobs);
        for (const earlier of kept) void spool.take(earlier);
      }
      if (spool !== null) return spool.take(bytes);
      kept.push(bytes);
      return null;
    },
    head: () => Buffer.concat(kept),
    end: async (mediaType) => spool?.end() ?? blobs.put(Buffer.concat(kept), mediaType).digest,
  };
}

interface Spool {
  take(bytes: Buffer): Promise<void> | null;
  end(): Promise<string>;
}

/** At a plane's start: what one that was killed had not finished. Another plane must not write recordings meanwhile. */
export function clearRecordings(blobs: Blobs): void {
  const folder = spoolFolder(blobs);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name.startsWith(temporaryPrefix)) rmSync(join(folder, name));
}

/** One of the store's own folders, so that the rename stays on one file system. */
function spoolFolder(blobs: Blobs): string {
  return dirname(blobs.pathOf("0".repeat(64)));
}

/** Written beside the stream, not in its way. Once a piece could not be written whole, the file is not what was hashed: it never gets a name in the store. */
function openSpool(blobs: Blobs): Spool {
  const folder = spoolFolder(blobs);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  recordings += 1;
  const temporary = join(folder, `${temporaryPrefix}${process.pid}-${Date.now()}-${recordings}`);
  const opening = open(temporary, "wx", 0o600);
  const sha256 = createHash("sha256");
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let isBroken = false;
  let writing: Promise<void> | null = null;
  const write = async () => {
    try {
      const file = await opening;
      while (waiting.length > 0) {
        const parts = waiting;
        waiting = [];
        waitingBytes = 0;
        await writeWhole(file, parts);
      }
    } catch {
      // What a full disk or a broken one means is said at the end, once.
      isBroken = true;
    } finally {
      writing = null;
    }
  };
  return {
    take(bytes) {
      if (isBroken) return null;
      sha256.update(bytes);
      waiting.push(bytes);
      waitingBytes += bytes.length;
      writing ??= write();
      return waitingBytes > waitingBytesMax ? writing : null;
    },
    async end() {
      await writing;
      const digest = sha256.digest("hex");
      const path = blobs.pathOf(digest);
      try {
        if (isBroken) throw new Error("a piece of it was not written");
        const file = await opening;
        await file.sync().finally(() => file.close());
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        renameSync(temporary, path);
        const named = await open(dirname(path), "r");
        await named.sync().finally(() => named.close());
      } catch (cause) {
        await opening.then((file) => file.close()).catch(() => undefined);
        rmSync(temporary, { force: true });
        throw new Fault("RECORDING-BROKEN", "an answer could not be written down", { cause });
      }
      return digest;
    },
  };
}

async function writeWhole(file: FileHandle, parts: Buffer[]): Promise<void> {
  const { bytesWritten } = await file.writev(parts);
  if (bytesWritten === parts.reduce((sum, { length }) => sum + length, 0)) return;
  const all = Buffer.concat(parts);
  for (let at = bytesWritten; at < all.length; ) at += (await file.write(all, at)).bytesWritten;
}
