/** Counts bytes and entries of a folder that a container may be writing to, without following a link or opening anything (THREATS T20). */
import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

export interface FolderSize {
  bytes: number;
  files: number;
}

/** Adds up `folders`; stops early once a bound is passed. What disappears while it is counted counts nothing. */
export async function folderSize(folders: readonly string[], bounds: FolderSize): Promise<FolderSize> {
  const size: FolderSize = { bytes: 0, files: 0 };
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for await (const entry of entriesOf(folder)) {
      size.files += 1;
      if (entry.isDirectory) waiting.push(entry.path);
      else size.bytes += await bytesOf(entry.path);
      if (size.bytes > bounds.bytes || size.files > bounds.files) return size;
    }
  }
  return size;
}

async function* entriesOf(folder: string): AsyncGenerator<{ path: string; isDirectory: boolean }> {
  try {
    for await (const entry of await opendir(folder))
      yield { path: join(folder, entry.name), isDirectory: entry.isDirectory() };
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Blocks, not length: a sparse file takes what it takes. */
async function bytesOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).blocks * 512;
  } catch (error) {
    if (isGone(error)) return 0;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  const code = z.object({ code: z.string() }).safeParse(error).data?.code;
  return code === "ENOENT" || code === "ENOTDIR" || code === "EACCES" || code === "ELOOP";
}
