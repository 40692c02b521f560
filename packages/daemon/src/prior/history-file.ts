/** Keeps what a repository's commits changed in a file beside its mirror, so that only new commits are read. Whatever aedev did not write there is read from git again. */
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { nullOn } from "@aedev/contracts";
import { gitFaults } from "@aedev/host/git/run-git";
import { readRegular } from "@aedev/host/nofollow-read";
import { parseJson } from "@aedev/host/parse-json";
import { mirrorDirectory, type RepositoryOptions } from "../git/bare-repository.ts";
import { type CommitFacts, commitFactsSchema, commitsBefore, readCommits, readSizes } from "../git/commit-log.ts";
import { complain } from "../logging/complain.ts";

/** Older commits are not read: their files count as they are there. */
const commitsMax = 20_000;
/** Commits that a decision waits for; git reads them at once. */
const awaitedMax = 500;
const fileBytesMax = 512 * 1024 * 1024;

/** A branch's past, oldest commit first. `before`: all that was there before the first, as one change of one author; null if the branch begins with it. */
export interface BranchPast {
  readonly commits: readonly CommitFacts[];
  readonly before: CommitFacts | null;
}

export interface PastOptions extends RepositoryOptions {
  readonly tip: string;
  /** Told how many commits are read, of how many. */
  readonly say?: ((done: number, all: number) => void) | undefined;
}

/** Mirrors whose past is being read. */
const reading = new Set<string>();

/** Reads the past in the background, so that a decision later need not wait for it. */
export function readAhead(options: PastOptions): void {
  const mirror = mirrorDirectory(options);
  if (reading.has(mirror)) return;
  reading.add(mirror);
  readPast(options)
    .catch((error: unknown) => complain(`the past of ${options.repository} was not read: ${error}`))
    .finally(() => reading.delete(mirror));
}

/** The past of a commit in the mirror, if the file has nearly all of it; null if not, or if git can't read the rest: a decision does not wait for more. */
export async function readKnownPast(options: PastOptions): Promise<BranchPast | null> {
  try {
    const listed = await listPast(options);
    return listed.missing.length > awaitedMax ? null : await completePast(options, listed);
  } catch (error) {
    return nullOn(...gitFaults)(error);
  }
}

/** The past of a commit in the mirror. What the file lacks is read and appended; two at once may both append it. */
export async function readPast(options: PastOptions): Promise<BranchPast> {
  return completePast(options, await listPast(options));
}

async function listPast(options: PastOptions) {
  const { tip, timeoutMs } = options;
  const { ids, hasOlder } = await commitsBefore({ gitDir: mirrorDirectory(options), timeoutMs, tip, max: commitsMax });
  const path = historyFile(options, "commits.jsonl");
  const known = await knownCommits(path);
  return { ids, hasOlder, path, known, missing: ids.filter((id) => !known.has(id)) };
}

async function completePast(
  options: PastOptions,
  { ids, hasOlder, path, known, missing }: Awaited<ReturnType<typeof listPast>>,
): Promise<BranchPast> {
  const { timeoutMs, say } = options;
  const call = { gitDir: mirrorDirectory(options), timeoutMs };
  // Not its parents: a mirror that is deleted meanwhile stays so.
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { mode: 0o700 });
  let done = ids.length - missing.length;
  for await (const part of readCommits({ ...call, ids: missing })) {
    for (const commit of part) known.set(commit.id, commit);
    // A line feed first: the line before may have been cut off.
    appendFileSync(path, `\n${part.map((commit) => JSON.stringify(commit)).join("\n")}\n`, { mode: 0o600 });
    done += part.length;
    say?.(done, ids.length);
  }
  const commits = ids.flatMap((id) => known.get(id) ?? []);
  const [oldest, ...others] = commits;
  if (!hasOlder || oldest === undefined) return { commits, before: null };
  const files = await readSizes({ ...call, commit: oldest.id });
  return { commits: others, before: { ...oldest, author: "", files } };
}

/** A file in the mirror's folder that can be made again; it is deleted with the mirror. */
export function historyFile(options: RepositoryOptions, name: string): string {
  return join(mirrorDirectory(options), "history", name);
}

async function knownCommits(path: string): Promise<Map<string, CommitFacts>> {
  const file = await readRegular(path, fileBytesMax);
  const found = new Map<string, CommitFacts>();
  for (const line of file === null ? [] : file.bytes.toString("utf8").split("\n")) {
    const parsed = commitFactsSchema.safeParse(parseJson(line));
    if (parsed.success) found.set(parsed.data.id, parsed.data);
  }
  return found;
}
