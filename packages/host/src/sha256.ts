/** SHA-256 in lower-case hex: the function that callers pass to core and contracts. It loads `node:crypto` with the first hash, because a program that hashes nothing starts faster without it. */
import type { Sha256 } from "@aedev/contracts";

export const sha256: Sha256 = (content) => {
  hash ??= process.getBuiltinModule("node:crypto").hash;
  return hash("sha256", content);
};

let hash: typeof import("node:crypto").hash | undefined;
