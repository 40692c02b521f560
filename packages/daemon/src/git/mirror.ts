/**
 * The mirror of a remote: what runs start from. It gets remote history only, by fetch; nothing an agent wrote enters it before it landed
 * (THREATS T2), and nothing in it is pruned, because old runs still name its commits.
 */
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Fault, gitIdSchema } from "@aedev/core/wire";
import { ensureBareRepository, inTurn, mirrorDirectory, type RepositoryOptions } from "./bare-repository.ts";
import { runGit } from "./git.ts";
import { readObjects, readTree, type TreeEntry } from "./objects.ts";
import { parseRemote } from "./remote.ts";

/** Flags of every fetch: the named ref and nothing else. */
const fetchFlags: readonly string[] = [
  "fetch",
  "--quiet",
  "--force",
  "--no-tags",
  "--no-write-fetch-head",
  "--no-auto-maintenance",
  "--no-recurse-submodules",
  "--refmap=",
];

/** Where a run starts. */
export interface Base {
  readonly commit: string;
  /** Full name of the remote's default branch (of a working copy: its current one); `HEAD` where the remote's head is detached. */
  readonly ref: string;
}

/** Brings the remote's default branch into the mirror. Throws a Fault `HOLD-FETCH-FAILED` with the cause, or `REMOTE-REFUSED`. */
export async function fetchBase(options: RepositoryOptions & { url: string }): Promise<Base> {
  const { timeoutMs } = options;
  const { url } = parseRemote(options.url);
  const dir = mirrorDirectory(options);
  return inTurn(dir, async () => {
    try {
      const head = await readHead(url, timeoutMs);
      await ensureBareRepository({ dir, likeId: head.commit, timeoutMs });
      return { ref: head.ref, commit: await fetchRef({ gitDir: dir, url, ref: head.ref, into: "HEAD", timeoutMs }) };
    } catch (error) {
      throw fetchFault(error, options.repository);
    }
  });
}

/** Fetches one ref into `refs/aedev/remote/<into>` of a repository of ours and returns its commit. The caller holds that repository's turn. */
export async function fetchRef(options: {
  gitDir: string;
  url: string;
  ref: string;
  into: string;
  timeoutMs: number;
}): Promise<string> {
  const { gitDir, timeoutMs } = options;
  const local = `refs/aedev/remote/${options.into}`;
  removeStaleLock(join(gitDir, `${local}.lock`), timeoutMs);
  const args = [...fetchFlags, "--", options.url, `+${options.ref}:${local}`];
  await runGit({ args, gitDir, timeoutMs, remote: true });
  const parsed = await runGit({ args: ["rev-parse", "--verify", "--quiet", `${local}^{commit}`], gitDir, timeoutMs });
  return gitIdSchema.parse(parsed.text);
}

/** The bytes of regular files at a commit; null where there is none (a symbolic link is none: it is not followed). */
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

/** Every file of a commit or tree in the mirror, with modes and ids. */
export async function listTree(options: RepositoryOptions & { tree: string }): Promise<TreeEntry[]> {
  return readTree({ gitDir: mirrorDirectory(options), tree: options.tree, timeoutMs: options.timeoutMs });
}

async function readHead(url: string, timeoutMs: number): Promise<Base> {
  const { text } = await runGit({ args: ["ls-remote", "--symref", "--", url, "HEAD"], timeoutMs, remote: true });
  const ref = /^ref: (refs\/heads\/[^\t\n]+)\tHEAD$/m.exec(text)?.[1];
  const commit = /^([0-9a-f]{40,64})\tHEAD$/m.exec(text)?.[1];
  if (commit !== undefined) return { commit: gitIdSchema.parse(commit), ref: ref ?? "HEAD" };
  const branches = await runGit({ args: ["ls-remote", "--heads", "--", url], timeoutMs, remote: true });
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

/** A fetch that was killed in the middle of writing its ref leaves a lock that nobody holds any more. */
function removeStaleLock(path: string, timeoutMs: number): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && Date.now() - found.mtimeMs > timeoutMs) rmSync(path, { force: true });
}

function fetchFault(error: unknown, repository: string): unknown {
  if (!(error instanceof Fault) || !error.code.startsWith("GIT-")) return error;
  return new Fault("HOLD-FETCH-FAILED", `repository ${repository} can't be fetched: ${error.message}`, {
    detail: error.detail ?? error.message,
    // git runs what a repository's configuration says, so another user's is refused; our own configuration can't and must not lift that.
    hint: error.message.includes("dubious ownership")
      ? "the repository belongs to another user: run aedev as that user, or register a copy of your own"
      : "is the address right, and can this user read it without being asked? aedev repo list shows the addresses",
    retry: true,
    cause: error,
  });
}
