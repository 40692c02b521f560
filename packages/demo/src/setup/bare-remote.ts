/** Makes the throw-away bare repository that a demo works on, from a folder of files or as a clone. The original is never written to. */
import { mkdirSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { Fault } from "@aedev/contracts";
import { gitSafeEnvironment, gitSafeFlags } from "@aedev/host/git/git-safety";
import { ownRepositoryAt } from "@aedev/host/git/own-repository";
import { type ChildEnvironment, runChild } from "./child.ts";

/** Fixed, so that the same package gives the same commit. */
const importer = {
  GIT_AUTHOR_NAME: "import",
  GIT_AUTHOR_EMAIL: "import@localhost",
  GIT_AUTHOR_DATE: "2020-03-12T00:00:00Z",
  GIT_COMMITTER_NAME: "import",
  GIT_COMMITTER_EMAIL: "import@localhost",
  GIT_COMMITTER_DATE: "2020-03-12T00:00:00Z",
};

export interface RemoteOptions {
  readonly remote: string;
  /** An empty folder that git uses as its home. */
  readonly gitHome: string;
  readonly environment: ChildEnvironment;
  readonly signal?: AbortSignal;
}

/** Makes a repository with one commit on `main` from the folder `files`. */
export async function importFiles(files: string, subject: string, target: RemoteOptions): Promise<void> {
  const { remote } = target;
  mkdirSync(remote, { recursive: true });
  await git(["init", "--quiet", "--bare", "--initial-branch=main", remote], target);
  const gitDir = [`--git-dir=${remote}`];
  await git([...gitDir, `--work-tree=${files}`, "add", "--all", "--force", "."], target, { cwd: files });
  const tree = await git([...gitDir, "write-tree"], target);
  const commit = await git([...gitDir, "commit-tree", "-m", subject, tree], target);
  await git([...gitDir, "update-ref", "refs/heads/main", commit], target);
}

/** Clones everything in `source` and drops the remote that points back to it. Throws a Fault `git-owner` for a folder of another account. */
export async function cloneRepository(source: string, target: RemoteOptions): Promise<void> {
  const from = /^[a-z][a-z0-9+.-]*:\/\//i.test(source) || /^[^/\\.][^/\\]*:/.test(source) ? source : resolve(source);
  // git's other half runs in that folder.
  if (isAbsolute(from)) ownRepositoryAt(from);
  await git(["clone", "--quiet", "--bare", "--no-local", "--", from, target.remote], target);
  await git([`--git-dir=${target.remote}`, "remote", "remove", "origin"], target);
}

/** The commits of the default branch, newest first. */
export async function commitsOf(target: RemoteOptions): Promise<{ id: string; subject: string }[]> {
  const text = await git([`--git-dir=${target.remote}`, "log", "--format=%H %s", "--max-count=20"], target);
  return text.split("\n").map((line) => ({ id: line.slice(0, 40), subject: line.slice(41) }));
}

/** The tree of a commit. */
export async function treeInRemote(commit: string, target: RemoteOptions): Promise<string> {
  return git([`--git-dir=${target.remote}`, "rev-parse", "--verify", "--end-of-options", `${commit}^{tree}`], target);
}

async function git(args: readonly string[], target: RemoteOptions, options: { cwd?: string } = {}): Promise<string> {
  const { environment, gitHome, signal } = target;
  const agent = environment["SSH_AUTH_SOCK"];
  const result = await runChild("git", [...gitSafeFlags, ...args], {
    environment: {
      ...gitSafeEnvironment(environment["PATH"] ?? "", gitHome),
      // These pathspecs are aedev's own, not a person's.
      GIT_LITERAL_PATHSPECS: "0",
      ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }),
      ...importer,
    },
    cwd: options.cwd,
    signal,
  });
  if (result.exit === 0) return result.out.trim();
  const verb = args.find((word) => !word.startsWith("-")) ?? "";
  throw new Fault("git-failed", `git ${verb}: ${result.err.trim().slice(-500)}`, {
    hint: "use an address that git clone can read without asking for a password",
  });
}
