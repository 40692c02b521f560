/** The throw-away bare repository that a demo works on: made of a folder of files, or cloned. The original is never written. */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { Fault, gitSafeEnvironment, gitSafeFlags } from "@aedev/core/wire";
import { type ChildResult, type Environment, runChild } from "../child.ts";

/** Fixed, so that the same package gives the same commit. */
const importer = {
  GIT_AUTHOR_NAME: "import",
  GIT_AUTHOR_EMAIL: "import@localhost",
  GIT_AUTHOR_DATE: "2020-03-12T00:00:00Z",
  GIT_COMMITTER_NAME: "import",
  GIT_COMMITTER_EMAIL: "import@localhost",
  GIT_COMMITTER_DATE: "2020-03-12T00:00:00Z",
};

export interface RemotePlace {
  /** The bare repository to make. */
  readonly remote: string;
  /** An empty folder of ours that git takes for its home. */
  readonly gitHome: string;
  readonly environment: Environment;
  readonly signal?: AbortSignal;
}

/** One commit on `main` that holds what is in `files`. */
export async function importFiles(files: string, subject: string, place: RemotePlace): Promise<void> {
  const { remote } = place;
  mkdirSync(remote, { recursive: true });
  await git(["init", "--quiet", "--bare", "--initial-branch=main", remote], place);
  const at = [`--git-dir=${remote}`];
  await git([...at, `--work-tree=${files}`, "add", "--all", "--force", "."], place, { cwd: files });
  const tree = await git([...at, "write-tree"], place);
  const commit = await git([...at, "commit-tree", "-m", subject, tree], place);
  await git([...at, "update-ref", "refs/heads/main", commit], place);
}

/** Everything that `source` has, without a way back to it. */
export async function cloneRepository(source: string, place: RemotePlace): Promise<void> {
  const from = /^[a-z][a-z0-9+.-]*:\/\//i.test(source) || /^[^/\\.][^/\\]*:/.test(source) ? source : resolve(source);
  await git(["clone", "--quiet", "--bare", "--no-local", "--", from, place.remote], place);
  await git([`--git-dir=${place.remote}`, "remote", "remove", "origin"], place);
}

/** The commits of the default branch, newest first: id, subject, and the whole message. */
export async function commitsOf(place: RemotePlace): Promise<{ id: string; subject: string }[]> {
  const text = await git([`--git-dir=${place.remote}`, "log", "--format=%H %s", "--max-count=20"], place);
  return text.split("\n").map((line) => ({ id: line.slice(0, 40), subject: line.slice(41) }));
}

async function git(args: readonly string[], place: RemotePlace, options: { cwd?: string } = {}): Promise<string> {
  const { environment, gitHome, signal } = place;
  const agent = environment["SSH_AUTH_SOCK"];
  const result: ChildResult = await runChild("git", [...gitSafeFlags, ...args], {
    environment: {
      ...gitSafeEnvironment(environment["PATH"] ?? "", gitHome),
      // The files of a package are named by path here, not by a literal that a person gave.
      GIT_LITERAL_PATHSPECS: "0",
      ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }),
      ...importer,
    },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.exit === 0) return result.out.trim();
  throw new Fault(
    "git-failed",
    `git ${args.find((word) => !word.startsWith("-")) ?? ""}: ${result.err.trim().slice(-500)}`,
    {
      hint: "the address must be one that git clone takes without asking for a password",
    },
  );
}
