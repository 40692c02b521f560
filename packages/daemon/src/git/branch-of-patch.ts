/** Makes a branch of a patch in a person's own repository, for them to look at. No file of their working copy changes, and no hook runs. */
import { existsSync } from "node:fs";
import { Fault, type HostText, shellWord } from "@aedev/contracts";
import { runGit } from "@aedev/host/git/run-git";
import { applyExactly } from "./apply-exactly.ts";
import { mirrorDirectory, type RepositoryOptions, withScratchRepository } from "./bare-repository.ts";
import { commitOnBase } from "./commit-on-base.ts";

const author = { authorName: "aedev", authorEmail: "aedev@localhost" };

/**
 * Creates the branch in the repository that has `folder`, with one commit on `baseCommit`. The base is read from the mirror, or, if there is none any more, from that
 * repository itself. Throws a Fault `not-a-repository` if there is none, `not-written` if it does
 * not have the base or has such a branch already, and what `applyExactly` throws.
 */
export async function makeBranchOfPatch(
  options: RepositoryOptions & {
    baseCommit: string;
    patch: Uint8Array;
    /** A folder of the person's. */
    folder: string;
    /** Without `refs/heads/`. */
    branch: string;
    message: HostText;
    /** ISO 8601 UTC. */
    at: string;
  },
): Promise<{ commit: string }> {
  const { baseCommit, folder, timeoutMs } = options;
  const ref = `refs/heads/${options.branch}`;
  const gitDir = await gitDirectoryOf(folder, timeoutMs);
  const has = async (name: string) => {
    const args = ["rev-parse", "--verify", "--quiet", name];
    return (await runGit({ args, gitDir, timeoutMs, exitCodes: [0, 1] })).exitCode === 0;
  };
  if (!(await has(`${baseCommit}^{commit}`)))
    throw new Fault("not-written", `the repository of ${folder} does not have ${baseCommit}, which the change is on`, {
      hint: `git -C ${shellWord(folder)} fetch, or run this in another clone`,
    });
  if (await has(ref))
    throw new Fault("not-written", `the repository of ${folder} has a branch ${options.branch} already`, {
      hint: `git -C ${shellWord(folder)} branch --move ${options.branch} ANOTHER-NAME`,
    });
  // Of a linked working copy, the directory that has the objects.
  const lender = existsSync(mirrorDirectory(options)) ? {} : { lender: await commonDirectoryOf(gitDir, timeoutMs) };
  return withScratchRepository({ ...options, ...lender, likeId: baseCommit }, async (scratch) => {
    const { tree } = await applyExactly({ ...options, gitDir: scratch });
    const commit = await commitOnBase({ ...options, ...author, gitDir: scratch, tree, committedAt: options.at });
    await runGit({ args: ["update-ref", ref, commit], gitDir: scratch, timeoutMs });
    const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", scratch, `${ref}:${ref}`];
    await runGit({ args, gitDir, timeoutMs });
    return { commit };
  });
}

async function gitDirectoryOf(folder: string, timeoutMs: number): Promise<string> {
  const { exitCode, text } = await runGit({
    args: ["rev-parse", "--absolute-git-dir"],
    folder,
    timeoutMs,
    exitCodes: "any",
  });
  if (exitCode === 0) return text;
  throw new Fault("not-a-repository", `${folder} is in no git repository`, {
    hint: "run it in a working copy of the repository, or use --to",
  });
}

async function commonDirectoryOf(gitDir: string, timeoutMs: number): Promise<string> {
  const args = ["rev-parse", "--path-format=absolute", "--git-common-dir"];
  return (await runGit({ args, gitDir, timeoutMs })).text;
}
