/** Writes small files atomically and durably, even if power fails: temporary name, fsync, rename, fsync of the folder. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The descriptors that stay free for `withSpareDescriptors`: a file, its folder, and two files that the work reads. */
const spareCount = 4;
const spare: number[] = [];
let keeps = false;

/** Reserves descriptors for `withSpareDescriptors` from now on. A process whose descriptors strangers can use up calls this once. */
export function keepSpareDescriptors(): void {
  keeps = true;
  takeSpare();
}

/** Reserves the descriptors; a later call gets those that other threads took meanwhile. */
function takeSpare(): void {
  try {
    while (spare.length < spareCount) spare.push(openSync("/dev/null", "r"));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "EMFILE" || error.code === "ENFILE")))
      throw error;
  }
}

/**
 * Runs `work` even if this process has no descriptor left (SECURITY T40). `work` opens only a few files, none for long, and is synchronous, so that only
 * other threads can take the descriptors first. Throws what `work` throws.
 */
export function withSpareDescriptors<T>(work: () => T): T {
  for (const descriptor of spare.splice(0)) closeSync(descriptor);
  try {
    return work();
  } finally {
    if (keeps) takeSpare();
  }
}

/** Replaces the file at `path`. `mode` applies to the new file, whatever the old file's mode was. */
export function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): void {
  // Loaded only here: a program that writes nothing starts faster without it.
  const { randomBytes } = process.getBuiltinModule("node:crypto");
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.new`;
  const descriptor = openSync(temporary, "wx", mode);
  try {
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Whether a file with this name is a leftover of an interrupted durable write. */
export function isUnfinished(name: string): boolean {
  return /\.\d+-[0-9a-f]{8}\.new$/.test(name);
}

/** The file's text, or null if there is no file. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
