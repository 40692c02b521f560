/** Makes the bare repository that the gauntlet registers, with the listed commit as its only branch. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import type { Listed } from "./read-list.ts";

const causeLengthMax = 300;

/** The result of cloning. `lost`: why not even the commit's own files are there, in one line. */
export type Cloned = { readonly kind: "whole" | "files" } | { readonly kind: "lost"; readonly why: string };

/**
 * `whole`: the listed commit with its history. `files`: a commit of the same files without parents, tags or its id, if a stored snapshot lacks objects of the
 * history. `from`: the folder of snapshots; null to clone from the address.
 */
export async function cloneAt(
  { address, commit }: Pick<Listed, "address" | "commit">,
  clone: string,
  from: string | null,
): Promise<Cloned> {
  const source = from === null ? address : storedIn(from, address);
  if (source === null) return { kind: "lost", why: `${from} has neither of ${placesOf(address).join(", ")}` };
  const whole = await tried(clone, async (git) => {
    const refs = ["+refs/heads/*:refs/remotes/source/*", "+HEAD:refs/remotes/source/HEAD", "+refs/tags/*:refs/tags/*"];
    await git("fetch", "-q", source, ...refs);
    await git("update-ref", "refs/heads/main", commit);
    await requireFiles(git, commit);
  });
  if (whole === null) return { kind: "whole" };
  const files = await tried(clone, async (git) => {
    const serve = "git -c uploadpack.allowAnySHA1InWant=true upload-pack";
    await git("fetch", "-q", "--depth=1", `--upload-pack=${serve}`, source, commit);
    await requireFiles(git, commit);
    const author = ["-c", "user.name=gauntlet", "-c", "user.email=gauntlet@example.org"];
    const made = await git(...author, "commit-tree", "-m", `the files of ${commit}`, `${commit}^{tree}`);
    await git("update-ref", "refs/heads/main", made);
    rmSync(join(clone, "shallow"), { force: true });
  });
  return files === null ? { kind: "files" } : { kind: "lost", why: files };
}

type Git = (...args: string[]) => Promise<string>;

/** Null if `make` filled a new bare repository, otherwise git's own message in one line. */
async function tried(clone: string, make: (git: Git) => Promise<void>): Promise<string | null> {
  rmSync(clone, { recursive: true, force: true });
  mkdirSync(clone);
  const git: Git = async (...args) => (await execa("git", [`--git-dir=${clone}`, ...args])).stdout;
  try {
    await git("init", "-q", "--bare", "--initial-branch=main");
    await make(git);
    return null;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const said = (typeof error.stderr === "string" ? error.stderr : "").replace(/\s+/gu, " ").trim();
    return (said === "" ? error.shortMessage : said).slice(0, causeLengthMax);
  }
}

/** Every file of the commit must exist, because aedev checks it out as a whole. */
async function requireFiles(git: Git, commit: string): Promise<void> {
  await git("archive", "--output=/dev/null", commit);
}

const placesOf = (address: string) => {
  const [owner = "", name = ""] = address.split("/").slice(-2);
  return [
    join(`${owner}+${name}`, "repo", ".git"),
    join(`${owner}+${name}`, "repo"),
    `${owner}+${name}.git`,
    `${name}.git`,
  ];
};

function storedIn(from: string, address: string): string | null {
  return (
    placesOf(address)
      .map((path) => join(from, path))
      .find((path) => existsSync(path)) ?? null
  );
}
