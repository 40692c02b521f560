/**
 * Bytes between planes, named by SHA-256. Core does no I/O: the file functions are handed in and `node:fs` fits as it is.
 * Contract: a blob is durable before `put` returns, and is re-hashed at every read; planes only add.
 */
import { Fault } from "./fault.ts";
import type { Blob, Sha256 } from "./names.ts";

/** What the store uses of a file system; `node:fs` satisfies it. */
export interface BlobFiles {
  existsSync(path: string): boolean;
  mkdirSync(path: string, options: { recursive: true; mode: number }): unknown;
  openSync(path: string, flags: string, mode?: number): number;
  writeSync(descriptor: number, bytes: Uint8Array, offset: number): number;
  fsyncSync(descriptor: number): void;
  closeSync(descriptor: number): void;
  renameSync(from: string, to: string): void;
  readFileSync(path: string): Uint8Array;
}

export interface BlobStore {
  /** Stores the bytes (text as UTF-8) and returns their name; a blob that is there already is left alone. */
  put(bytes: Uint8Array | string, mediaType: string): Blob;
  /** The bytes of a digest. Throws a Fault `BLOB-MISSING` or `BLOB-CORRUPT` naming the digest. */
  get(digest: string): Uint8Array;
  has(digest: string): boolean;
  /** Where a blob's file is, for streaming; the reader re-hashes. */
  pathOf(digest: string): string;
}

let temporaryNames = 0;

/** `encode` turns text to UTF-8 (`TextEncoder`); `uniqueName` must differ between processes that share the folder. */
export function createBlobStore(options: {
  files: BlobFiles;
  dir: string;
  sha256: Sha256;
  encode: (text: string) => Uint8Array;
  uniqueName: string;
}): BlobStore {
  const { files, dir, sha256 } = options;
  const folderOf = (digest: string) => `${dir}/${digest.slice(0, 2)}`;
  const pathOf = (digest: string) => `${folderOf(digest)}/${digest}`;

  function writeDurably(bytes: Uint8Array, digest: string): void {
    files.mkdirSync(folderOf(digest), { recursive: true, mode: 0o700 });
    temporaryNames += 1;
    const temporary = `${folderOf(digest)}/.${options.uniqueName}-${temporaryNames}`;
    const descriptor = files.openSync(temporary, "wx", 0o600);
    try {
      for (let offset = 0; offset < bytes.length; ) offset += files.writeSync(descriptor, bytes, offset);
      files.fsyncSync(descriptor);
    } finally {
      files.closeSync(descriptor);
    }
    files.renameSync(temporary, pathOf(digest));
    const folder = files.openSync(folderOf(digest), "r");
    try {
      files.fsyncSync(folder);
    } finally {
      files.closeSync(folder);
    }
  }

  return {
    pathOf,
    has: (digest) => files.existsSync(pathOf(digest)),
    put(content, mediaType) {
      const bytes = typeof content === "string" ? options.encode(content) : content;
      const digest = sha256(bytes);
      if (!files.existsSync(pathOf(digest))) writeDurably(bytes, digest);
      return { digest, size_bytes: bytes.length, media_type: mediaType };
    },
    get(digest) {
      if (!files.existsSync(pathOf(digest))) throw new Fault("BLOB-MISSING", `blob ${digest} is not in the store`);
      const bytes = files.readFileSync(pathOf(digest));
      if (sha256(bytes) !== digest)
        throw new Fault("BLOB-CORRUPT", `blob ${digest} does not have the bytes its name promises`);
      return bytes;
    },
  };
}
