/**
 * The walker (THREATS T1): compares the agent's tree with the base by computing git's ids without git. Contract: it runs only after the
 * container's process tree is dead, opens only regular files and folders, follows no link, and starts no program on the tree.
 */

import { chmod, lstat, readdir, readlink } from "node:fs/promises";
import type { HoldCode } from "@aedev/contracts";
import { blobHash } from "@aedev/host/git/blob-id";
import { chunksOf, isCode, openRegular } from "@aedev/host/nofollow-read";
import { hasGitSegment } from "@aedev/host/path-names";
import type { BaseEntry, BytePath, IgnoreRules } from "./base-tree.ts";
import { trackedFolders } from "./base-tree.ts";

/** Something that forbids the candidate and holds the run. */
export interface CaptureFinding {
  code: HoldCode;
  detail: string;
}

export type Change =
  | { kind: "delete"; path: BytePath }
  | { kind: "file"; path: BytePath; mode: "100644" | "100755"; id: string; sizeBytes: number }
  | { kind: "link"; path: BytePath; target: Buffer };

export interface WalkOptions {
  tree: string;
  base: ReadonlyMap<BytePath, BaseEntry>;
  ignores: IgnoreRules;
  /** Paths that prepare filled: neither in the tree nor in the patch. */
  outputs: readonly string[];
  fileBytesMax: number;
  /** Total length of all changed files: sparse files use no disk, so they pass every other bound, but must be read in full (THREATS T20). */
  changedBytesMax: number;
  entriesMax: number;
  hash: "sha1" | "sha256";
}

export async function walkTree(options: WalkOptions): Promise<{ changes: Change[]; findings: CaptureFinding[] }> {
  const walk = new Walk(options);
  let level: BytePath[] = [""];
  while (level.length > 0) level = await walk.takeLevel(level);
  walk.finish();
  return { changes: walk.changes, findings: walk.findings };
}

class Walk {
  readonly changes: Change[] = [];
  readonly findings: CaptureFinding[] = [];
  readonly #options: WalkOptions;
  readonly #tracked: Set<BytePath>;
  readonly #outputs: Set<BytePath>;
  readonly #seen = new Set<BytePath>();
  #entries = 0;
  #changedBytes = 0;
  #isOverBytes = false;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#tracked = trackedFolders(options.base);
    this.#outputs = new Set(
      options.outputs.map((output) =>
        Buffer.from(
          output
            .split("/")
            .filter((part) => part !== "" && part !== ".")
            .join("/"),
        ).toString("latin1"),
      ),
    );
  }

  /** Walks all folders of one depth and returns those of the next. Git is asked about ignored names once per depth. */
  async takeLevel(folders: readonly BytePath[]): Promise<BytePath[]> {
    const files: BytePath[] = [];
    const subfolders: BytePath[] = [];
    for (const folder of folders) {
      for (const name of await this.#namesIn(folder)) {
        const path = folder === "" ? name : `${folder}/${name}`;
        this.#entries += 1;
        if (this.#entries > this.#options.entriesMax) {
          this.#find("HOLD-BUDGET", "files");
          return [];
        }
        if (this.#outputs.has(path)) continue;
        if (hasGitSegment(textOf(name))) {
          if (path !== ".git" || (await this.#namesIn(path)).length > 0)
            this.#find("HOLD-FORBIDDEN-PATH", escapedPath(path));
          continue;
        }
        const kind = await this.#kindOf(path);
        if (kind === "folder") subfolders.push(path);
        else files.push(path);
      }
    }
    const untracked = [
      ...files.filter((path) => !this.#options.base.has(path)),
      ...subfolders
        .filter((path) => !this.#tracked.has(path) && !this.#options.base.has(path))
        .map((path) => `${path}/`),
    ];
    const ignored = await this.#options.ignores.ignored(untracked);
    for (const path of files) if (!ignored.has(path)) await this.#takeEntry(path);
    const next: BytePath[] = [];
    for (const path of subfolders) {
      if (ignored.has(`${path}/`)) continue;
      if (this.#options.base.get(path)?.mode === "160000") await this.#takeSubmodule(path);
      else next.push(path);
    }
    return next;
  }

  /** Paths of the base that the walk did not meet were deleted; deleting a submodule is a finding. */
  finish(): void {
    if (this.findings.some((finding) => finding.code === "HOLD-BUDGET" && finding.detail === "files")) return;
    for (const [path, entry] of this.#options.base) {
      if (this.#seen.has(path)) continue;
      if (entry.mode === "160000") this.#find("HOLD-FORBIDDEN-PATH", `submodule ${escapedPath(path)}`);
      else this.#change({ kind: "delete", path });
    }
  }

  /** A submodule of the base is an empty folder here and must stay empty. */
  async #takeSubmodule(path: BytePath): Promise<void> {
    this.#seen.add(path);
    if ((await this.#namesIn(path)).length > 0) this.#find("HOLD-FORBIDDEN-PATH", `submodule ${escapedPath(path)}`);
  }

  async #takeEntry(path: BytePath): Promise<void> {
    const entry = this.#options.base.get(path);
    if (entry?.mode === "160000") {
      this.#seen.add(path);
      return this.#find("HOLD-FORBIDDEN-PATH", `submodule ${escapedPath(path)}`);
    }
    const kind = await this.#kindOf(path);
    if (kind === "link") {
      const target = await readlink(this.#bytesOf(path), { encoding: "buffer" });
      this.#seen.add(path);
      const id = blobHash(this.#options.hash, target.length).update(target).digest("hex");
      if (entry?.mode !== "120000" || entry.id !== id) this.#change({ kind: "link", path, target });
      return;
    }
    if (kind !== "file") return this.#find("HOLD-PATCH-UNSAFE", `${kind} ${escapedPath(path)}`);
    this.#seen.add(path);
    await this.#takeFile(path, entry);
  }

  async #takeFile(path: BytePath, entry: BaseEntry | undefined): Promise<void> {
    const bytes = this.#bytesOf(path);
    const file = (await openRegular(bytes)) ?? (await openAfterChmod(bytes));
    if (file === null) return this.#find("HOLD-PATCH-UNSAFE", `unreadable ${escapedPath(path)}`);
    try {
      const state = await file.stat();
      const isTooLarge = state.size > this.#options.fileBytesMax;
      // The run is already held for its size: no need to read more.
      if (this.#changedBytes > this.#options.changedBytesMax || (isTooLarge && this.#isOverBytes)) return;
      // A too large file is read only if the base has it with this length: it may be unchanged.
      if (isTooLarge && entry?.sizeBytes !== state.size) return this.#findOverBytes();
      const hash = blobHash(this.#options.hash, state.size);
      for await (const part of chunksOf(file, state.size)) hash.update(part);
      const id = hash.digest("hex");
      const mode = (state.mode & 0o100) === 0 ? "100644" : "100755";
      if (entry?.id === id && entry.mode === mode) return;
      if (isTooLarge) return this.#findOverBytes();
      this.#changedBytes += state.size;
      if (this.#changedBytes > this.#options.changedBytesMax) return this.#findOverBytes();
      this.#change({ kind: "file", path, mode, id, sizeBytes: state.size });
    } finally {
      await file.close();
    }
  }

  async #namesIn(folder: BytePath): Promise<BytePath[]> {
    const bytes = this.#bytesOf(folder);
    try {
      return (await readdir(bytes, { encoding: "buffer" })).map((name) => name.toString("latin1")).sort();
    } catch (error) {
      if (isCode(error, ["EACCES"])) {
        // The agent removed its own permissions; the folder is the sandbox user's, so they can be restored.
        await chmod(bytes, 0o700);
        return (await readdir(bytes, { encoding: "buffer" })).map((name) => name.toString("latin1")).sort();
      }
      if (isCode(error, ["ENAMETOOLONG"])) this.#find("HOLD-PATCH-UNSAFE", "a path is too long");
      else if (!isCode(error, ["ENOTDIR"])) throw error;
      return isCode(error, ["ENOTDIR"]) ? ["a file"] : [];
    }
  }

  async #kindOf(path: BytePath): Promise<"file" | "folder" | "link" | "fifo" | "device" | "socket" | "path too long"> {
    try {
      const state = await lstat(this.#bytesOf(path));
      if (state.isFile()) return "file";
      if (state.isDirectory()) return "folder";
      if (state.isSymbolicLink()) return "link";
      return state.isFIFO() ? "fifo" : state.isSocket() ? "socket" : "device";
    } catch (error) {
      if (isCode(error, ["ENAMETOOLONG"])) return "path too long";
      throw error;
    }
  }

  #change(change: Change): void {
    if (isUtf8(change.path)) this.changes.push(change);
    else this.#find("HOLD-PATCH-UNSAFE", `name not UTF-8 ${escapedPath(change.path)}`);
  }

  #find(code: HoldCode, detail: string): void {
    if (this.findings.length < 100) this.findings.push({ code, detail: detail.slice(0, 400) });
  }

  #findOverBytes(): void {
    this.#isOverBytes = true;
    this.#find("HOLD-BUDGET", "bytes");
  }

  #bytesOf(path: BytePath): Buffer {
    return Buffer.concat([Buffer.from(`${this.#options.tree}/`), Buffer.from(path, "latin1")]);
  }
}

async function openAfterChmod(bytes: Buffer) {
  const state = await lstat(bytes);
  if (!state.isFile()) return null;
  await chmod(bytes, (state.mode & 0o111) === 0 ? 0o600 : 0o700);
  return openRegular(bytes);
}

function isUtf8(path: BytePath): boolean {
  const bytes = Buffer.from(path, "latin1");
  return Buffer.from(bytes.toString("utf8")).equals(bytes);
}

function textOf(name: BytePath): string {
  return isUtf8(name) ? Buffer.from(name, "latin1").toString("utf8") : name;
}

/** A path for people, escaped so that a name can't control a terminal or a page. */
function escapedPath(path: BytePath): string {
  const text = textOf(path).replace(/[^\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
  return text.slice(0, 200);
}
