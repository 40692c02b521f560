/** Computes the id that git gives a blob, without git. Only this file uses git's blob header; it reads no repository. */
import { createHash, type Hash, hash } from "node:crypto";

/** A hash that already contains the header of a blob of `sizeBytes`. After the blob's bytes its hex digest is the id. */
export function blobHash(algorithm: "sha1" | "sha256", sizeBytes: number): Hash {
  return createHash(algorithm).update(`blob ${sizeBytes}\0`);
}

/** The bytes that `blobIdInPlace` needs before the content. */
export const blobHeaderRoom = 32;

/** The id of the `sizeBytes` bytes of `buffer` after the room for the header, in one call: several times faster than a hash object for small files. */
export function blobIdInPlace(algorithm: "sha1" | "sha256", buffer: Buffer, sizeBytes: number): string {
  const header = `blob ${sizeBytes}\0`;
  const start = blobHeaderRoom - header.length;
  buffer.write(header, start, "latin1");
  return hash(algorithm, buffer.subarray(start, blobHeaderRoom + sizeBytes), "hex");
}

/** The id of the concatenated `parts`, in the hash whose ids have `idLength` characters. */
export function blobId(parts: readonly Uint8Array[], idLength: number): string {
  const hash = blobHash(
    idLength === 64 ? "sha256" : "sha1",
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
