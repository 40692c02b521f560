/** Reads a text file as it grows: each call returns the complete lines added since the previous call. A truncated file is read from its start; renames are not followed. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const chunkBytes = 64 * 1024;

/** A file that does not exist yet has no lines. */
export function followFile(path: string): () => string[] {
  let offset = 0;
  // An incomplete line, in Latin-1 so that no character is split.
  let rest = "";
  return () => {
    const { bytes, size, from } = bytesFrom(path, offset);
    if (from < offset) rest = "";
    offset = from + size;
    const lines = (rest + bytes).split("\n");
    rest = lines.pop() ?? "";
    return lines.map((line) => Buffer.from(line, "latin1").toString("utf8"));
  };
}

function bytesFrom(path: string, offset: number): { bytes: string; size: number; from: number } {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { bytes: "", size: 0, from: offset };
    throw error;
  }
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let bytes = "";
    let size = 0;
    const from = fstatSync(descriptor).size < offset ? 0 : offset;
    for (;;) {
      const read = readSync(descriptor, chunk, 0, chunkBytes, from + size);
      if (read === 0) return { bytes, size, from };
      size += read;
      bytes += chunk.toString("latin1", 0, read);
    }
  } finally {
    closeSync(descriptor);
  }
}
