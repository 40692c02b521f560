/**
 * Unpacks a prepared archive for one container. The archive's content was made by code in a container: it is unpacked into a new,
 * empty folder of ours and moved into place by rename, so that no link in it or in the checkout is ever followed on the host (THREATS T1, T8).
 */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "@aedev/core/wire";
import { execa } from "execa";
import { deleteFolder, handOver } from "../worktree/run-folder.ts";

const unpackTimeoutMs = 300_000;

export interface Owner {
  uid: number;
  gid: number;
  /** True where the host is root and hands the files over. */
  chown: boolean;
}

/** Runs the system's tar; a failure is `HOLD-PREPARE-FAILED` with its words. */
async function runTar(args: readonly string[], folder: string): Promise<void> {
  const result = await execa("tar", args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C.UTF-8" },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: unpackTimeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: { stdout: 64 * 1024, stderr: 64 * 1024 },
  });
  if (result.failed) {
    const words = result.stderr.slice(-400) || `exit ${result.exitCode}`;
    throw new Fault("HOLD-PREPARE-FAILED", `tar failed on the prepared outputs: ${words}`, { detail: "tar" });
  }
}

/**
 * Puts the archive's files into `intoDir`, owned by `owner`. Contract: `intoDir` was laid out by us and no container has run on it
 * yet. What the checkout has at an output's path, or a link on the way there, is replaced.
 */
export async function unpackPrepared(archivePath: string, intoDir: string, owner: Owner): Promise<void> {
  const staging = mkdtempSync(join(dirname(intoDir), ".unpack-"));
  try {
    const limits = ["--no-same-owner", "--no-same-permissions", "--delay-directory-restore"];
    await runTar(["-xf", archivePath, "-C", staging, ...limits], staging);
    await handOver([staging], owner);
    moveInto(staging, intoDir);
  } finally {
    await deleteFolder(staging);
  }
}

/** Moves each entry to its place: folders that both sides have are merged, everything else is replaced as a whole. */
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

/** Makes an empty folder that belongs to the container's user. */
export async function makeFolder(path: string, owner: Owner): Promise<void> {
  mkdirSync(path, { recursive: true, mode: 0o755 });
  await handOver([path], owner);
}
