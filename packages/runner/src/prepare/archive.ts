/**
 * Unpacks a prepared archive for one container. Its content comes from untrusted code, so our own reader puts it into a new, empty folder of ours, and it is
 * moved into place by rename. No link in it or in the checkout is ever followed on the host (SECURITY T1, T8).
 */
import { createReadStream, lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { readArchive } from "../engine/read-archive.ts";
import type { SandboxUser } from "../engine/sandbox-user.ts";
import { deleteFolder, handOver } from "../tree/run-folder.ts";

const chunkBytes = 1024 * 1024;

/**
 * Puts the archive's files into `intoDir`, owned by `owner`. Contract: we checked `intoDir` out and no container has run on it. Anything in the checkout at an
 * output's path, and any link on the way there, is replaced.
 */
export async function unpackPrepared(archivePath: string, intoDir: string, owner: SandboxUser): Promise<void> {
  const staging = mkdtempSync(join(dirname(intoDir), ".unpack-"));
  try {
    await readArchive(createReadStream(archivePath, { highWaterMark: chunkBytes }), staging, "HOLD-PREPARE-FAILED");
    await handOver([staging], owner);
    moveInto(staging, intoDir);
  } finally {
    await deleteFolder(staging);
  }
}

/** Moves each entry to its place: folders on both sides are merged, everything else is replaced. */
function moveInto(from: string, into: string): void {
  for (const name of readdirSync(from)) {
    const source = join(from, name);
    const target = join(into, name);
    const there = lstatSync(target, { throwIfNoEntry: false });
    if (there?.isDirectory() && lstatSync(source).isDirectory()) {
      moveInto(source, target);
      continue;
    }
    if (there !== undefined) rmSync(target, { recursive: true, force: true });
    renameSync(source, target);
  }
}

/** Creates an empty folder that belongs to the container's user. */
export async function makeFolder(path: string, owner: SandboxUser): Promise<void> {
  mkdirSync(path, { recursive: true, mode: 0o755 });
  await handOver([path], owner);
}
