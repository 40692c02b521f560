/** Writes small files atomically and durably, also through power loss: temporary name, fsync, rename, fsync of the folder. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

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
