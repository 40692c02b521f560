/** Reads bare clones: those in a folder, their commits that change code and tests together, and a commit's files. Never writes into a clone. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { gitEvidenceDiffFlags } from "../../packages/host/src/git/git-safety.ts";
import { replayLanguageOf } from "../../packages/runner/src/checks/replay/languages.ts";

const patchBytesMax = 16 * 1024 * 1024;
const mayBeTest = /(?:^|[/._-])(?:tests?|specs?|__tests__)(?:[/._-]|$)/iu;

export interface Clone {
  name: string;
  gitDir: string;
}
export interface HonestCommit {
  commit: string;
  parent: string;
  subject: string;
  /** The paths that it changes. */
  paths: string[];
}

/** Git directories at `FOLDER/NAME`, `FOLDER/NAME/repo` or the `.git` of either, by name. */
export function clonesIn(folder: string): Clone[] {
  const isGitFolder = (path: string) => existsSync(join(path, "HEAD")) && existsSync(join(path, "objects"));
  return readdirSync(folder)
    .filter((entry) => !entry.startsWith("."))
    .toSorted()
    .flatMap((entry) => {
      const own = join(folder, entry);
      const gitDir = ["", ".git", "repo", "repo/.git"].map((below) => join(own, below)).find(isGitFolder);
      const name = entry.replace(/\.git$/u, "");
      return gitDir === undefined ? [] : [{ name, gitDir }];
    });
}

async function git({ gitDir }: Clone, args: readonly string[], options: { workTree?: string; index?: string } = {}) {
  const { workTree, index } = options;
  const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const found = await execa(
    "git",
    [
      ...["-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false", `--git-dir=${gitDir}`],
      ...(workTree === undefined ? [] : ["-c", "core.bare=false", `--work-tree=${workTree}`]),
      ...args,
    ],
    {
      encoding: "buffer",
      stripFinalNewline: false,
      maxBuffer: patchBytesMax,
      env: index === undefined ? env : { ...env, GIT_INDEX_FILE: index },
    },
  );
  return Buffer.from(found.stdout);
}

/** The newest commits with one parent, among the `back` newest, that change code in JavaScript, TypeScript or Python together with a test file. */
export async function commitsWithTests(clone: Clone, back: number): Promise<HonestCommit[]> {
  const args = ["log", "--no-merges", "--no-renames", "--format=%x00%H %P%n%s", "--name-only", `--max-count=${back}`];
  const text = (await git(clone, [...args, "HEAD"])).toString("utf8");
  return text.split("\0").flatMap((block) => {
    const [ids = "", subject = "", ...paths] = block.split("\n").filter((line) => line !== "");
    const [commit, parent, more] = ids.split(" ");
    const isCode = (path: string) => replayLanguageOf(path) !== null && !mayBeTest.test(path);
    const isMeant = paths.some((path) => mayBeTest.test(path)) && paths.some(isCode);
    if (commit === undefined || !parent || more !== undefined || !isMeant) return [];
    return [{ commit, parent, subject, paths }];
  });
}

/** A commit with one parent, its message, and how many of its files git considers renamed. */
export type RecentCommit = HonestCommit & { body: string; renamed: number; lines: number };

/** The newest commits with one parent, among the `back` newest. */
export async function recentCommits(clone: Clone, back: number): Promise<RecentCommit[]> {
  const args = ["log", "--no-merges", "--find-renames", "--format=%x00%H %P%x01%s%x01%b%x01", "--numstat", "--summary"];
  const text = (await git(clone, [...args, `--max-count=${back}`, "HEAD"])).toString("utf8");
  return text.split("\0").flatMap((block) => {
    const [ids = "", subject = "", body = "", list = ""] = block.split("\u0001");
    const [commit, parent, more] = ids.trim().split(" ");
    if (commit === undefined || !parent || more !== undefined) return [];
    const rows = [...list.matchAll(/^(\d+|-)\t(\d+|-)\t(.+)$/gmu)];
    const lines = rows.reduce((sum, [, added, deleted]) => sum + (Number(added) || 0) + (Number(deleted) || 0), 0);
    const renamed = [...list.matchAll(/^ rename /gmu)].length;
    return [
      {
        commit,
        parent,
        subject,
        body: body.trim(),
        paths: rows.map(([, , , path = ""]) => newPath(path)),
        renamed,
        lines,
      },
    ];
  });
}

/** Git names a renamed file as `old => new` or `folder/{old => new}/file`. */
function newPath(path: string): string {
  return path
    .replace(/\{.* => (.*)\}/u, "$1")
    .replace(/^.* => /u, "")
    .replaceAll("//", "/");
}

export async function pathsOf(clone: Clone, commit: string): Promise<string[]> {
  const text = (await git(clone, ["ls-tree", "-r", "-z", "--name-only", commit])).toString("utf8");
  return text.split("\0").filter((path) => path !== "");
}

/** Null if it is not a file, is not text or is larger than `bytesMax`. */
export async function textAt(
  clone: Clone,
  { commit, path, bytesMax }: { commit: string; path: string; bytesMax: number },
): Promise<string | null> {
  const bytes = await git(clone, ["cat-file", "blob", `${commit}:${path}`]).catch(() => null);
  return bytes === null || bytes.length > bytesMax || bytes.includes(0) ? null : bytes.toString("utf8");
}

/** The version in the name of the nearest tag before the commit; null if there is none. */
export async function taggedVersion(clone: Clone, commit: string): Promise<string | null> {
  const tag = await git(clone, ["describe", "--tags", "--abbrev=0", commit]).catch(() => Buffer.from(""));
  return /\d+(?:\.\d+)+\S*/u.exec(tag.toString("utf8"))?.[0] ?? null;
}

/** Writes the files of a commit into a new folder. */
export async function filesInto(clone: Clone, commit: string, folder: string): Promise<void> {
  mkdirSync(folder);
  const index = `${folder}.index`;
  await git(clone, ["checkout", "--quiet", "--force", commit, "--", "."], { workTree: folder, index });
}

export async function patchOf(
  clone: Clone,
  { parent, commit }: Pick<HonestCommit, "parent" | "commit">,
): Promise<Buffer> {
  return git(clone, ["diff-tree", "-p", "--binary", ...gitEvidenceDiffFlags, parent, commit]);
}
