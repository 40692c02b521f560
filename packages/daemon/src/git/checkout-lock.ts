/** Holds the lock of a checkout's index as git does, so that no other git command changes the checkout meanwhile, and replaces the index at once. */
import {
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { Fault, shellWord } from "@aedev/contracts";
import type { OwnRepository } from "@aedev/host/git/own-repository";

/**
 * Copies the index with its time to `path`; nothing is copied if there is none. git replaces its index at once, so the copy is whole also without the lock.
 * Without the time, git would trust what the index says about files that changed in the second in which it was written.
 */
export function copyIndex({ gitDir }: OwnRepository, path: string): void {
  const index = join(gitDir, "index");
  const state = statSync(index, { throwIfNoEntry: false });
  if (state === undefined) return;
  copyFileSync(index, path);
  utimesSync(path, state.atime, state.mtime);
}

/** Runs `work` under the lock and releases it. `replaceBy`: replaces the index by another file. Throws a Fault `checkout-busy` if another git command has the lock, or `not-written`. */
export async function withLockedIndex<T>(
  { folder, gitDir }: OwnRepository,
  work: (replaceBy: (path: string) => void) => Promise<T>,
): Promise<T> {
  const index = join(gitDir, "index");
  const lock = `${index}.lock`;
  const descriptor = openLock(lock, folder);
  let isHeld = true;
  try {
    return await work((path) => {
      const bytes = readFileSync(path);
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
      // git trusts a file's recorded time only if it is older than the index, so the index must not look newer than it is.
      const { atime, mtime } = statSync(path);
      utimesSync(lock, atime, mtime);
      renameSync(lock, index);
      // From here on, another git command may have the lock.
      isHeld = false;
    });
  } finally {
    closeSync(descriptor);
    if (isHeld) rmSync(lock, { force: true });
  }
}

function openLock(lock: string, folder: string): number {
  try {
    return openSync(lock, "wx", 0o666);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    if (code === "EEXIST")
      throw new Fault("checkout-busy", `another git command works in ${folder}, or one died and left ${lock}`, {
        hint: `if none works there: rm ${shellWord(lock)}, then again`,
        cause,
      });
    throw new Fault("not-written", `${folder} can't be written (${code})`, {
      hint: "check who may write there",
      cause,
    });
  }
}
