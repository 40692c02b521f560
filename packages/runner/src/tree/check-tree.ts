/**
 * Reads, writes and checks out git trees. Contract: never uses a folder that anyone else has written to, so running git on the host stays safe (SECURITY T1).
 *
 * Folder: worktrees, and reading and writing git trees.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Fault, type PlacedSubmodule } from "@aedev/contracts";
import type { Git } from "@aedev/host/git/git-at";
import { gitPathBytes, gitPathText } from "@aedev/host/git/path-text";

const site = "runner/tree/check-tree";
const tabByte = 0x09;
const nul = Buffer.alloc(1);

export interface CheckEntry {
  mode: string;
  id: string;
}
/** All entries of a tree by path, in the form of `gitPathText`. */
export type CheckEntries = ReadonlyMap<string, CheckEntry>;

/** A bare repository of ours with the candidate's objects; its alternates are the mirror and the repositories of its submodules. */
export interface Objects {
  gitDir: string;
  git: Git;
  /** Filled submodules of its trees; absent if there are none. */
  submodules?: readonly PlacedSubmodule[];
}

const gitlinkMode = "160000";

/** Every blob and gitlink of a commit or tree. The gitlink of a filled submodule is replaced by the submodule's files; one nested in it stays a gitlink. */
export async function readCheckTree(objects: Objects, tree: string): Promise<Map<string, CheckEntry>> {
  const entries = await readEntries(objects, tree);
  for (const { path, commit } of objects.submodules ?? []) {
    const entry = entries.get(path);
    if (entry?.mode !== gitlinkMode || entry.id !== commit) continue;
    entries.delete(path);
    for (const [within, one] of await readEntries(objects, commit)) entries.set(`${path}/${within}`, one);
  }
  return entries;
}

async function readEntries(objects: Objects, tree: string): Promise<Map<string, CheckEntry>> {
  const { stdout } = await objects.git(site, ["ls-tree", "-r", "-z", "--full-tree", tree], { gitDir: objects.gitDir });
  const entries = new Map<string, CheckEntry>();
  for (let at = 0, end = stdout.indexOf(0); end !== -1; at = end + 1, end = stdout.indexOf(0, at)) {
    const tab = stdout.indexOf(tabByte, at);
    const found = /^(\d{6}) (?:blob|commit) ([0-9a-f]{40,64})$/.exec(stdout.toString("latin1", at, tab));
    if (found === null || tab > end) throw new Fault("git-failed", "git ls-tree printed a line that is no entry");
    const [, mode = "", id = ""] = found;
    entries.set(gitPathText(stdout.subarray(tab + 1, end)), { mode, id });
  }
  return entries;
}

/** Writes the entries as a tree and returns its id. */
export async function writeCheckTree(objects: Objects, entries: CheckEntries): Promise<string> {
  const index = join(objects.gitDir, `index-${process.hrtime.bigint()}`);
  const gitOptions = { gitDir: objects.gitDir, environment: { GIT_INDEX_FILE: index } };
  const input = Buffer.concat(
    [...entries].flatMap(([path, { mode, id }]) => [Buffer.from(`${mode} ${id}\t`), gitPathBytes(path), nul]),
  );
  await objects.git(site, ["update-index", "-z", "--index-info"], { ...gitOptions, input });
  const { text } = await objects.git(site, ["write-tree"], gitOptions);
  rmSync(index, { force: true });
  return text;
}

export async function readBlob(objects: Objects, id: string): Promise<Buffer> {
  return (await objects.git(site, ["cat-file", "blob", id], { gitDir: objects.gitDir })).stdout;
}

/** The blobs in the order of `ids`; null if together they exceed `bytesMax`. */
export async function readBlobsTogether(
  objects: Objects,
  ids: readonly string[],
  bytesMax: number,
): Promise<Buffer[] | null> {
  const call = { gitDir: objects.gitDir, input: ids.map((id) => `${id}\n`).join("") };
  const { text } = await objects.git(site, ["cat-file", "--batch-check=%(objectsize)"], call);
  const sizes = text.split("\n").filter(Boolean).map(Number);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (!Number.isSafeInteger(total) || sizes.length !== ids.length || total > bytesMax)
    return ids.length === 0 ? [] : null;
  const { stdout } = await objects.git(site, ["cat-file", "--batch=x"], {
    ...call,
    outputBytesMax: total + 8 * ids.length + 1024,
  });
  let at = 0;
  return sizes.map((size) => {
    // Each blob follows the line `x` and ends with a newline.
    const blob = stdout.subarray(at + 2, at + 2 + size);
    at += size + 3;
    return blob;
  });
}

export async function writeBlob(objects: Objects, content: string): Promise<string> {
  const gitOptions = { gitDir: objects.gitDir, input: content };
  return (await objects.git(site, ["hash-object", "-w", "--no-filters", "--stdin"], gitOptions)).text;
}

/** Checks the tree out into `folder`, which must not exist. Symbolic links are created but never followed; git refuses a path behind a link. */
export async function layOut(objects: Objects, tree: string, folder: string): Promise<void> {
  mkdirSync(folder, { mode: 0o755 });
  const index = join(objects.gitDir, `index-${process.hrtime.bigint()}`);
  const gitOptions = { gitDir: objects.gitDir, workTree: folder, folder, environment: { GIT_INDEX_FILE: index } };
  await objects.git(site, ["read-tree", tree], gitOptions);
  await objects.git(site, ["checkout-index", "--all", "--force"], gitOptions);
  rmSync(index, { force: true });
}
