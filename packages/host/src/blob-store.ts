/** Content-addressed storage (SHA-256) that the planes share. Contract: a blob is durable before `put` returns and is re-hashed at every read; planes never delete one. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Blob, Fault } from "@aedev/contracts";
import { writeDurably } from "./durable-file.ts";
import { sha256 } from "./sha256.ts";

export interface BlobStore {
  /** Stores the bytes (text as UTF-8) and returns their digest; an existing blob is left alone. */
  put(bytes: Uint8Array | string, mediaType: string): Blob;
  /** The bytes with this digest. Throws a Fault `blob-missing` or `blob-corrupt` that names the digest. */
  get(digest: string): Uint8Array;
  has(digest: string): boolean;
  /** Path of a blob's file, for streaming; the reader must re-hash. */
  pathOf(digest: string): string;
}

export function createBlobStore(dir: string): BlobStore {
  const pathOf = (digest: string) => `${dir}/${digest.slice(0, 2)}/${digest}`;
  return {
    pathOf,
    has: (digest) => existsSync(pathOf(digest)),
    put(content, mediaType) {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      const digest = sha256(bytes);
      const path = pathOf(digest);
      if (!existsSync(path)) {
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
