/** Makes the bare repository that the gauntlet registers, with the listed commit as its only branch. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import type { Listed } from "./read-list.ts";

const causeLengthMax = 300;

/**
 * Null if the clone is there, else in one line why it is not: a stored snapshot may lack the commit, or objects of it. `from`: the folder of snapshots;
 * null to clone from the address.
 */
export async function cloneAt(
  { name, address, commit }: Pick<Listed, "name" | "address" | "commit">,
  clone: string,
  from: string | null,
): Promise<string | null> {
  const source = from === null ? address : storedIn(from, address);
  if (source === null) return `${from} has neither of ${placesOf(address).join(", ")}`;
  mkdirSync(clone);
  const git = (...args: string[]) => execa("git", [`--git-dir=${clone}`, ...args]);
  try {
    await git("init", "-q", "--bare", "--initial-branch=main");
    await git(
      "fetch",
      "-q",
      source,
      "+refs/heads/*:refs/remotes/source/*",
      "+HEAD:refs/remotes/source/HEAD",
      "+refs/tags/*:refs/tags/*",
    );
    await git("update-ref", "refs/heads/main", commit);
    // Every object of the commit's tree must be there: aedev checks it out whole.
    await git("rev-list", "--objects", "--no-walk", "--quiet", commit);
    await git("archive", "--output=/dev/null", commit);
    return null;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const said = (typeof error.stderr === "string" ? error.stderr : "").replace(/\s+/gu, " ").trim();
    return `${name} at ${commit.slice(0, 12)}: ${said === "" ? error.shortMessage : said}`.slice(0, causeLengthMax);
  }
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
