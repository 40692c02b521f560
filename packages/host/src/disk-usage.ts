/** Measures folders that a sandbox is writing to (SECURITY T20). Names are read as bytes, so that no name can hide its content. No link is followed, and only folders are opened. */
import { lstat, readdir } from "node:fs/promises";
import { diskFreeBytes } from "./disk-free.ts";

export interface DiskUsage {
  bytes: number;
  entries: number;
}

/** `changedAtMs`: when each folder or an entry below it was last written or renamed, in the order of the folders; 0 for a missing folder. */
export interface MeasuredFolders extends DiskUsage {
  changedAtMs: readonly number[];
}

/** Adds up `folders` and stops as soon as a bound is exceeded. Entries that disappear meanwhile are ignored; an unreadable folder counts as over the bound. */
export async function diskUsage(folders: readonly string[], bounds: DiskUsage): Promise<MeasuredFolders> {
  const changedAtMs = await Promise.all(folders.map(changedAt));
  const size = { bytes: 0, entries: 0, changedAtMs };
  const waiting = folders.map((folder, index) => ({ folder: Buffer.from(folder), index }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { folder, index } = next;
    for (const name of await namesIn(folder)) {
      if (name === "unreadable") return { ...size, bytes: bounds.bytes, entries: bounds.entries + 1 };
      const path = Buffer.concat([folder, Buffer.from("/"), name]);
      const state = await stateOf(path);
      if (state === null) continue;
      size.entries += 1;
      // Not the modification time, which a sandbox can set.
      changedAtMs[index] = Math.max(changedAtMs[index] ?? 0, state.ctimeMs);
      // Blocks instead of length: a sparse file uses less than its length.
      size.bytes += state.blocks * 512;
      if (size.bytes > bounds.bytes || size.entries > bounds.entries) return size;
      if (state.isDirectory()) waiting.push({ folder: path, index });
    }
  }
  return size;
}

/** The share of the free space required at a run's start that must remain free during the run. */
const freeShareMin = 0.5;

/** Whether the folder's file system is too full. A deleted file that is still open uses space that no folder walk sees. */
export function lacksRoom(
  folder: string | undefined,
  { disk_free_bytes }: { readonly disk_free_bytes: number },
): boolean {
  if (folder === undefined) return false;
  return diskFreeBytes(folder) < disk_free_bytes * freeShareMin;
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

async function changedAt(folder: string): Promise<number> {
  try {
    return (await lstat(folder)).ctimeMs;
  } catch {
    // Reading it later shows whether it can be read.
    return 0;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
