/** Reads files that an agent wrote, after its processes are dead (SECURITY T1, T20): only regular files, without following links or blocking, never more than requested. */
import { constants } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";

const chunkBytes = 1024 * 1024;

/** Opens a regular file for reading; null if the path is missing or is anything else. The caller closes it. */
export async function openRegular(path: string | Buffer): Promise<FileHandle | null> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isCode(error, ["ENOENT", "ELOOP", "ENXIO", "ENOTDIR", "EACCES", "ENAMETOOLONG", "EISDIR"])) return null;
    throw error;
  }
  const state = await file.stat();
  if (state.isFile()) return file;
  await file.close();
  return null;
}

/** The first `bytesMax` bytes of a regular file and its total size; null if it is not a regular file. */
export async function readRegular(
  path: string | Buffer,
  bytesMax: number,
): Promise<{ bytes: Buffer; sizeBytes: number } | null> {
  const file = await openRegular(path);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const parts: Buffer[] = [];
    let taken = 0;
    for await (const part of chunksOf(file, Math.min(size, bytesMax))) {
      parts.push(part);
      taken += part.length;
    }
    return { bytes: Buffer.concat(parts, taken), sizeBytes: size };
  } finally {
    await file.close();
  }
}

/** The first `sizeBytes` bytes in chunks. Throws if the file is shorter, because nothing should change it any more. */
async function* chunksOf(file: FileHandle, sizeBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < sizeBytes; ) {
    const { bytesRead, buffer } = await file.read(
      Buffer.allocUnsafe(Math.min(chunkBytes, sizeBytes - at)),
      0,
      null,
      at,
    );
    if (bytesRead === 0) throw new Error("a file shrank while it was read");
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** True if nothing exists at the path, not even a dangling link. */
export async function isAbsent(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    if (isCode(error, ["ENOENT", "ENOTDIR"])) return true;
    throw error;
  }
}

export function isCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
