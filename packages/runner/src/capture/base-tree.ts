/** Reads the base's entries and attributes, and applies its ignore files to new names (SECURITY T1). Git sees only the mirror's objects and our folder. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Git } from "@aedev/host/git/git-at";
import { isCode } from "@aedev/host/nofollow-read";

const site = "runner/capture/base-tree";
const makeSite = "runner/capture/base-tree#make";

/** A path as latin1 text, one character per byte, so that every name that git can store is a valid key. */
export type BytePath = string;

export interface BaseEntry {
  mode: string;
  id: string;
  /** Null for a submodule. */
  sizeBytes: number | null;
}

/** The base's files by folder (the root is ""), then by name. Every folder on the way to a file has an entry. */
export type BaseTree = ReadonlyMap<BytePath, ReadonlyMap<BytePath, BaseEntry>>;

/** Contract: makes one text per folder, not per path, because in deep trees the paths are most of the listing. */
export async function readBaseTree(git: Git, gitDir: string, baseCommit: string): Promise<BaseTree> {
  const { stdout } = await git(site, ["ls-tree", "-r", "-l", "-z", "--full-tree", baseCommit], { gitDir });
  const base = new Map<BytePath, Map<BytePath, BaseEntry>>();
  let folder = { bytes: noBytes, entries: entriesIn(base, "") };
  for (let from = 0, end = stdout.indexOf(0); end !== -1; from = end + 1, end = stdout.indexOf(0, from)) {
    const tab = stdout.indexOf(tabByte, from);
    const match = /^(\d{6}) (?:blob|commit) ([0-9a-f]+) +(\d+|-)$/.exec(stdout.toString("latin1", from, tab));
    if (match === null) continue;
    const [, mode = "", id = "", size = "-"] = match;
    const slash = stdout.subarray(tab, end).lastIndexOf(slashByte);
    const bytes = slash === -1 ? noBytes : stdout.subarray(tab + 1, tab + slash);
    if (!bytes.equals(folder.bytes)) folder = { bytes, entries: entriesIn(base, bytes.toString("latin1")) };
    const name = stdout.toString("latin1", slash === -1 ? tab + 1 : tab + slash + 1, end);
    folder.entries.set(name, { mode, id, sizeBytes: size === "-" ? null : Number(size) });
  }
  return base;
}

const tabByte = 0x09;
const slashByte = 0x2f;
const noBytes: Buffer = Buffer.alloc(0);

function entriesIn(base: Map<BytePath, Map<BytePath, BaseEntry>>, folder: BytePath): Map<BytePath, BaseEntry> {
  const known = base.get(folder);
  if (known !== undefined) return known;
  const entries = new Map<BytePath, BaseEntry>();
  base.set(folder, entries);
  const above = folder.lastIndexOf("/");
  if (folder !== "") entriesIn(base, above === -1 ? "" : folder.slice(0, above));
  return entries;
}

/** The path of an entry `name` in `folder`. */
export function pathIn(folder: BytePath, name: BytePath): BytePath {
  return folder === "" ? name : `${folder}/${name}`;
}

export interface IgnoreRules {
  /** Those of the untracked paths of one level that the base ignores. Folders end in "/". */
  ignored(paths: readonly BytePath[]): Promise<Set<BytePath>>;
}
export interface BaseRules extends IgnoreRules {
  /** The paths that git stores with LF by the base's attributes: always, or only if they are new (`text=auto`). */
  storedWithLf(paths: readonly BytePath[]): Promise<Map<BytePath, "always" | "if-new">>;
}

/** Writes the base's `.gitignore` and `.gitattributes` files to `folder`, which contains nothing else, and asks git there. */
export async function openBaseRules(options: {
  git: Git;
  gitDir: string;
  folder: string;
  base: BaseTree;
}): Promise<BaseRules> {
  const { git, gitDir, folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const written = { ".gitignore": 0, ".gitattributes": 0 };
  for (const [above, entries] of options.base)
    for (const name of [".gitignore", ".gitattributes"] as const) {
      const entry = entries.get(name);
      if (entry?.mode.startsWith("100") !== true) continue;
      const bytePath = bytePathOf(folder, pathIn(above, name));
      mkdirSync(dirnameOf(bytePath), { recursive: true });
      writeFileSync(bytePath, (await git(site, ["cat-file", "blob", entry.id], { gitDir })).stdout);
      written[name] += 1;
    }
  const isEmpty = written[".gitignore"] === 0;
  return {
    async storedWithLf(paths) {
      if (written[".gitattributes"] === 0 || paths.length === 0) return new Map();
      // Our own repositories override every attribute; this one overrides none.
      const bare = `${folder}.git`;
      await git(makeSite, ["init", "--quiet", "--bare", "--template=", bare], {});
      const answer = await git(site, ["check-attr", "--stdin", "-z", "text", "eol"], {
        gitDir: bare,
        workTree: folder,
        folder,
        input: Buffer.from(paths.map((path) => `${path}\0`).join(""), "latin1"),
      });
      return storedForms(answer.stdout.toString("latin1").split("\0"));
    },
    async ignored(paths) {
      if (isEmpty || paths.length === 0) return new Set();
      for (const path of paths) if (path.endsWith("/")) makeFolder(bytePathOf(folder, path));
      const asked = new Map(paths.map((path) => [`./${path.replace(/\/$/, "")}`, path]));
      const answer = await git(site, ["check-ignore", "--no-index", "--stdin", "-z"], {
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

/** Reads `fields`, which has path, attribute and value in turn. */
function storedForms(fields: readonly string[]): Map<BytePath, "always" | "if-new"> {
  const found = new Map<BytePath, { text?: string; eol?: string }>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = "", attribute = "", value = ""] = fields.slice(at, at + 3);
    found.set(path, { ...found.get(path), [attribute]: value });
  }
  const stored = new Map<BytePath, "always" | "if-new">();
  for (const [path, { text, eol }] of found) {
    if (text === "unset") continue;
    if (text === "auto") stored.set(path, "if-new");
    else if (text === "set" || eol === "lf" || eol === "crlf") stored.set(path, "always");
  }
  return stored;
}

/** A folder can't be created below a file, as when the agent replaced the base's ignore file by a folder; git then treats the path as a file. */
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
