/** Makes and locks our bare repositories: mirrors, landing and temporary ones (SECURITY T1, T2, T3). Nothing in them runs; their objects are never pruned. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gitIdSchema, repositoryNameSchema } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { gitInfoAttributes } from "@aedev/host/git/git-safety";
import { homeLayout } from "@aedev/host/home-layout";
import { createKeyedMutex } from "@aedev/host/keyed-mutex";
import type { RemoteAccess } from "./remote.ts";

const runGit = gitAt("daemon/git/bare-repository");

const scratchPrefix = "git-";
const abandonedAfterMs = 24 * 60 * 60 * 1000;

/** What every function on a registered repository needs. `timeoutMs` limits each git call separately. */
export interface RepositoryOptions {
  /** aedev's home folder. */
  readonly home: string;
  /** The repository's registered name. */
  readonly repository: string;
  readonly timeoutMs: number;
  /** The branch from which missions start; absent: the remote's default branch. `head`: the default branch when a person chose this one; null: not compared. */
  readonly base?: { readonly ref: string; readonly head: string | null } | undefined;
  /** What calls to the remote may use. */
  readonly remotes?: RemoteAccess | undefined;
}

/** The folder of the mirror, where control keeps what it fetched: only remote history, never an agent's bytes. */
export function mirrorDirectory(options: { home: string; repository: string }): string {
  return homeLayout(options.home).mirror(repositoryNameSchema.parse(options.repository));
}

/** The folder of the landing repository, where control builds the commits that it pushes. */
export function landingDirectory(options: { home: string; repository: string }): string {
  return homeLayout(options.home).landing(repositoryNameSchema.parse(options.repository));
}

/** `likeId`: an object id in the hash format to use. `alternates`: a repository whose objects the new one borrows. */
interface NewRepository {
  readonly dir: string;
  readonly likeId: string;
  readonly alternates?: string;
  readonly timeoutMs: number;
}

/** Makes the bare repository at `dir` unless it exists. */
export async function ensureBareRepository(options: NewRepository): Promise<void> {
  const { dir } = options;
  if (existsSync(join(dir, "HEAD"))) return;
  mkdirSync(dirname(dir), { recursive: true, mode: 0o700 });
  // Built in a temporary folder and renamed, so that a process killed in between leaves no half-made repository behind.
  const fresh = mkdtempSync(`${dir}.new-`);
  await fillBareRepository({ ...options, dir: fresh });
  if (existsSync(join(dir, "HEAD"))) rmSync(fresh, { recursive: true, force: true });
  else renameSync(fresh, dir);
}

/** Runs `work` on a new repository that borrows the objects of the mirror, or of the repository `lender`, and removes it afterwards. */
export async function withScratchRepository<T>(
  options: RepositoryOptions & { likeId: string; lender?: string },
  work: (gitDir: string) => Promise<T>,
): Promise<T> {
  const parent = homeLayout(options.home).run;
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  removeAbandoned(parent);
  const dir = mkdtempSync(join(parent, scratchPrefix));
  try {
    await fillBareRepository({ ...options, dir, alternates: options.lender ?? mirrorDirectory(options) });
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Removes what a killed process left. No live call is that old, because each of its git calls has a time limit. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(scratchPrefix)) continue;
    const found = statSync(join(parent, name), { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > abandonedAfterMs)
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

async function fillBareRepository(options: NewRepository): Promise<void> {
  const format = gitIdSchema.parse(options.likeId).length === 64 ? "sha256" : "sha1";
  const flags = ["--bare", "--quiet", "--template=", `--object-format=${format}`, "--initial-branch=aedev"];
  await runGit({ args: ["init", ...flags, "--", options.dir], timeoutMs: options.timeoutMs });
  mkdirSync(join(options.dir, "info"), { recursive: true });
  writeFileSync(join(options.dir, "info", "attributes"), gitInfoAttributes);
  appendFileSync(
    join(options.dir, "config"),
    "[gc]\n\tauto = 0\n\tpruneExpire = never\n[core]\n\thooksPath = /dev/null\n",
  );
  if (options.alternates === undefined) return;
  mkdirSync(join(options.dir, "objects", "info"), { recursive: true });
  writeFileSync(join(options.dir, "objects", "info", "alternates"), `${options.alternates}/objects\n`);
}

/** Allows one writer at a time per git directory: two fetches into one mirror would collide on each other's ref locks. */
export const inTurn = createKeyedMutex();
