/**
 * Chooses the folder for everything mounted into containers of checks (SECURITY T29), and for the identity files of all containers. Code inside can read the
 * paths of its mounts on the host, so the folder is beside the home and has a neutral name. Contract: it belongs to this user and nobody else can enter it.
 * Only folders of checks are ever deleted; the identity files stay the same for each process of the plane.
 */
import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isOwn } from "@aedev/host/git/is-own";
import { homeLayout } from "@aedev/host/home-layout";
import { isCode } from "@aedev/host/nofollow-read";
import { sha256 } from "@aedev/host/sha256";

const refusals = ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR"];

/** Creates the folder if it is missing. It is inside the home if nothing can be created beside it or another account took the name. */
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

/** Creates a folder for one set of checks, with a name that contains no id. */
export function makeCheckFolder(home: string): string {
  const folder = join(mountFolder(home), randomBytes(12).toString("hex"));
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** True if the name in the mount folder is that of a folder of checks. */
export function isCheckFolder(name: string): boolean {
  return /^[0-9a-f]{24}$/.test(name);
}

/** True for a folder of this user alone on the home's file system, which has the space that the operator gave aedev. */
function isPrivate(path: string, home: string): boolean {
  const state = lstatSync(path, { throwIfNoEntry: false });
  const device = lstatSync(home, { throwIfNoEntry: false })?.dev;
  return state?.isDirectory() === true && isOwn(state) && (state.mode & 0o077) === 0 && state.dev === device;
}
