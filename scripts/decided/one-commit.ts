/** A bare repository whose only commit has the tree of a commit elsewhere, and the changes that patches make to it. Later commits, which may have the answer, are not in it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { gitEvidenceDiffFlags } from "../../packages/host/src/git/git-safety.ts";

const bytesMax = 64 * 1024 * 1024;
const nobody = { name: "nobody", email: "nobody@example.invalid", date: "2020-01-01T00:00:00Z" };

export interface OneCommit {
  readonly url: string;
  readonly commit: string;
}

/** Takes the tree of `commit` from the git directory `from`; `url` must not exist. */
export async function layOutCommit({
  from,
  commit,
  url,
}: {
  from: string;
  commit: string;
  url: string;
}): Promise<OneCommit> {
  await git(url, ["init", "--quiet", "--bare", "--initial-branch=main"]);
  const tree = (await git(from, ["rev-parse", `${commit}^{tree}`])).toString().trim();
  const pack = join(url, "base.pack");
  await git(from, ["pack-objects", "--revs", "--stdout", "--quiet"], { input: `${tree}\n`, outputFile: pack });
  await git(url, ["index-pack", "--stdin"], { inputFile: pack });
  rmSync(pack);
  const own = (await git(url, ["commit-tree", tree, "-m", "Base"])).toString().trim();
  await git(url, ["update-ref", "refs/heads/main", own]);
  return { url, commit: own };
}

/** The tree of the base with these patches, and the whole change as a patch. */
export async function applyPatches(
  { url, commit }: OneCommit,
  patches: readonly (string | Buffer)[],
): Promise<{ tree: string; patch: Buffer }> {
  const index = join(url, "change.index");
  await git(url, ["read-tree", commit], { index });
  for (const input of patches) await git(url, ["apply", "--cached", "--whitespace=nowarn"], { index, input });
  const tree = (await git(url, ["write-tree"], { index })).toString().trim();
  rmSync(index);
  return { tree, patch: await git(url, ["diff-tree", "-p", "--binary", ...gitEvidenceDiffFlags, commit, tree]) };
}

/** Whether the git directory has the commit's tree. */
export async function hasTree(gitDir: string, commit: string): Promise<boolean> {
  return git(gitDir, ["cat-file", "-e", `${commit}^{tree}`]).then(
    () => true,
    () => false,
  );
}

async function git(
  gitDir: string,
  args: readonly string[],
  { index, ...streams }: { index?: string; input?: string | Buffer; inputFile?: string; outputFile?: string } = {},
): Promise<Buffer> {
  const { input, inputFile, outputFile } = streams;
  const who = (role: string) => ({
    [`GIT_${role}_NAME`]: nobody.name,
    [`GIT_${role}_EMAIL`]: nobody.email,
    [`GIT_${role}_DATE`]: nobody.date,
  });
  const found = await execa("git", ["-c", "core.hooksPath=/dev/null", `--git-dir=${gitDir}`, ...args], {
    encoding: "buffer",
    stripFinalNewline: false,
    maxBuffer: bytesMax,
    env: {
      ...{ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
      ...who("AUTHOR"),
      ...who("COMMITTER"),
    },
    ...(input === undefined ? {} : { input }),
    ...(inputFile === undefined ? {} : { inputFile }),
    ...(outputFile === undefined ? {} : { stdout: { file: outputFile } }),
  });
  return Buffer.from(found.stdout ?? "");
}
