/** Reads the base commit's entries and applies its ignore files to new names (THREATS T1: only the base's ignore rules count). Git sees only the mirror's objects and a folder of ours. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Git } from "@aedev/host/git/run-git";
import { isCode } from "@aedev/host/nofollow-read";

/** A path as latin1 text, one character per byte, so that every name that git can store is a valid key. */
export type BytePath = string;

export interface BaseEntry {
  mode: string;
  id: string;
  /** Null for a submodule. */
  sizeBytes: number | null;
}

export async function readBaseTree(git: Git, gitDir: string, baseCommit: string): Promise<Map<BytePath, BaseEntry>> {
  const listing = await git(["ls-tree", "-r", "-l", "-z", "--full-tree", baseCommit], { gitDir });
  const entries = new Map<BytePath, BaseEntry>();
  for (const line of listing.stdout.toString("latin1").split("\0")) {
    // No regular expression runs over the path: in deep trees, paths are most of the output.
    const tab = line.indexOf("\t");
    const path = line.slice(tab + 1);
    const match = /^(\d{6}) (?:blob|commit) ([0-9a-f]+) +(\d+|-)\t$/.exec(line.slice(0, tab + 1));
    if (match === null || path === "") continue;
    const [, mode = "", id = "", size = "-"] = match;
    entries.set(path, { mode, id, sizeBytes: size === "-" ? null : Number(size) });
  }
  return entries;
}

/** Every folder that contains a tracked file. */
export function trackedFolders(base: ReadonlyMap<BytePath, BaseEntry>): Set<BytePath> {
  const folders = new Set<BytePath>();
  for (const path of base.keys()) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

export interface IgnoreRules {
  /** The untracked paths of one level that the base ignores. Folders end in "/". */
  ignored(paths: readonly BytePath[]): Promise<Set<BytePath>>;
}

/** Writes the base's `.gitignore` files to `folder`, which contains nothing else, and asks git there. */
export async function openIgnoreRules(options: {
  git: Git;
  gitDir: string;
  folder: string;
  base: ReadonlyMap<BytePath, BaseEntry>;
}): Promise<IgnoreRules> {
  const { git, gitDir, folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let isEmpty = true;
  for (const [path, entry] of options.base) {
    if (!/(^|\/)\.gitignore$/.test(path) || !entry.mode.startsWith("100")) continue;
    const bytePath = bytePathOf(folder, path);
    mkdirSync(dirnameOf(bytePath), { recursive: true });
    writeFileSync(bytePath, (await git(["cat-file", "blob", entry.id], { gitDir })).stdout);
    isEmpty = false;
  }
  return {
    async ignored(paths) {
      if (isEmpty || paths.length === 0) return new Set();
      for (const path of paths) if (path.endsWith("/")) makeFolder(bytePathOf(folder, path));
      const asked = new Map(paths.map((path) => [`./${path.replace(/\/$/, "")}`, path]));
      const answer = await git(["check-ignore", "--no-index", "--stdin", "-z"], {
        gitDir,
        workTree: folder,
        folder,
        // This subcommand refuses literal pathspecs; the "./" prefix keeps git from reading a name as pathspec magic.
        environment: { GIT_LITERAL_PATHSPECS: "0" },
        input: Buffer.from([...asked.keys()].map((path) => `${path}\0`).join(""), "latin1"),
        exitCodes: [0, 1],
      });
      const ignored = answer.stdout.toString("latin1").split("\0");
      return new Set(ignored.flatMap((path) => asked.get(path) ?? []));
    },
  };
}

/** The agent may have replaced the base's ignore file by a folder. A folder can't be created below a file here; git then treats the path as a file. */
function makeFolder(bytePath: Buffer): void {
  try {
    mkdirSync(bytePath, { recursive: true });
  } catch (error) {
    if (!isCode(error, ["ENOTDIR", "EEXIST"])) throw error;
  }
}

function bytePathOf(folder: string, path: BytePath): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, "latin1")]);
}

function dirnameOf(path: Buffer): Buffer {
  return Buffer.from(dirname(path.toString("latin1")), "latin1");
}
