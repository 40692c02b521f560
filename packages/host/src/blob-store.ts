/**
 * Content-addressed storage (SHA-256) that the planes share. Contract: a blob is durable before `put` returns and is re-hashed at every read. Planes
 * never delete a blob; only `removeUnused` does, for the daemon.
 */
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname } from "node:path";
import { type Blob, Fault } from "@aedev/contracts";
import { writeDurably } from "./durable-file.ts";
import { sha256 } from "./sha256.ts";

export interface BlobStore {
  /** Stores the bytes (text as UTF-8) and returns their digest; an existing blob keeps its bytes and counts as new. */
  put(bytes: Uint8Array | string, mediaType: string): Blob;
  /** The bytes with this digest. Throws a Fault `blob-missing` or `blob-corrupt` that names the digest. */
  get(digest: string): Uint8Array;
  has(digest: string): boolean;
  /** The path of a blob's file, for streaming; the reader must re-hash. */
  pathOf(digest: string): string;
}

/** The path of a blob relative to its store. */
export function blobPathOf(digest: string): string {
  return `${digest.slice(0, 2)}/${digest}`;
}

export function createBlobStore(dir: string): BlobStore {
  const pathOf = (digest: string) => `${dir}/${blobPathOf(digest)}`;
  return {
    pathOf,
    has: (digest) => existsSync(pathOf(digest)),
    put(content, mediaType) {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      const digest = sha256(bytes);
      const path = pathOf(digest);
      if (!isRenewed(path)) {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        writeDurably(path, bytes);
      }
      return { digest, size_bytes: bytes.length, media_type: mediaType };
    },
    get(digest) {
      if (!existsSync(pathOf(digest))) throw new Fault("blob-missing", `blob ${digest} is not in the store`);
      const bytes = readFileSync(pathOf(digest));
      if (sha256(bytes) !== digest) throw new Fault("blob-corrupt", `blob ${digest} does not match its hash`);
      return bytes;
    },
  };
}

/** Sets a blob's time to now, so that it is not deleted as unused; false if the blob does not exist. */
function isRenewed(path: string): boolean {
  const now = new Date();
  try {
    utimesSync(path, now, now);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

const removedSuffix = ".removed";

/**
 * Deletes a blob unless it was put after `beforeMs` (milliseconds since 1970); returns whether it is gone. If a process puts the same bytes meanwhile,
 * it either finds the blob and renews it, which is noticed here, or it finds none and writes it again.
 */
export function removeUnused(path: string, beforeMs: number): boolean {
  const removed = `${path}${removedSuffix}`;
  renameSync(path, removed);
  if (statSync(removed).mtimeMs < beforeMs) {
    rmSync(removed);
    return true;
  }
  restoreRemoved(removed);
  return false;
}

/** Whether a file is left over from an interrupted `removeUnused`. */
export function isRemoved(name: string): boolean {
  return name.endsWith(removedSuffix);
}

/** Undoes an interrupted removal. */
export function restoreRemoved(removed: string): void {
  try {
    // A link, because a rename would replace a file written meanwhile.
    linkSync(removed, removed.slice(0, -removedSuffix.length));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  rmSync(removed);
}
