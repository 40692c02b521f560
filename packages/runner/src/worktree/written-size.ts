/** Bytes and entries of folders that a sandbox is writing to (THREATS T20): names are bytes, so that no name hides what it holds; no link is followed and nothing is opened but folders. */
import { lstat, readdir } from "node:fs/promises";

export interface WrittenSize {
  bytes: number;
  entries: number;
}

/** Adds up `folders` and stops early once a bound is passed. What disappears meanwhile counts nothing; what can't be looked into counts as too much. */
export async function writtenSize(folders: readonly string[], bounds: WrittenSize): Promise<WrittenSize> {
  const size: WrittenSize = { bytes: 0, entries: 0 };
  const waiting = folders.map((folder) => Buffer.from(folder));
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const name of await namesIn(folder)) {
      if (name === "unreadable") return { bytes: bounds.bytes, entries: bounds.entries + 1 };
      const path = Buffer.concat([folder, Buffer.from("/"), name]);
      const state = await stateOf(path);
      if (state === null) continue;
      size.entries += 1;
      // Blocks, not length: a sparse file takes what it takes.
      size.bytes += state.blocks * 512;
      if (size.bytes > bounds.bytes || size.entries > bounds.entries) return size;
      if (state.isDirectory()) waiting.push(path);
    }
  }
  return size;
}

async function namesIn(folder: Buffer): Promise<(Buffer | "unreadable")[]> {
  try {
    return await readdir(folder, { encoding: "buffer" });
  } catch (error) {
    return isGone(error) ? [] : ["unreadable"];
  }
}

async function stateOf(path: Buffer) {
  try {
    return await lstat(path);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
