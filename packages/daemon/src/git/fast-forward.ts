/**
 * Brings a person's clean checkout forward to a commit that this home has (SECURITY T1, T39). Neither their configuration nor their hooks, filters or
 * fsmonitor run: git works through a front repository with aedev's configuration. The commits come from the home's landing repository or mirror, never from
 * the network, so no credential is used, and what arrives is what was seen at the remote when the change landed.
 *
 * First all checks, which write nothing in the checkout. Then, under the lock of its index: the checks again, the objects and the files. Last the index and
 * the branch, in git's own order: after a crash between them, git shows the new files as staged changes, and `git pull --ff-only` ends the step. If a step
 * fails, the files are put back.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { branchName, escapeLine, Fault, gitIdSchema, isFault, shellWord } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import type { OwnRepository } from "@aedev/host/git/own-repository";
import { gitFaults } from "@aedev/host/git/run-git";
import { landingDirectory, mirrorDirectory, type RepositoryOptions, withScratchRepository } from "./bare-repository.ts";
import { checkedOutBranch } from "./checkout.ts";
import { copyIndex, withLockedIndex } from "./checkout-lock.ts";
import { type CheckoutStep, changedFault, requireClean } from "./checkout-state.ts";
import { makeFrontRepository } from "./front-repository.ts";
import { isAncestor } from "./push.ts";

const runGit = gitAt("daemon/git/fast-forward");
const fetchObjects = gitAt("daemon/git/fast-forward#fetch");

const pulledRef = "refs/aedev/pulled";
/** Who moved the branch, for its reflog. */
const committer = { GIT_COMMITTER_NAME: "aedev", GIT_COMMITTER_EMAIL: "aedev@localhost" };
/** How git's message begins if it found a change in the checkout before it wrote anything; its end may be cut. aedev's environment makes it English. */
const foundChange = /^error: (?:Entry|Updating|Untracked working tree file) '/;

/** What a fast-forward brought: `from` equals `to` if there was nothing to do. */
export interface FastForward {
  readonly from: string;
  readonly to: string;
  /** The new commits' ids, newest first. */
  readonly commits: readonly string[];
  readonly files_changed: number;
  readonly insertions: number;
  readonly deletions: number;
}

interface ForwardOptions extends RepositoryOptions {
  readonly checkout: OwnRepository;
  /** The checked out branch, as `refs/heads/…`. */
  readonly branch: string;
  readonly to: string;
}

/** Throws a Fault `commit-missing`, `checkout-branch`, `checkout-busy`, `checkout-changed`, `checkout-diverged`, `checkout-unsupported` or `not-written`. */
export async function fastForward(options: ForwardOptions): Promise<FastForward> {
  const { checkout, branch, timeoutMs } = options;
  const to = gitIdSchema.parse(options.to);
  const lender = await lenderOf(options, to);
  return withScratchRepository({ ...options, likeId: to, lender }, async (scratch) => {
    const front = join(scratch, "front");
    makeFrontRepository(checkout, { dir: front, idLength: to.length, checkedOut: branch });
    const from = await commitOf(branch, { gitDir: front, timeoutMs });
    if (from === null)
      throw new Fault("checkout-branch", `${branchName(branch)} has no commit yet in ${checkout.folder}`, {
        hint: `git -C ${shellWord(checkout.folder)} pull --ff-only`,
      });
    if (await isAncestor({ gitDir: front, timeoutMs, older: to, newer: from }))
      return { from, to: from, commits: [], files_changed: 0, insertions: 0, deletions: 0 };
    if (!(await isAncestor({ gitDir: scratch, timeoutMs, older: from, newer: to })))
      throw diverged(checkout.folder, branch);
    const step = stepIn(scratch, { ...options, front, from, to });
    const forwarding = { ...options, scratch, step };
    await check(forwarding);
    await withLockedIndex(checkout, (replaceIndex) => forward({ ...forwarding, replaceIndex }));
    const { text } = await runGit({ args: ["rev-list", `${from}..${to}`], gitDir: scratch, timeoutMs });
    return { from, to, commits: text.split("\n"), ...(await shortStat(step)) };
  });
}

/** The repository of this home that has the commit: it was pushed from the landing repository, or was fetched into the mirror after a pull request. */
async function lenderOf(options: RepositoryOptions, commit: string): Promise<string> {
  for (const gitDir of [landingDirectory(options), mirrorDirectory(options)]) {
    if (!existsSync(gitDir)) continue;
    const args = ["cat-file", "-e", `${commit}^{commit}`];
    const { exitCode } = await runGit({ args, gitDir, timeoutMs: options.timeoutMs, exitCodes: "any" });
    if (exitCode === 0) return gitDir;
  }
  throw new Fault("commit-missing", `this home does not have the landed commit ${commit.slice(0, 12)}`, {
    hint: "a start of the daemon fetches it: aedev daemon restart",
  });
}

async function commitOf(ref: string, call: { gitDir: string; timeoutMs: number }): Promise<string | null> {
  const args = ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`];
  const { exitCode, text } = await runGit({ ...call, args, exitCodes: [0, 1] });
  return exitCode === 0 ? gitIdSchema.parse(text) : null;
}

function diverged(folder: string, branch: string): Fault {
  const name = escapeLine(branchName(branch), 100);
  return new Fault("checkout-diverged", `${name} in ${folder} has commits that what landed does not contain`, {
    hint: `git -C ${shellWord(folder)} pull --rebase`,
  });
}

function stepIn(
  scratch: string,
  { checkout, front, from, to, timeoutMs }: ForwardOptions & { front: string; from: string },
): CheckoutStep {
  const [index, nextIndex] = [join(scratch, "index-now"), join(scratch, "index-next")];
  // git reads a quoted path like a string of C.
  const environment = { GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(join(scratch, "objects")) };
  return { folder: checkout.folder, gitDir: front, index, nextIndex, from, to, environment, timeoutMs };
}

interface Forwarding extends ForwardOptions {
  readonly scratch: string;
  readonly step: CheckoutStep;
}

async function check({ checkout, branch, step }: Forwarding): Promise<void> {
  const { gitDir, from, timeoutMs } = step;
  if (checkedOutBranch(checkout) !== branch || (await commitOf(branch, { gitDir, timeoutMs })) !== from)
    throw new Fault("checkout-busy", `${checkout.folder} changed meanwhile`, { hint: "the same command again" });
  for (const copy of [step.index, step.nextIndex]) copyIndex(checkout, copy);
  await requireClean(step);
}

async function forward(forwarding: Forwarding & { replaceIndex: (path: string) => void }): Promise<void> {
  const { branch, checkout, scratch, step, timeoutMs } = forwarding;
  const { gitDir, from, to } = step;
  const call = { gitDir, timeoutMs };
  await check(forwarding);
  await runGit({ args: ["update-ref", pulledRef, to], gitDir: scratch, timeoutMs });
  const flags = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--refmap="];
  await fetchObjects({ ...call, args: ["fetch", ...flags, "--no-recurse-submodules", "--", scratch, pulledRef] });
  await writeFiles(step);
  forwarding.replaceIndex(step.index);
  const args = ["update-ref", "-m", "aedev pull: fast-forward", branch, to, from];
  const { exitCode, cause } = await runGit({ ...call, args, environment: committer, exitCodes: "any" });
  if (exitCode !== 0) await withLockedIndex(checkout, (replaceIndex) => takeBack(step, { cause, replaceIndex }));
}

async function writeFiles(step: CheckoutStep): Promise<void> {
  const { folder, from, to } = step;
  const written = await readTree(step, ["-m", "-u", from, to], step.index);
  if (written === null) return;
  const { cause } = written;
  if (foundChange.test(cause)) throw changedFault(folder, `can't be brought forward: ${cause}`);
  const isBack = (await readTree(step, ["--reset", "-u", from], step.nextIndex)) === null;
  throw isBack ? asItWas(step, cause) : partlyForward(step, cause);
}

/** After the index was replaced. */
async function takeBack(
  step: CheckoutStep,
  { cause, replaceIndex }: { cause: string; replaceIndex: (path: string) => void },
): Promise<never> {
  const isBack = (await readTree(step, ["-m", "-u", step.to, step.from], step.index)) === null;
  if (!isBack) throw partlyForward(step, cause);
  replaceIndex(step.index);
  throw asItWas(step, cause);
}

function asItWas({ folder }: CheckoutStep, cause: string): Fault {
  return new Fault("git-failed", `${cause}; ${folder} is as it was`, {
    hint: `git -C ${shellWord(folder)} pull --ff-only`,
  });
}

function partlyForward({ folder }: CheckoutStep, cause: string): Fault {
  const at = shellWord(folder);
  return new Fault("git-failed", `${cause}; some files of ${folder} could not be put back`, {
    hint: `git -C ${at} status, then git -C ${at} restore .`,
  });
}

/** Null: done; otherwise why not. */
async function readTree(
  { folder, gitDir, timeoutMs }: CheckoutStep,
  args: readonly string[],
  index: string,
): Promise<{ readonly cause: string } | null> {
  const call = {
    gitDir,
    workTree: folder,
    timeoutMs,
    environment: { GIT_INDEX_FILE: index },
    exitCodes: "any",
  } as const;
  try {
    const { exitCode, cause } = await runGit({ ...call, args: ["read-tree", ...args] });
    return exitCode === 0 ? null : { cause };
  } catch (error) {
    if (!isFault(error, ...gitFaults)) throw error;
    return { cause: error.message };
  }
}

/** Renames count as git shows them to people. */
async function shortStat({ gitDir, from, to, timeoutMs }: CheckoutStep) {
  const args = ["diff-tree", "-r", "-M", "--shortstat", "--no-ext-diff", "--no-textconv", from, to];
  const { text } = await runGit({ args, gitDir, timeoutMs });
  const count = (what: RegExp) => Number(what.exec(text)?.[1] ?? 0);
  return {
    files_changed: count(/(\d+) files? changed/),
    insertions: count(/(\d+) insertions?\(\+\)/),
    deletions: count(/(\d+) deletions?\(-\)/),
  };
}
