/** Makes a branch of a patch in a person's own repository. It changes no file of their working copy, does not read their configuration and runs no hook. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Fault, type HostText, shellWord } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { type OwnRepository, ownRepositoryAround } from "@aedev/host/git/own-repository";
import { applyExactly } from "./apply-exactly.ts";
import { mirrorDirectory, type RepositoryOptions, withScratchRepository } from "./bare-repository.ts";
import { commitOnBase } from "./commit-on-base.ts";
import { makeFrontRepository } from "./front-repository.ts";

const runGit = gitAt("daemon/git/branch-of-patch");

const author = { authorName: "aedev", authorEmail: "aedev@localhost" };

/**
 * Creates the branch with one commit on `baseCommit` in the repository that has `folder`. The base comes from the mirror or, if there is no mirror any more,
 * from that repository itself. Throws a Fault `not-a-repository`, `git-owner` (another account's repository), `not-written` (it lacks the base or has the
 * branch already), or what `applyExactly` throws.
 */
export async function makeBranchOfPatch(
  options: RepositoryOptions & {
    baseCommit: string;
    patch: Uint8Array;
    /** A folder inside the person's repository. */
    folder: string;
    /** The branch's name without `refs/heads/`. */
    branch: string;
    message: HostText;
    /** ISO 8601 UTC. */
    at: string;
  },
): Promise<{ commit: string }> {
  const { baseCommit } = options;
  const found = repositoryAround(options.folder);
  // Without a mirror, their own objects have the base.
  const lender = existsSync(mirrorDirectory(options)) ? {} : { lender: found.commonDir };
  return withScratchRepository({ ...options, ...lender, likeId: baseCommit }, async (scratch) => {
    const theirs = join(scratch, "overlay");
    makeFrontRepository(found, { dir: theirs, idLength: baseCommit.length });
    await assertFits(options, theirs);
    const { timeoutMs } = options;
    const ref = `refs/heads/${options.branch}`;
    const { tree } = await applyExactly({ ...options, gitDir: scratch });
    const commit = await commitOnBase({ ...options, ...author, gitDir: scratch, tree, committedAt: options.at });
    await runGit({ args: ["update-ref", ref, commit], gitDir: scratch, timeoutMs });
    const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", scratch, `${ref}:${ref}`];
    await runGit({ args, gitDir: theirs, timeoutMs });
    return { commit };
  });
}

/** Throws unless the repository has the base and lacks the branch. */
async function assertFits(
  options: { baseCommit: string; folder: string; branch: string; timeoutMs: number },
  gitDir: string,
): Promise<void> {
  const { baseCommit, folder, branch, timeoutMs } = options;
  const has = async (name: string) => {
    const args = ["rev-parse", "--verify", "--quiet", name];
    return (await runGit({ args, gitDir, timeoutMs, exitCodes: [0, 1] })).exitCode === 0;
  };
  if (!(await has(`${baseCommit}^{commit}`)))
    throw new Fault("not-written", `the repository of ${folder} does not have ${baseCommit}, which the change is on`, {
      hint: `git -C ${shellWord(folder)} fetch, or run this in another clone`,
    });
  if (await has(`refs/heads/${branch}`))
    throw new Fault("not-written", `the repository of ${folder} has a branch ${branch} already`, {
      hint: `git -C ${shellWord(folder)} branch --move ${branch} ANOTHER-NAME`,
    });
}

function repositoryAround(folder: string): OwnRepository {
  const found = ownRepositoryAround(folder);
  if (found !== null) return found;
  throw new Fault("not-a-repository", `${folder} is in no git repository`, {
    hint: "run it in a working copy of the repository, or use --to",
  });
}
