/** Reads a text file as it grows: each call returns the complete lines added since the previous call. It does not follow renames, because these files are only appended to. */
import { closeSync, openSync, readSync } from "node:fs";

const chunkBytes = 64 * 1024;

/** A file that does not exist yet has no lines. */
export function followFile(path: string): () => string[] {
  let offset = 0;
  // An incomplete line, in Latin-1 so that no character is split.
  let rest = "";
  return () => {
    const { bytes, size } = bytesFrom(path, offset);
    offset += size;
    const lines = (rest + bytes).split("\n");
    rest = lines.pop() ?? "";
    return lines.map((line) => Buffer.from(line, "latin1").toString("utf8"));
  };
}

function bytesFrom(path: string, offset: number): { bytes: string; size: number } {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { bytes: "", size: 0 };
    throw error;
  }
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let bytes = "";
    let size = 0;
    for (;;) {
      const read = readSync(descriptor, chunk, 0, chunkBytes, offset + size);
      if (read === 0) return { bytes, size };
      size += read;
      bytes += chunk.toString("latin1", 0, read);
    }
  } finally {
    closeSync(descriptor);
  }
}
