/**
 * The only code that pushes: one commit to one branch, or the removal of a branch, by compare-and-swap on the branch's full old id (SECURITY T18). "Landed"
 * means that the branch has the commit in its history, not that it equals the commit.
 */
import { Fault, gitIdSchema, isFault } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { isAccessDenied } from "@aedev/host/git/git-credential";
import { type GitAnswer, gitFaults } from "@aedev/host/git/run-git";
import { inTurn, type RepositoryOptions } from "./bare-repository.ts";
import { openLandingRepository } from "./landing.ts";
import { fetchRef } from "./mirror.ts";
import { openRemote, type RemoteAccess } from "./remote.ts";

const runGit = gitAt("daemon/git/push");

/** The remote's branch, if any, whose name keeps git from storing a branch below `prefix`. Throws as `readRemoteBranch`. */
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

/** The task's own branch, for a change that lands there. */
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

/** What every read of a remote needs. */
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

/** The branch's commit and that of the remote's HEAD, in one request. */
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
  // ls-remote matches the end of a name, so its answer may include other refs.
  return new Map(
    lines.flatMap(([id, name = ""]) => (names.includes(name) ? [[name, gitIdSchema.parse(id)] as const] : [])),
  );
}

interface RemoteCommitOptions extends RepositoryOptions {
  readonly url: string;
  readonly ref: string;
  readonly commit: string;
  /** The commit's only parent, if the caller built the commit. If the branch is at this parent, it lacks the commit, and nothing needs to be fetched. */
  readonly parent?: string;
}

/** Whether the commit is reachable from the remote's branch. `seen`: the branch's commit, if it was read just now. Throws if the remote doesn't answer. */
export async function isLanded(options: RemoteCommitOptions, seen?: { commit: string | null }): Promise<boolean> {
  return (await findCommit(options, seen)).landed;
}

/**
 * `landed`: the remote has the commit on the branch. `moved`: the branch is at another commit (null: it is gone) and nothing was pushed. `refused`: the remote
 * rejected it (a hook, a protected branch), nothing was pushed. `"unknown"`: check again before any retry.
 */
export type PushResult = "landed" | "unknown" | { moved: string | null } | { refused: string };

/**
 * Pushes `commit` to `ref`, which must be at `expectedOld` (null: must not exist). The commit must descend from that, so that remote history is never dropped,
 * unless `replaces`: then the branch is aedev's own and `expectedOld` an earlier commit of the same landing.
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

/** `gone`: the branch no longer exists. `moved`: somebody pushed something else, which stays. The others as for a push. */
export type RemovalResult = "gone" | "unknown" | { moved: string } | { refused: string };

/**
 * Removes the branch `ref` only if it is at `expected`, so that no other push is lost (compare-and-swap). Throws if the remote does not answer.
 */
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

/** `commit` null removes the branch; `expectedOld` null: it must not exist. Returns undefined if the call itself failed, so that nobody knows what happened. */
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
    // For another account's folder git was not started, so nothing was pushed.
    if (!isFault(error, ...gitFaults) || error.code === "git-owner") throw error;
    return undefined;
  }
}

/** Asks the remote what happened, after an attempt that did not clearly succeed. */
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

/** Why the remote refused: nobody may push with this credential, or `--porcelain` says `!<TAB>from:to<TAB>summary (reason)`. Null: it did not refuse. */
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

/** False also if the repository lacks the older commit: then nothing there descends from it. */
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
