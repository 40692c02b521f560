/** Bytes and entries of folders that a sandbox is writing to (THREATS T20): names are bytes, so that no name hides what it holds; no link is followed and nothing is opened but folders. */
import { lstat, readdir, statfs } from "node:fs/promises";

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

/** Of what must be free before a run starts, this much must stay free while it goes on. */
const freeShareMin = 0.5;

/** Whether the folder's file system has too little free: what was deleted while it is still open takes room that no walk sees. */
export async function lacksRoom(
  folder: string | undefined,
  { disk_free_bytes }: { readonly disk_free_bytes: number },
): Promise<boolean> {
  if (folder === undefined) return false;
  const disk = await statfs(folder);
  return disk.bavail * disk.bsize < disk_free_bytes * freeShareMin;
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
