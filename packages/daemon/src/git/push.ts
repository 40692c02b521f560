/** The only code that pushes: one commit to one branch, or the removal of a branch, compare-and-swap on its full old id (SECURITY T18). "Landed" means ancestry, never equality of a ref. */
import { Fault, gitIdSchema, isFault } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { isAccessDenied } from "@aedev/host/git/git-credential";
import { type GitAnswer, gitFaults } from "@aedev/host/git/run-git";
import { inTurn, type RepositoryOptions } from "./bare-repository.ts";
import { openLandingRepository } from "./landing.ts";
import { fetchRef } from "./mirror.ts";
import { openRemote, type RemoteAccess } from "./remote.ts";

const runGit = gitAt("daemon/git/push");

/** The branch of the remote, if there is one, because of which git can store none below `prefix`. Throws as `readRemoteBranch`. */
export async function branchInTheWay(
  options: Omit<RemoteLook, "ref"> & { readonly prefix: string },
): Promise<string | null> {
  const parts = options.prefix.split("/");
  const names = parts.map((_, at) => parts.slice(0, at + 1).join("/"));
  const found = await listRefs(
    options,
    names.map((name) => `refs/heads/${name}`),
  );
  return names.find((name) => found.has(`refs/heads/${name}`)) ?? null;
}

/** The branch of its own that gets a task's change. */
export function taskBranch(taskId: string, prefix: string): string {
  return `refs/heads/${prefix}/${taskId}`;
}

/** The branch of a task's pull request. */
export function pullRequestBranch(
  { mission_id, task_id }: { mission_id: string; task_id: string },
  prefix: string,
): string {
  return `refs/heads/${prefix}/${mission_id}/${task_id}`;
}

/** What every look at a remote needs. */
interface RemoteLook {
  readonly url: string;
  readonly ref: string;
  readonly timeoutMs: number;
  readonly remotes?: RemoteAccess | undefined;
}

/** The current commit of a remote branch; null if it does not exist. Throws a Fault `git-failed` or `git-timeout` if the remote doesn't answer. */
export async function readRemoteBranch(options: RemoteLook): Promise<{ commit: string | null }> {
  return { commit: (await listRefs(options, [options.ref])).get(options.ref) ?? null };
}

/** The same, and the commit of the remote's HEAD, by one request. */
export async function readRemoteBranchAndHead(
  options: RemoteLook,
): Promise<{ commit: string | null; head: string | null }> {
  const refs = await listRefs(options, ["HEAD", options.ref]);
  return { commit: refs.get(options.ref) ?? null, head: refs.get("HEAD") ?? null };
}

async function listRefs(options: Omit<RemoteLook, "ref">, names: readonly string[]): Promise<Map<string, string>> {
  const { url, run } = await openRemote(options.url, options);
  const { text } = await run(["ls-remote", "--", url, ...names]);
  const lines = text.split("\n").map((line) => line.split("\t"));
  // An ls-remote pattern matches the end of a name, so the answer may include others.
  return new Map(
    lines.flatMap(([id, name = ""]) => (names.includes(name) ? [[name, gitIdSchema.parse(id)] as const] : [])),
  );
}

interface RemoteCommitOptions extends RepositoryOptions {
  readonly url: string;
  readonly ref: string;
  readonly commit: string;
  /** The commit's only parent, if the caller built it: a branch that is there does not have the commit, so nothing needs to be fetched to say so. */
  readonly parent?: string;
}

/** Whether the commit is reachable from the remote's branch; `seen`: where that is, if it was read just now. Throws if the remote doesn't answer. */
export async function isLanded(options: RemoteCommitOptions, seen?: { commit: string | null }): Promise<boolean> {
  return (await findCommit(options, seen)).landed;
}

/**
 * `landed`: the remote has the commit on the branch. `moved`: the branch is at another commit (null: it is gone), nothing was pushed. `refused`:
 * the remote rejected it (a hook, a protected branch), nothing was pushed. `"unknown"`: check again before any retry.
 */
export type PushResult = "landed" | "unknown" | { moved: string | null } | { refused: string };

/**
 * Pushes `commit` to `ref`, which must be at `expectedOld` (null: must not exist). The commit must descend from it, so that remote history is never
 * dropped, unless `replaces`: the branch is aedev's own, and `expectedOld` an earlier commit of the same landing.
 */
export async function pushCommit(
  options: RemoteCommitOptions & { expectedOld: string | null; replaces?: boolean },
): Promise<PushResult> {
  const { timeoutMs, expectedOld } = options;
  const commit = gitIdSchema.parse(options.commit);
  const gitDir = await openLandingRepository(options, commit);
  const mustDescend = expectedOld !== null && options.replaces !== true;
  if (mustDescend && !(await isAncestor({ gitDir, timeoutMs, older: expectedOld, newer: commit })))
    throw new Fault("ref-refused", `commit ${commit} does not build on ${expectedOld}; pushing it would drop history`);
  const answer = await pushWithLease(options, { gitDir, commit, expectedOld });
  if (answer?.exitCode === 0) return "landed";
  return judgeAttempt(options, refusalIn(answer, options.ref));
}

/** `gone`: the branch does not exist any more. The others as for a push; `moved`: somebody put something else there, which stays. */
export type RemovalResult = "gone" | "unknown" | { moved: string } | { refused: string };

/** Removes the branch `ref` if it is at `expected`; the remote compares in the same step, so that no push is lost. Throws if the remote doesn't answer the first look. */
export async function removeRemoteBranch(
  options: RepositoryOptions & { url: string; ref: string; expected: string },
): Promise<RemovalResult> {
  const { expected, ref } = options;
  const removal = ({ commit: seen }: { commit: string | null }, otherwise: RemovalResult): RemovalResult =>
    seen === null ? "gone" : seen === expected ? otherwise : { moved: seen };
  const before = removal(await readRemoteBranch(options), "unknown");
  if (before !== "unknown") return before;
  const gitDir = await openLandingRepository(options, expected);
  const answer = await pushWithLease(options, { gitDir, commit: null, expectedOld: expected });
  if (answer?.exitCode === 0) return "gone";
  const refused = refusalIn(answer, ref);
  try {
    return removal(await readRemoteBranch(options), refused === null ? "unknown" : { refused });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return "unknown";
  }
}

/** `commit` null removes the branch; `expectedOld` null: it must not exist. Undefined: the call itself failed, so that nobody knows what happened. */
async function pushWithLease(
  options: RepositoryOptions & { url: string; ref: string },
  { gitDir, commit, expectedOld }: { gitDir: string; commit: string | null; expectedOld: string | null },
): Promise<GitAnswer | undefined> {
  const { ref } = options;
  const { url, run } = await openRemote(options.url, options);
  if (!/^refs\/heads\/[^:*+\s]+$/.test(ref)) throw new Fault("ref-refused", "only a branch can be pushed to");
  const lease = `--force-with-lease=${ref}:${expectedOld === null ? "" : gitIdSchema.parse(expectedOld)}`;
  const flags = ["--porcelain", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no", lease];
  try {
    return await run(["push", ...flags, "--", url, `${commit ?? ""}:${ref}`], { gitDir, exitCodes: "any" });
  } catch (error) {
    // Of another account's folder it is known that nothing was pushed: git was not started.
    if (!isFault(error, ...gitFaults) || error.code === "git-owner") throw error;
    return undefined;
  }
}

/** After an attempt that did not clearly succeed: what the remote itself says. */
async function judgeAttempt(
  options: RemoteCommitOptions & { expectedOld: string | null },
  refusal: string | null,
): Promise<PushResult> {
  try {
    const { landed, tip } = await findCommit(options);
    if (landed) return "landed";
    if (tip !== options.expectedOld) return { moved: tip };
    return refusal === null ? "unknown" : { refused: refusal };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return "unknown";
  }
}

/** The remote lets nobody push with this credential, or its rejection of our branch in `--porcelain` output: `!<TAB>from:to<TAB>summary (reason)`. Null: none. */
function refusalIn(answer: GitAnswer | undefined, ref: string): string | null {
  const line = answer?.text
    .split("\n")
    .find((candidate) => candidate.startsWith("!\t") && candidate.includes(`:${ref}\t`));
  if (answer !== undefined && line === undefined && isAccessDenied(answer.cause)) return answer.cause;
  if (answer === undefined || line === undefined || /\[remote failure\]/.test(line)) return null;
  return answer.cause || (line.split("\t")[2] ?? "rejected");
}

async function findCommit(
  options: RemoteCommitOptions,
  known?: { commit: string | null },
): Promise<{ landed: boolean; tip: string | null }> {
  const { timeoutMs, url, remotes } = options;
  const { commit: seen } = known ?? (await readRemoteBranch(options));
  if (seen === options.commit) return { landed: true, tip: seen };
  if (seen === null || seen === options.parent) return { landed: false, tip: seen };
  const gitDir = await openLandingRepository(options, seen);
  const tip = await inTurn(gitDir, () => fetchRef({ gitDir, url, ref: options.ref, into: "look", timeoutMs, remotes }));
  return { landed: await isAncestor({ gitDir, timeoutMs, older: options.commit, newer: tip }), tip };
}

/** git's exit code if it can't read one of the commits. */
const unreadableExit = 128;

/** Also false if the older commit is not in the repository: then nothing in it descends from that commit. */
export async function isAncestor(options: {
  gitDir: string;
  timeoutMs: number;
  older: string;
  newer: string;
}): Promise<boolean> {
  const { gitDir, timeoutMs } = options;
  const older = gitIdSchema.parse(options.older);
  const args = ["merge-base", "--is-ancestor", older, gitIdSchema.parse(options.newer)];
  const { exitCode, cause } = await runGit({ args, gitDir, timeoutMs, exitCodes: [0, 1, unreadableExit] });
  if (exitCode !== unreadableExit) return exitCode === 0;
  const known = await runGit({ args: ["cat-file", "-e", `${older}^{commit}`], gitDir, timeoutMs, exitCodes: "any" });
  if (known.exitCode !== 0) return false;
  throw new Fault("git-failed", `git merge-base failed: ${cause}`, { detail: cause });
}
