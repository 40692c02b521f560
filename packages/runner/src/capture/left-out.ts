/** Finds files that the base ignores but that may belong to the change. Like the walker, it reads by folder descriptors; it adds nothing to the change. */
import { closeSync, readSync } from "node:fs";
import { hasGitSegment } from "@aedev/host/path-names";
import { type BytePath, pathIn } from "./base-tree.ts";
import { isMadeByTools } from "./made-by-tools.ts";
import type { EntryKind, OpenTree } from "./open-tree.ts";

/** Entries that are read. A folder with more entries was not written by a person and counts as one. */
const entriesMax = 2000;
const pathBytesMax = 3500;
/** A larger ignored file comes from a build or a download. */
const fileBytesMax = 256 * 1024;

export interface LeftEntry {
  readonly path: BytePath;
  readonly kind: EntryKind;
}
/** Files that are not part of the change. `others`: number of ignored entries that builds and editors make; a folder counts as one. */
export interface LeftOut {
  readonly ignored: readonly BytePath[];
  readonly others: number;
  readonly inSubmodules: readonly BytePath[];
}

/** Separates small text files from dependencies, builds, caches and the like, of which it returns only the number. */
export function leftOutOf(tree: OpenTree, entries: readonly LeftEntry[]): Pick<LeftOut, "ignored" | "others"> {
  const ignored: BytePath[] = [];
  let others = 0;
  let room = entriesMax;
  const waiting = [...entries].reverse();
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const { path, kind } = one;
    room -= 1;
    if (room < 0 || isMadeByTools(path) || path.length > pathBytesMax) others += 1;
    else if (kind === "folder") {
      tree.enter(path);
      const within = tree.fewEntries(entriesMax);
      if (within === null) others += 1;
      for (const { name, kind: its } of within?.filter(({ name }) => !hasGitSegment(name)).toReversed() ?? [])
        waiting.push({ path: pathIn(path, name), kind: its });
    } else if (kind === "file" && isSmallText(tree, path)) ignored.push(path);
    else others += 1;
  }
  return { ignored, others };
}

function isSmallText(tree: OpenTree, path: BytePath): boolean {
  const end = path.lastIndexOf("/");
  tree.enter(end === -1 ? "" : path.slice(0, end));
  const file = tree.openFile(path.slice(end + 1));
  if (file === null) return false;
  try {
    if (file.state.size > fileBytesMax) return false;
    const bytes = Buffer.allocUnsafe(file.state.size);
    return !bytes.subarray(0, readSync(file.descriptor, bytes, 0, bytes.length, 0)).includes(0);
  } finally {
    closeSync(file.descriptor);
  }
}
