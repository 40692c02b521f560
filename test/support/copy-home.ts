/** Copies a home like `cp -a`, without sockets. Node's own copy gives folders the default mode, and aedev refuses a home that others can read. */
import { chmodSync, cpSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The daemon of `from` may be running. Everything in the copy is private, whatever its mode was. */
export function copyHome(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !lstatSync(path).isSocket() });
  makePrivate(to);
}

/** Removes every right of others from a file, or from a folder and everything in it. */
export function makePrivate(path: string): void {
  const state = lstatSync(path);
  if (state.isSymbolicLink()) return;
  chmodSync(path, state.isDirectory() ? 0o700 : state.mode & 0o700);
  if (state.isDirectory()) for (const name of readdirSync(path)) makePrivate(join(path, name));
}
