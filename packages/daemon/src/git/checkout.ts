/**
 * Reads what a person has checked out, from the files of their repository alone: its top folder, its branch, what is under way there, its remotes. It changes
 * nothing, and nothing of the repository's configuration runs.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeLine, Fault, shellWord } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { type OwnRepository, ownRepositoryAround } from "@aedev/host/git/own-repository";

const readRemotes = gitAt("daemon/git/checkout#remotes");

/** Files of the git directory that say what is under way, in the order in which they are named to a person. */
const underWay: readonly (readonly [file: string, what: string])[] = [
  ["rebase-merge", "a rebase"],
  ["rebase-apply", "a rebase"],
  ["MERGE_HEAD", "a merge"],
  ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ["REVERT_HEAD", "a revert"],
  ["sequencer", "a cherry-pick or revert of several commits"],
  ["BISECT_LOG", "a bisect"],
];

/** The working copy that has `folder`. Throws a Fault `not-a-repository` (also for a bare repository) or `git-owner`. */
export function checkoutAround(folder: string): OwnRepository {
  const found = ownRepositoryAround(folder);
  if (found !== null && found.gitDir !== found.folder) return found;
  const what = found === null ? "is in no git repository" : "is in a repository without a working tree";
  throw new Fault("not-a-repository", `${escapeLine(folder, 300)} ${what}`, {
    hint: "run it in a working copy of the repository, or name one with --into",
  });
}

/** The branch that is checked out, as `refs/heads/…`. Throws a Fault `checkout-busy`, `checkout-branch` or `checkout-unsupported`. */
export function checkedOutBranch({ folder, gitDir, commonDir }: OwnRepository): string {
  const at = shellWord(folder);
  const busy = underWay.find(([file]) => existsSync(join(gitDir, file)));
  if (busy !== undefined)
    throw new Fault("checkout-busy", `${busy[1]} is under way in ${folder}`, {
      hint: `finish or end it (git -C ${at} status), then again`,
    });
  if (existsSync(join(commonDir, "reftable")))
    throw new Fault("checkout-unsupported", `${folder} keeps its branches in a reftable, which aedev does not change`, {
      hint: `git -C ${at} pull --ff-only`,
    });
  const attributes = join(commonDir, "info/attributes");
  if (existsSync(attributes) && /^\s*[^#\s]/m.test(readFileSync(attributes, "latin1")))
    throw new Fault("checkout-unsupported", `${attributes} changes how git writes files, which aedev does not follow`, {
      hint: `git -C ${at} pull --ff-only`,
    });
  const head = join(gitDir, "HEAD");
  const branch = existsSync(head) ? /^ref: (refs\/heads\/[^\n]+)\n?$/.exec(readFileSync(head, "utf8"))?.[1] : undefined;
  if (branch !== undefined) return branch;
  throw new Fault("checkout-branch", `no branch is checked out in ${folder}: its HEAD is detached`, {
    hint: `git -C ${at} switch BRANCH, then again`,
  });
}

/** The addresses of all its remotes, as its configuration writes them. With `--file`, git follows no includes and reads nothing else. */
export async function remotesOf({ commonDir }: OwnRepository, timeoutMs: number): Promise<string[]> {
  const args = ["config", "--file", join(commonDir, "config"), "-z", "--get-regexp", "^remote\\..*\\.url$"];
  const { exitCode, text } = await readRemotes({ args, timeoutMs, exitCodes: [0, 1] });
  if (exitCode === 1) return [];
  return text.split("\0").flatMap((entry) => entry.split("\n")[1] ?? []);
}
