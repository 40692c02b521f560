/**
 * Keeps the mirror of a remote, from which runs start. It gets remote history only, by fetch (SECURITY T2), and nothing is pruned, because old runs still name
 * its commits.
 * Folder: what control does with git: mirrors, diffs, applying patches, commits, pushes, inverses.
 */
import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { branchName, escapeLine, Fault, gitIdSchema, isFault, shellWord } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { gitPathText } from "@aedev/host/git/path-text";
import { gitFaults } from "@aedev/host/git/run-git";
import { ensureBareRepository, inTurn, mirrorDirectory, type RepositoryOptions } from "./bare-repository.ts";
import { readObjects, readTree, splitNul, type TreeEntry } from "./objects.ts";
import { openRemote, parseRemote, type RemoteAccess } from "./remote.ts";

const runGit = gitAt("daemon/git/mirror");

/** Flags of every fetch: fetch the named ref and nothing else. */
export const fetchFlags: readonly string[] = [
  "fetch",
  "--quiet",
  "--force",
  "--no-tags",
  "--no-write-fetch-head",
  "--no-auto-maintenance",
  "--no-recurse-submodules",
  "--refmap=",
];

/** The base that a run starts from. */
export interface Base {
  readonly commit: string;
  /** Full name of the remote's default branch (in a working copy, its current branch); `HEAD` if the remote's head is detached. */
  readonly ref: string;
}

/**
 * Fetches the base branch into the mirror: the fixed one, else the remote's default branch. Throws a Fault `HOLD-FETCH-FAILED` with the cause,
 * `HOLD-BASE-MOVED` if the remote's default branch has changed since the base was fixed, or `remote-refused`.
 */
export async function fetchBase(options: RepositoryOptions & { url: string }): Promise<Base> {
  const { timeoutMs, url, remotes } = options;
  parseRemote(url, { remotes });
  const dir = mirrorDirectory(options);
  return inTurn(dir, async () => {
    try {
      const found = await readHead(options);
      requireSameDefault(found.ref, options);
      const head = { ...found, ref: options.base?.ref ?? found.ref };
      await ensureBareRepository({ dir, likeId: head.commit, timeoutMs });
      const wanted = { gitDir: dir, url, ref: head.ref, into: "HEAD", timeoutMs, remotes };
      return { ref: head.ref, commit: await fetchRef(wanted) };
    } catch (error) {
      throw fetchFault(error, options);
    }
  });
}

/** The remote's default branch, with `refs/heads/`; null if its head is detached. Throws as `fetchBase` does. */
export async function readDefaultBranch(options: RepositoryOptions & { url: string }): Promise<string | null> {
  try {
    const { ref } = await readHead(options);
    return ref === "HEAD" ? null : ref;
  } catch (error) {
    throw fetchFault(error, options);
  }
}

/** Throws if the remote's default branch has changed: only a person can say whether the base changes with it. */
function requireSameDefault(found: string, { base, repository, url }: RepositoryOptions & { url: string }): void {
  if (base == null || base.head === null || found === base.head || found === base.ref || found === "HEAD") return;
  const command = (ref: string) =>
    `aedev repo add ${shellWord(url)} --name ${repository} --base ${shellWord(branchName(ref))}`;
  const [now, fixed] = [found, base.ref].map((ref) => escapeLine(branchName(ref), 100));
  throw new Fault("HOLD-BASE-MOVED", `the default branch of ${repository} is ${now} now`, {
    detail: `the remote's default branch is ${now} now, and missions here start from ${fixed}; stay: ${command(base.ref)}; follow: ${command(found)}; then retry`,
    hint: command(base.ref),
  });
}

/** Fetches one branch (`refs/heads/…`) into the mirror and returns its commit. Throws as `fetchBase` does. */
export async function fetchBranch(options: RepositoryOptions & { url: string; ref: string }): Promise<string> {
  const { timeoutMs, url, ref, remotes } = options;
  const gitDir = mirrorDirectory(options);
  return inTurn(gitDir, async () => {
    try {
      return await fetchRef({ gitDir, url, ref, into: "branch", timeoutMs, remotes });
    } catch (error) {
      throw fetchFault(error, options);
    }
  });
}

/** Fetches one ref into `refs/aedev/remote/<into>` of one of our repositories and returns its commit. The caller holds that repository's lock. */
export async function fetchRef(options: {
  gitDir: string;
  url: string;
  ref: string;
  into: string;
  timeoutMs: number;
  remotes?: RemoteAccess | undefined;
}): Promise<string> {
  const { gitDir, timeoutMs } = options;
  const local = `refs/aedev/remote/${options.into}`;
  removeStaleLock(join(gitDir, `${local}.lock`), timeoutMs);
  const { url, run } = await openRemote(options.url, options);
  await run([...fetchFlags, "--", url, `+${options.ref}:${local}`], { gitDir });
  const parsed = await runGit({ args: ["rev-parse", "--verify", "--quiet", `${local}^{commit}`], gitDir, timeoutMs });
  return gitIdSchema.parse(parsed.text);
}

/** Whether a fetch ever brought this commit; the mirror gets objects in no other way. Throws a Fault `git-failed` if git gives no clear answer. */
export async function hasFetched(options: RepositoryOptions & { commit: string }): Promise<boolean> {
  const args = ["cat-file", "-e", gitIdSchema.parse(options.commit)];
  const { timeoutMs } = options;
  const { exitCode } = await runGit({ args, gitDir: mirrorDirectory(options), timeoutMs, exitCodes: [0, 1] });
  return exitCode === 0;
}

/** The tree of a commit in the mirror. */
export async function treeOf(options: RepositoryOptions & { commit: string }): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", `${gitIdSchema.parse(options.commit)}^{tree}`];
  const { text } = await runGit({ args, gitDir: mirrorDirectory(options), timeoutMs: options.timeoutMs });
  return gitIdSchema.parse(text);
}

/** The bytes of regular files at a commit; null where there is no regular file. Symbolic links are not followed. */
export async function readBlobs(
  options: RepositoryOptions & { commit: string; paths: readonly string[] },
): Promise<Map<string, Uint8Array | null>> {
  const gitDir = mirrorDirectory(options);
  const wanted = new Set(options.paths);
  const ids = new Map<string, string>();
  for (const entry of await listTree({ ...options, tree: options.commit }))
    if (wanted.has(entry.path) && entry.mode.startsWith("100")) ids.set(entry.path, entry.id);
  const objects = await readObjects({ gitDir, ids: [...new Set(ids.values())], timeoutMs: options.timeoutMs });
  return new Map(options.paths.map((path) => [path, objects.get(ids.get(path) ?? "") ?? null]));
}

/** The last fetched commit of the base; null: nothing was fetched yet. */
export async function fetchedCommit(options: RepositoryOptions): Promise<string | null> {
  const gitDir = mirrorDirectory(options);
  if (!existsSync(gitDir)) return null;
  const args = ["rev-parse", "--verify", "--quiet", "refs/aedev/remote/HEAD^{commit}"];
  const { text, exitCode } = await runGit({ args, gitDir, timeoutMs: options.timeoutMs, exitCodes: [0, 1] });
  return exitCode === 0 ? gitIdSchema.parse(text) : null;
}

/** Paths of all files at the last fetched commit of the default branch. Throws git's Fault if nothing was fetched yet. */
export async function fetchedPaths(options: RepositoryOptions): Promise<string[]> {
  const args = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", "refs/aedev/remote/HEAD"];
  const { stdout } = await runGit({ args, gitDir: mirrorDirectory(options), timeoutMs: options.timeoutMs });
  return splitNul(stdout).map(gitPathText);
}

/** Every file of a commit or tree in the mirror, with modes and ids. */
export async function listTree(options: RepositoryOptions & { tree: string }): Promise<TreeEntry[]> {
  return readTree({ gitDir: mirrorDirectory(options), tree: options.tree, timeoutMs: options.timeoutMs });
}

async function readHead(options: RepositoryOptions & { url: string }): Promise<Base> {
  const { url, run } = await openRemote(options.url, options);
  const { text } = await run(["ls-remote", "--symref", "--", url, "HEAD"]);
  const ref = /^ref: (refs\/heads\/[^\t\n]+)\tHEAD$/m.exec(text)?.[1];
  const commit = /^([0-9a-f]{40,64})\tHEAD$/m.exec(text)?.[1];
  if (commit !== undefined) return { commit: gitIdSchema.parse(commit), ref: ref ?? "HEAD" };
  const branches = await run(["ls-remote", "--heads", "--", url]);
  throw branches.text === ""
    ? new Fault("HOLD-FETCH-FAILED", "the repository has no commit yet", {
        detail: "empty repository",
        hint: "push a first commit",
      })
    : new Fault("HOLD-FETCH-FAILED", "the remote's HEAD names a branch that does not exist", {
        detail: "HEAD names no branch",
        hint: "set the remote's default branch",
      });
}

/** Removes the lock that a fetch left when it was killed while it wrote its ref. */
function removeStaleLock(path: string, timeoutMs: number): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && Date.now() - found.mtimeMs > timeoutMs) rmSync(path, { force: true });
}

/** Turns a fault of git or GitHub into the hold that it causes; returns anything else unchanged. `what`: what can't be fetched, if not the repository. */
export function fetchFault(
  error: unknown,
  { repository, what }: Pick<RepositoryOptions, "repository"> & { what?: string },
): unknown {
  if (!isFault(error, ...gitFaults, "github-refused", "github-unreachable")) return error;
  const detail = error.detail ?? error.message;
  const isRefused = error.code === "git-credential" || error.code === "github-refused";
  return new Fault("HOLD-FETCH-FAILED", `${what ?? `repository ${repository}`} can't be fetched: ${error.message}`, {
    detail: what === undefined ? detail : `${what}: ${detail}`,
    hint:
      error.hint ??
      "check the address, and that this user can read it without a password prompt; the addresses: aedev repo list",
    // Trying again with the same credential would get the same answer.
    retry: !isRefused,
    cause: error,
  });
}
