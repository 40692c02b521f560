/** Tells files that are only pictures. Pure. */
import { posix } from "node:path";
import type { DerivedChange } from "../../git/change.ts";

/** How a file of each ending begins, in hexadecimal. */
const beginnings: Readonly<Record<string, RegExp>> = {
  ".png": /^89504e470d0a1a0a/u,
  ".jpg": /^ffd8ff/u,
  ".jpeg": /^ffd8ff/u,
  ".gif": /^474946383[79]61/u,
  ".webp": /^52494646.{8}57454250/u,
  ".ico": /^00000100/u,
};
/** Changed files that are pictures in each version that exists. */
export function picturesOf(change: DerivedChange): Set<string> {
  const isOne = (path: string) =>
    [change.oldBytes(path), change.newBytes(path)].every((bytes) => bytes === null || isPicture(path, bytes));
  return new Set(change.changed.flatMap(({ path }) => (isOne(path) ? [path] : [])));
}

/** Whether a file is a picture by its ending and its first bytes. An SVG file is code, because a browser may run what is in it. */
export function isPicture(path: string, bytes: Uint8Array): boolean {
  const ending = posix.extname(path).toLowerCase();
  return beginnings[ending]?.test(Buffer.from(bytes.subarray(0, 16)).toString("hex")) === true;
}
