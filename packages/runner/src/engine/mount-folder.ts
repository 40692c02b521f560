/**
 * Where the folders are that containers of checks get mounted (SECURITY T29), and the identity files of all containers. Code inside can read their
 * paths on the host, so they are not in the home but beside it, under a name that says nothing. Contract: the folder belongs to this user and nobody
 * else can enter it. Only folders of checks are ever deleted: the identity files are the same for each process of the plane.
 */
import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isOwn } from "@aedev/host/git/is-own";
import { homeLayout } from "@aedev/host/home-layout";
import { isCode } from "@aedev/host/nofollow-read";
import { sha256 } from "@aedev/host/sha256";

const refusals = ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR"];

/** Creates the folder if it is missing. If nothing can be created beside the home, or another account took the name, it is a folder of the home. */
export function mountFolder(home: string): string {
  const beside = join(dirname(resolve(home)), `.${sha256(resolve(home)).slice(0, 16)}`);
  try {
    mkdirSync(beside, { mode: 0o700 });
  } catch (error) {
    if (!isCode(error, ["EEXIST", ...refusals])) throw error;
  }
  if (isPrivate(beside, home)) return beside;
  const inside = homeLayout(home).checks;
  mkdirSync(inside, { recursive: true, mode: 0o700 });
  return inside;
}

/** Creates a folder for one set of checks. Its name has no id in it. */
export function makeCheckFolder(home: string): string {
  const folder = join(mountFolder(home), randomBytes(12).toString("hex"));
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** Whether the name in the mount folder is of a folder of checks. */
export function isCheckFolder(name: string): boolean {
  return /^[0-9a-f]{24}$/.test(name);
}

/** A folder of this user alone, on the home's file system: that is how much space the operator gave aedev. */
function isPrivate(path: string, home: string): boolean {
  const state = lstatSync(path, { throwIfNoEntry: false });
  const device = lstatSync(home, { throwIfNoEntry: false })?.dev;
  return state?.isDirectory() === true && isOwn(state) && (state.mode & 0o077) === 0 && state.dev === device;
}
