/**
 * Finds the repository of a folder without git, and refuses one that another account could have prepared (SECURITY T39, ADR 0045): git runs programs
 * that a repository's configuration and hooks name. It reads two small files of the repository, and only after checking their owner.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Fault } from "@aedev/contracts";
import { isOwn } from "./is-own.ts";
import { foreignRepositoryHelp } from "./run-git.ts";

export interface OwnRepository {
  /** Without symbolic links. */
  readonly folder: string;
  /** The linked working copy's own part of the git directory. */
  readonly gitDir: string;
  /** The directory with the objects, the branches and the configuration. */
  readonly commonDir: string;
}

/** Files that make git run a program, or say where git reads and writes. */
const settings = ["config", "config.worktree", "commondir", "HEAD", "hooks", "info", "objects", "refs", "packed-refs"];
/** Folders whose whole content is checked: another account's link below `refs` would put a new branch elsewhere. */
const wholeFolders = ["hooks", "info", "objects/info", "refs", "reftable"];
const pointerBytesMax = 64 * 1024;

/** The repository whose top is `folder`: a working copy or a bare repository. Null if there is none. Throws a Fault `git-owner` if a part of it belongs to an account other than this one or root. */
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

/** The repository of the nearest folder upwards that has one. */
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

/** Checks the owner of the entry itself and of a link's target. A missing entry is accepted, and so is root's: root can do everything anyway. */
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

/** Null: the path does not exist. */
function realPath(path: string): string | null {
  return existsSync(path) ? realpathSync(path) : null;
}
