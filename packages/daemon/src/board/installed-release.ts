/** Tells which version of aedev is installed, and the commit of its checkout. It reads files of `.git` and starts no git. */
import { dirname, join, resolve } from "node:path";
import { gitIdSchema } from "@aedev/contracts";
import type { StatusBoardDocument } from "@aedev/contracts/api";
import { readIfThere } from "@aedev/host/durable-file";
import { productRoot, productVersion } from "@aedev/host/product";

/** `root`: the installation's folder. */
export function readInstalledRelease(root = productRoot): StatusBoardDocument["release_state"] {
  const commit = headCommit(root);
  return { version: productVersion(), commit, why: commit === null ? "no-commit" : null };
}

/** Null if the folder is no checkout, or its commit can't be found. */
function headCommit(root: string): string | null {
  const folder = gitFolder(root);
  if (folder === null) return null;
  const head = textOf(join(folder, "HEAD"));
  const ref = /^ref: (refs\/(?!.*\.\.)[\w./@+-]+)$/.exec(head ?? "")?.[1];
  if (ref === undefined) return asCommit(head);
  // A working tree beside the first one has its own HEAD, and shares the branches.
  const common = textOf(join(folder, "commondir"));
  const shared = common === null ? folder : resolve(folder, common);
  return asCommit(textOf(join(shared, ref))) ?? packedCommit(textOf(join(shared, "packed-refs")), ref);
}

function gitFolder(root: string): string | null {
  const path = join(root, ".git");
  if (textOf(join(path, "HEAD")) !== null) return path;
  const named = /^gitdir: (.+)$/.exec(textOf(path) ?? "")?.[1];
  return named === undefined ? null : resolve(dirname(path), named);
}

function packedCommit(packed: string | null, ref: string): string | null {
  const line = packed?.split("\n").find((text) => text.endsWith(` ${ref}`));
  return asCommit(line?.split(" ")[0] ?? null);
}

function asCommit(text: string | null): string | null {
  return gitIdSchema.safeParse(text).data ?? null;
}

/** Null if there is no such file. */
function textOf(path: string): string | null {
  try {
    return readIfThere(path)?.trim() ?? null;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "EISDIR" || error.code === "ENOTDIR")) return null;
    throw error;
  }
}
