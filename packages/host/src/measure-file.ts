/** Measures a file of any size: its length and SHA-256, read in pieces. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

const pieceBytes = 1024 * 1024;

/** Hashes in pieces: faster than reading a large file whole, with little memory. */
export function measureFile(path: string): { readonly sizeBytes: number; readonly sha256: string } {
  const sha256 = createHash("sha256");
  const piece = Buffer.allocUnsafe(pieceBytes);
  let sizeBytes = 0;
  const descriptor = openSync(path, "r");
  try {
    for (let length = readSync(descriptor, piece); length > 0; length = readSync(descriptor, piece)) {
      sha256.update(piece.subarray(0, length));
      sizeBytes += length;
    }
  } finally {
    closeSync(descriptor);
  }
  return { sizeBytes, sha256: sha256.digest("hex") };
}
