/** Free space on a folder's file system, for a process without privileges. */
import { statfsSync } from "node:fs";

/** In bytes. Throws if the folder does not exist. */
export function diskFreeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
