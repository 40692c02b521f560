/**
 * Git trees as flat lists of entries, and back: reads them with `ls-tree`, writes them through an index of their own, and lays them
 * out as files in a new folder. Contract: never a folder that anyone else has written to, so host git stays safe (THREATS T1).
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "@aedev/core/wire";
import type { Git } from "../git.ts";

export interface Entry {
  mode: string;
  id: string;
}
/** Path to entry, of a whole tree. */
export type Entries = ReadonlyMap<string, Entry>;

/** A bare repository of ours with the candidate's objects, the mirror behind it. */
export interface Objects {
  gitDir: string;
  git: Git;
}

/** Every blob and gitlink of a commit or tree. */
export async function readEntries(objects: Objects, tree: string): Promise<Map<string, Entry>> {
  const { stdout } = await objects.git(["ls-tree", "-r", "-z", "--full-tree", tree], { gitDir: objects.gitDir });
  const entries = new Map<string, Entry>();
  for (const line of pathsText(stdout).split("\0")) {
    if (line === "") continue;
    const found = /^(\d{6}) (?:blob|commit) ([0-9a-f]{40,64})\t(.+)$/su.exec(line);
    if (found === null) throw new Fault("GIT-FAILED", "git ls-tree answered a line that is no entry");
    const [, mode = "", id = "", path = ""] = found;
    entries.set(path, { mode, id });
  }
  return entries;
}

function pathsText(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Fault("HOLD-PATCH-UNSAFE", "a path of the tree is not UTF-8", { detail: "path is not UTF-8", cause });
  }
}

/** Writes the entries as a tree; its id. */
export async function writeEntries(objects: Objects, entries: Entries): Promise<string> {
  const index = join(objects.gitDir, `index-${process.hrtime.bigint()}`);
  const how = { gitDir: objects.gitDir, environment: { GIT_INDEX_FILE: index } };
  const input = [...entries].map(([path, { mode, id }]) => `${mode} ${id}\t${path}\0`).join("");
  await objects.git(["update-index", "-z", "--index-info"], { ...how, input });
  const { text } = await objects.git(["write-tree"], how);
  rmSync(index, { force: true });
  return text;
}

export async function readBlob(objects: Objects, id: string): Promise<Buffer> {
  return (await objects.git(["cat-file", "blob", id], { gitDir: objects.gitDir })).stdout;
}

export async function writeBlob(objects: Objects, content: string): Promise<string> {
  const how = { gitDir: objects.gitDir, input: content };
  return (await objects.git(["hash-object", "-w", "--no-filters", "--stdin"], how)).text;
}

/** Lays the tree out in `folder`, which must not exist. Symbolic links are made and never followed; git refuses a path behind one. */
export async function layOut(objects: Objects, tree: string, folder: string): Promise<void> {
  mkdirSync(folder, { mode: 0o755 });
  const index = join(objects.gitDir, `index-${process.hrtime.bigint()}`);
  const how = { gitDir: objects.gitDir, workTree: folder, folder, environment: { GIT_INDEX_FILE: index } };
  await objects.git(["read-tree", tree], how);
  await objects.git(["checkout-index", "--all", "--force"], how);
  rmSync(index, { force: true });
}
