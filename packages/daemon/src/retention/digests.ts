/** Finds the blobs that a text may name: everything in it that looks like a SHA-256 and is in the store. So even a blob named in an unforeseen form is kept. */
import { closeSync, openSync, readSync } from "node:fs";
import { isCode } from "@aedev/host/nofollow-read";

/** One buffer for all files: most are small, and allocating one for each would cost more than reading. */
const piece = Buffer.alloc(4 * 1024 * 1024);
const digestLength = 64;
const pattern = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/** The digests in a text that are blobs according to `isBlob`. */
export function digestsIn(text: string, isBlob: (digest: string) => boolean): string[] {
  return [...text.matchAll(pattern)].map(([digest]) => digest).filter(isBlob);
}

/** The digests in a file of any size, read in pieces that overlap by a digest's length. A file that another collection has deleted names none. */
export function digestsInFile(path: string, isBlob: (digest: string) => boolean): Set<string> {
  const found = new Set<string>();
  const descriptor = openIfThere(path);
  if (descriptor === null) return found;
  try {
    let before = "";
    for (let length = readSync(descriptor, piece); length > 0; length = readSync(descriptor, piece)) {
      const text = before + piece.toString("latin1", 0, length);
      for (const digest of digestsIn(text, isBlob)) found.add(digest);
      before = text.slice(-digestLength - 1);
    }
  } finally {
    closeSync(descriptor);
  }
  return found;
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (isCode(error, ["ENOENT"])) return null;
    throw error;
  }
}
