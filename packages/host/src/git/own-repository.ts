/**
 * Finds the repository of a folder without git, and refuses one that another account could have prepared (SECURITY T39, ADR 0045): git runs what a
 * repository's configuration and hooks say. It reads two small files of the repository, and only after their owner is known.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Fault } from "@aedev/contracts";
import { isOwn } from "./is-own.ts";
import { foreignRepositoryHelp } from "./run-git.ts";

export interface OwnRepository {
  /** Without symbolic links. */
  readonly folder: string;
  /** Of a linked working copy, its own part. */
  readonly gitDir: string;
  /** The directory with the objects, the branches and the configuration. */
  readonly commonDir: string;
}

/** What makes git run something, or says where it reads and writes. */
const settings = ["config", "config.worktree", "commondir", "HEAD", "hooks", "info", "objects", "refs", "packed-refs"];
/** Folders whose whole content counts: a link of another account below `refs` would take a new branch elsewhere. */
const wholeFolders = ["hooks", "info", "objects/info", "refs", "reftable"];
const pointerBytesMax = 64 * 1024;

/** The repository whose top is `folder`: a working copy or a bare one. Null if there is none. Throws a Fault `git-owner` if a part of it belongs to another account than this one or root. */
export function ownRepositoryAt(folder: string): OwnRepository | null {
  const top = realPath(folder);
  if (top === null) return null;
  assertOwn(top);
  const dotGit = join(top, ".git");
  if (!existsSync(dotGit)) return isGitDirectory(top) ? checked({ folder: top, gitDir: top, commonDir: top }) : null;
  const gitDir = gitDirectoryBehind(dotGit);
  if (gitDir === null) return null;
  const commonDir = existsSync(join(gitDir, "commondir"))
    ? realPath(resolve(gitDir, readPointer(join(gitDir, "commondir"))))
    : gitDir;
  if (commonDir === null) return null;
  const found = checked({ folder: top, gitDir, commonDir });
  return isGitDirectory(commonDir) ? found : null;
}

/** The same for the nearest folder upwards that has one. */
export function ownRepositoryAround(folder: string): OwnRepository | null {
  const start = realPath(folder);
  for (let at = start; at !== null; at = dirname(at) === at ? null : dirname(at)) {
    if (existsSync(join(at, ".git")) || isGitDirectory(at)) return ownRepositoryAt(at);
  }
  return null;
}

function gitDirectoryBehind(dotGit: string): string | null {
  assertOwn(dotGit);
  if (!statSync(dotGit).isFile()) return realPath(dotGit);
  const target = /^gitdir: ([^\0\n]+?)\s*$/.exec(readPointer(dotGit))?.[1];
  return target === undefined ? null : realPath(resolve(dirname(dotGit), target));
}

/** A file of one line. */
function readPointer(path: string): string {
  assertOwn(path);
  const state = statSync(path);
  if (!state.isFile() || state.size > pointerBytesMax)
    throw new Fault("not-a-repository", `${path} is no file that git writes`, { hint: "repair the repository" });
  return readFileSync(path, "utf8").trim();
}

function checked(found: OwnRepository): OwnRepository {
  for (const directory of new Set([found.gitDir, found.commonDir])) {
    assertOwn(directory);
    for (const name of settings) assertOwn(join(directory, name));
    for (const folder of wholeFolders.map((name) => join(directory, name))) {
      assertOwn(folder);
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true)
        for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) assertOwn(join(folder, name));
    }
  }
  return found;
}

/** The entry itself and what a link leads to. A missing one is nobody's. Root can do everything anyway, so what root left is no attack. */
function assertOwn(path: string): void {
  for (const state of [lstatSync(path, { throwIfNoEntry: false }), statSync(path, { throwIfNoEntry: false })])
    if (state !== undefined && state.uid !== 0 && !isOwn(state)) throw foreign(path, state.uid);
}

function foreign(path: string, uid: number): Fault {
  const message = `${path} belongs to another user (uid ${uid}); git would run what the configuration and the hooks there say`;
  return new Fault("git-owner", message, { detail: message, hint: foreignRepositoryHelp });
}

function isGitDirectory(folder: string): boolean {
  return ["HEAD", "objects", "refs"].every((name) => existsSync(join(folder, name)));
}

/** Null: nothing is there. */
function realPath(path: string): string | null {
  return existsSync(path) ? realpathSync(path) : null;
}
