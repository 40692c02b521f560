/**
 * The walker (SECURITY T1, T36): compares the agent's tree with the base by computing git's ids without git. Contract: it starts after the container's process
 * tree is dead, goes by folder descriptors, opens only regular files and folders, follows no link, and starts no program on the tree. It reads synchronously,
 * because a call in Node's thread pool costs more than reading the file, and regularly lets other work run.
 */

import { closeSync, readSync, type Stats } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { HoldCode } from "@aedev/contracts";
import { blobHash, blobHeaderRoom, blobIdInPlace } from "@aedev/host/git/blob-id";
import { hasGitSegment } from "@aedev/host/path-names";
import { type BaseEntry, type BaseTree, type BytePath, type IgnoreRules, pathIn } from "./base-tree.ts";
import { type LeftEntry, type LeftOut, leftOutOf } from "./left-out.ts";
import { type EntryKind, OpenTree } from "./open-tree.ts";
import { escapedPath, foldersAbove, namesByFolder, treePathText } from "./path-text.ts";

/** Something that forbids the candidate and holds the run. */
export interface CaptureFinding {
  code: HoldCode;
  detail: string;
}

export type Change =
  | { kind: "delete"; path: BytePath }
  /** `bytes`: taken instead of the file's own; absent: the file's own are taken. */
  | { kind: "file"; path: BytePath; mode: "100644" | "100755"; sizeBytes: number; bytes?: Buffer }
  | { kind: "link"; path: BytePath; target: Buffer };

export interface WalkOptions {
  tree: string;
  base: BaseTree;
  /** The trees that filled the base's submodules, by path; absent if none were filled. */
  placed?: ReadonlyMap<BytePath, BaseTree>;
  ignores: IgnoreRules;
  /** Paths that prepare filled. They are left out of the tree and of the patch. */
  outputs: readonly string[];
  /** Paths that the agent added to its own index. They are taken although the base ignores them. */
  forced?: ReadonlySet<BytePath>;
  fileBytesMax: number;
  /** Total length of all changed files: sparse files use no disk, so they pass every other bound, but must be read in full (SECURITY T20). */
  changedBytesMax: number;
  entriesMax: number;
  hash: "sha1" | "sha256";
}

/** Down to this level, git says which names are ignored before the next level is read. Below it, all levels are read first. */
const levelsAskedAlone = 16;
/** Longer paths can neither be checked out nor named to git. */
const pathBytesMax = 3500;
/** Larger files are read in parts. */
const smallBytesMax = 1024 * 1024;
/** Other work of this process waits for at most this many entries. */
const entriesPerTurn = 256;
/** Entries of a submodule's folder that are read in addition to those that filled it. */
const submoduleEntriesMax = 2000;

export async function walkTree(
  options: WalkOptions,
): Promise<{ changes: Change[]; findings: CaptureFinding[]; leftOut: LeftOut }> {
  const tree = new OpenTree(options.tree);
  try {
    const walk = new Walk(options, tree);
    let folders: BytePath[] = [""];
    for (let level = 1; folders.length > 0; level += 1)
      folders = await walk.take(folders, { withAllBelow: level > levelsAskedAlone });
    walk.finish();
    const leftOut =
      walk.findings.length > 0
        ? { ignored: [], others: 0, inSubmodules: [] }
        : { ...leftOutOf(tree, walk.ignored), inSubmodules: walk.filledSubmodules };
    return { changes: walk.changes, findings: walk.findings, leftOut };
  } finally {
    tree.close();
  }
}

interface Found {
  folder: BytePath;
  name: BytePath;
  path: BytePath;
  kind: EntryKind;
  /** The base's entry of this name, unless it is a folder. */
  entry: BaseEntry | undefined;
}

class Walk {
  readonly changes: Change[] = [];
  readonly findings: CaptureFinding[] = [];
  readonly #options: WalkOptions;
  readonly #tree: OpenTree;
  /** The names of outputs, by the folder they are in. */
  readonly #outputs: ReadonlyMap<BytePath, ReadonlySet<BytePath>>;
  readonly #seen = new Set<BaseEntry>();
  readonly #forced: ReadonlySet<BytePath>;
  /** The folders on the way to forced paths. */
  readonly #forcedFolders: ReadonlySet<BytePath>;
  readonly ignored: LeftEntry[] = [];
  readonly filledSubmodules: BytePath[] = [];
  /** Room for a blob's header and a small file. */
  readonly #buffer = Buffer.allocUnsafe(blobHeaderRoom + smallBytesMax);
  #entries = 0;
  #read = 0;
  #changedBytes = 0;
  #isOverBytes = false;

  constructor(options: WalkOptions, tree: OpenTree) {
    this.#options = options;
    this.#tree = tree;
    this.#outputs = namesByFolder(options.outputs);
    this.#forced = options.forced ?? new Set();
    this.#forcedFolders = new Set([...this.#forced].flatMap(foldersAbove));
  }

  /** Walks folders and returns those of the next level. With `withAllBelow` it walks everything below them too. Asks git once about ignored names. */
  async take(folders: readonly BytePath[], { withAllBelow }: { withAllBelow: boolean }): Promise<BytePath[]> {
    const found: Found[] = [];
    const waiting = [...folders].reverse();
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const entries = await this.#list(folder);
      if (entries === null) return [];
      for (const entry of entries) found.push(entry);
      if (withAllBelow) for (const { path, kind } of entries.toReversed()) if (kind === "folder") waiting.push(path);
    }
    const { base } = this.#options;
    const isUntracked = ({ path, kind, entry }: Found) => entry === undefined && !(kind === "folder" && base.has(path));
    const nameOf = ({ path, kind }: Found) => (kind === "folder" ? `${path}/` : path);
    const ignored = await this.#options.ignores.ignored(found.filter(isUntracked).map(nameOf));
    const next: BytePath[] = [];
    for (const one of found) {
      if (ignored.size > 0 && isUntracked(one) && ignored.has(nameOf(one)) && !this.#isForced(one)) {
        this.ignored.push({ path: one.path, kind: one.kind });
        continue;
      }
      if (one.kind !== "folder") await this.#takeEntry(one);
      else if (one.entry?.mode === "160000") await this.#takeSubmodule(one.path, one.entry);
      else next.push(one.path);
    }
    return withAllBelow ? [] : next;
  }

  /** The folder's entries, without prepared outputs and forbidden ones; null once there are too many. */
  async #list(folder: BytePath): Promise<Found[] | null> {
    this.#tree.enter(folder);
    const found: Found[] = [];
    const known = this.#options.base.get(folder);
    const outputs = this.#outputs.get(folder);
    for (const { name, kind } of this.#tree.entries()) {
      const path = pathIn(folder, name);
      await this.#letOthersRun();
      this.#entries += 1;
      if (this.#entries > this.#options.entriesMax) {
        this.#find("HOLD-BUDGET", "files");
        return null;
      }
      if (outputs?.has(name) === true) continue;
      if (path.length > pathBytesMax) this.#find("HOLD-PATCH-UNSAFE", "a path is too long");
      else if (!hasGitSegment(treePathText(name))) found.push({ folder, name, path, kind, entry: known?.get(name) });
      else if (path !== ".git" || this.#hasEntries(path, kind)) this.#find("HOLD-FORBIDDEN-PATH", escapedPath(path));
    }
    return found;
  }

  async #letOthersRun(): Promise<void> {
    this.#read += 1;
    if (this.#read % entriesPerTurn === 0) await setImmediate();
  }

  #isForced({ path, kind }: Found): boolean {
    return kind === "folder" ? this.#forcedFolders.has(path) : this.#forced.has(path);
  }

  /** Paths of the base that the walk did not meet were deleted; deleting a submodule is a finding. */
  finish(): void {
    if (this.findings.some((finding) => finding.code === "HOLD-BUDGET" && finding.detail === "files")) return;
    for (const [folder, entries] of this.#options.base)
      for (const [name, entry] of entries) {
        if (this.#seen.has(entry)) continue;
        const path = pathIn(folder, name);
        if (entry.mode === "160000") this.#find("HOLD-FORBIDDEN-PATH", `submodule ${escapedPath(path)}`);
        else this.changes.push({ kind: "delete", path });
      }
  }

  /** Compares a submodule with the files that filled it (often none). Differences are noted and left out of the change; a repository inside is forbidden. */
  async #takeSubmodule(path: BytePath, entry: BaseEntry): Promise<void> {
    this.#seen.add(entry);
    const placed = filesOf(this.#options.placed?.get(path) ?? new Map(), path);
    const folders = [path];
    let room = submoduleEntriesMax + placed.files.size + placed.folders;
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      this.#tree.enter(folder);
      for (const { name, kind } of this.#tree.entries()) {
        room -= 1;
        const within = pathIn(folder, name);
        if (room < 0 || hasGitSegment(treePathText(name)) || within.length > pathBytesMax) {
          this.#find("HOLD-FORBIDDEN-PATH", `submodule ${escapedPath(path)}`);
          return;
        }
        if (kind === "folder") {
          folders.push(within);
          continue;
        }
        if (!(await this.#isAs(placed.files.get(within), { name, kind }))) this.filledSubmodules.push(within);
        placed.files.delete(within);
      }
    }
    this.filledSubmodules.push(...placed.files.keys());
  }

  /** True if an entry of the current folder has the bytes of `entry`. */
  async #isAs(entry: BaseEntry | undefined, { name, kind }: { name: BytePath; kind: EntryKind }): Promise<boolean> {
    await this.#letOthersRun();
    if (entry === undefined) return false;
    const { hash } = this.#options;
    if (kind === "link") {
      const target = entry.mode === "120000" ? this.#tree.readLink(name) : null;
      return target !== null && blobHash(hash, target.length).update(target).digest("hex") === entry.id;
    }
    const file = kind === "file" && entry.mode.startsWith("100") ? this.#tree.openFile(name) : null;
    if (file === null) return false;
    try {
      return file.state.size === entry.sizeBytes && (await this.#idOf(file)) === entry.id;
    } finally {
      closeSync(file.descriptor);
    }
  }

  /** True unless the entry is an empty folder. */
  #hasEntries(path: BytePath, kind: EntryKind): boolean {
    if (kind !== "folder") return true;
    this.#tree.enter(path);
    return this.#tree.entries().length > 0;
  }

  async #takeEntry(found: Found): Promise<void> {
    const { path, name, kind, entry } = found;
    if (entry?.mode === "160000") {
      this.#seen.add(entry);
      return this.#find("HOLD-FORBIDDEN-PATH", `submodule ${escapedPath(path)}`);
    }
    this.#tree.enter(found.folder);
    if (kind === "link") {
      const target = this.#tree.readLink(name);
      if (target === null) return this.#find("HOLD-PATCH-UNSAFE", `unreadable ${escapedPath(path)}`);
      if (entry !== undefined) this.#seen.add(entry);
      const id = blobHash(this.#options.hash, target.length).update(target).digest("hex");
      if (entry?.mode !== "120000" || entry.id !== id) this.changes.push({ kind: "link", path, target });
      return;
    }
    if (kind !== "file") return this.#find("HOLD-PATCH-UNSAFE", `${kind} ${escapedPath(path)}`);
    if (entry !== undefined) this.#seen.add(entry);
    const file = this.#tree.openFile(name);
    if (file === null) return this.#find("HOLD-PATCH-UNSAFE", `unreadable ${escapedPath(path)}`);
    try {
      await this.#takeFile(path, { ...file, entry });
    } finally {
      closeSync(file.descriptor);
    }
  }

  async #takeFile(
    path: BytePath,
    file: { descriptor: number; state: Stats; entry: BaseEntry | undefined },
  ): Promise<void> {
    const { state, entry } = file;
    const isTooLarge = state.size > this.#options.fileBytesMax;
    // The run is already held for its size, so this file need not be read.
    if (this.#changedBytes > this.#options.changedBytesMax || (isTooLarge && this.#isOverBytes)) return;
    const mode = (state.mode & 0o100) === 0 ? "100644" : "100755";
    // Only a file of the base's length can be unchanged, even if it is too large.
    if (entry?.sizeBytes === state.size && entry.mode === mode) {
      if (entry.id === (await this.#idOf(file))) return;
    }
    if (isTooLarge) return this.#findOverBytes();
    this.#changedBytes += state.size;
    if (this.#changedBytes > this.#options.changedBytesMax) return this.#findOverBytes();
    this.changes.push({ kind: "file", path, mode, sizeBytes: state.size });
  }

  async #idOf(file: { descriptor: number; state: Stats }): Promise<string> {
    return file.state.size <= smallBytesMax ? this.#smallId(file) : this.#largeId(file);
  }

  /** The id of a file that fits the buffer, read at once. If the file shrank meanwhile, the id of the rest. */
  #smallId({ descriptor, state }: { descriptor: number; state: Stats }): string {
    let sizeBytes = 0;
    for (let read = -1; read !== 0 && sizeBytes < state.size; sizeBytes += read)
      read = readSync(descriptor, this.#buffer, blobHeaderRoom + sizeBytes, state.size - sizeBytes, sizeBytes);
    return blobIdInPlace(this.#options.hash, this.#buffer, sizeBytes);
  }

  async #largeId({ descriptor, state }: { descriptor: number; state: Stats }): Promise<string> {
    const hash = blobHash(this.#options.hash, state.size);
    for (let at = 0, read = -1; read !== 0 && at < state.size; at += read) {
      read = readSync(descriptor, this.#buffer, 0, Math.min(smallBytesMax, state.size - at), at);
      hash.update(this.#buffer.subarray(0, read));
      await setImmediate();
    }
    return hash.digest("hex");
  }

  #find(code: HoldCode, detail: string): void {
    if (this.findings.length < 100) this.findings.push({ code, detail: detail.slice(0, 400) });
  }

  #findOverBytes(): void {
    this.#isOverBytes = true;
    this.#find("HOLD-BUDGET", "bytes");
  }
}

/** The files of a submodule's tree by their paths in the checkout, without nested submodules. */
function filesOf(tree: BaseTree, path: BytePath): { files: Map<BytePath, BaseEntry>; folders: number } {
  const files = new Map<BytePath, BaseEntry>();
  let folders = 0;
  for (const [above, entries] of tree) {
    folders += 1;
    for (const [name, entry] of entries)
      if (entry.mode === "160000") folders += 1;
      else files.set(pathIn(path, pathIn(above, name)), entry);
  }
  return { files, folders };
}
