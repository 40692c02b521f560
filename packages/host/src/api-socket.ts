/**
 * The place of the daemon's unix socket for the command line, and whether it can be trusted (SECURITY T35). Node can't ask the kernel who the peer of a
 * socket is (SO_PEERCRED), so ownership is the proof: only this user and root can create a socket in a folder that belongs to this user and has mode
 * 0700.
 */
import { lstatSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "@aedev/contracts";
import { isOwn } from "./git/is-own.ts";
import { homeLayout } from "./home-layout.ts";

/** The most bytes of a unix socket's path without the final byte: the shortest limit of the known systems (macOS); Linux allows 107. */
export const socketPathBytesMax = 103;
/** A fixed folder, because daemon and command line may have different values of TMPDIR. */
const shortFolder = "/tmp";

/** An identity of a home that a copy does not share: device and inode of its folder. Undefined if there is no such folder. */
export function homeIdentity(home: string): string | undefined {
  const folder = statSync(home, { throwIfNoEntry: false });
  return folder === undefined ? undefined : `${folder.dev}:${folder.ino}`;
}

/** `run/api.sock` in the home or, if that path is too long for a socket, in a folder in /tmp that is named after user and home. */
function apiSocketPath(home: string): string {
  const usual = homeLayout(home).apiSocket;
  if (Buffer.byteLength(usual) <= socketPathBytesMax) return usual;
  const { dev, ino, uid } = statSync(home);
  return join(shortFolder, `aedev-${uid}-${dev}-${ino}`, "api.sock");
}

/** Creates the socket's folder if it is missing. Throws a Fault `socket-path` if the folder does not belong to this user. */
export function prepareSocketFolder(home: string): string {
  const path = apiSocketPath(home);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  assertFolder(dirname(path));
  return path;
}

/** The path of the home's socket, or undefined if there is none. Throws a Fault `socket-path` if somebody else could have created it. */
export function trustedSocket(home: string): string | undefined {
  const path = apiSocketPath(home);
  const socket = lstatSync(path, { throwIfNoEntry: false });
  if (socket === undefined) return undefined;
  assertFolder(dirname(path));
  if (socket.isSocket() && isOwn(socket)) return path;
  throw new Fault("socket-path", `${path} is not a socket of this user`, {
    hint: `remove ${path}, then: aedev daemon start`,
  });
}

function assertFolder(folder: string): void {
  const state = lstatSync(folder);
  if (state.isDirectory() && isOwn(state) && (state.mode & 0o077) === 0) return;
  throw new Fault("socket-path", `${folder} is not a folder that only this user can enter`, {
    hint: `check who owns ${folder}; move it away, then: aedev daemon start`,
  });
}
