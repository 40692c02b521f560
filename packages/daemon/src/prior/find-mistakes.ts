/**
 * Finds past commits that a later commit mended (SZZ; Śliwerski, Zimmermann, Zeller, MSR 2005): those that wrote a line which a fix removed. It errs in both
 * directions: a message may not say that it is a fix, a removed line need not be the mistake, and a fix that only adds lines blames nobody.
 */
import { isCodeFile } from "@aedev/languages";
import { mirrorDirectory, type RepositoryOptions } from "../git/bare-repository.ts";
import { parentOf, readLineDiff } from "../git/branch-history.ts";
import type { CommitFacts } from "../git/commit-log.ts";
import type { FileDiff } from "../git/landed-lines.ts";
import { originsOfLines } from "../git/line-origins.ts";

/** The newest fixes that are read; each asks git once per file. */
const fixesMax = 500;
/** A fix of more code files than this does more than mend. */
const fixFilesMax = 10;
/** Ranges of removed lines that are followed per file. */
const rangesMax = 50;
/** A line of only brackets or white space, or a comment, is no mistake. */
const saysNothing = (line: string) => !/[\p{L}\p{N}]/u.test(line) || /^\s*(?:\/[/*]|[*#;]|--)/u.test(line);

export interface Mistakes {
  /** For each commit that a fix mended, when the first fix came, in seconds. */
  readonly mendedAt: ReadonlyMap<string, number>;
  /** When the oldest fix that was read came, in seconds; a mistake that was mended before is unknown. Null: every fix was read. */
  readonly since: number | null;
  readonly fixes: number;
}

/** `commits`: oldest first. `isTest`: files whose lines blame nobody. */
export async function findMistakes(
  commits: readonly CommitFacts[],
  options: RepositoryOptions & { isTest: (path: string) => boolean; say?: (done: number, all: number) => void },
): Promise<Mistakes> {
  const isMeant = (path: string) => isCodeFile(path) && !options.isTest(path);
  const all = commits.filter(({ fix, files }) => {
    const code = files.filter(({ path }) => isMeant(path));
    return fix && code.some(({ deleted }) => deleted > 0) && code.length <= fixFilesMax;
  });
  const fixes = all.slice(-fixesMax);
  const times = new Map(commits.map(({ id, at }) => [id, at]));
  const mendedAt = new Map<string, number>();
  for (const [index, { id, at }] of fixes.entries()) {
    options.say?.(index, fixes.length);
    for (const origin of await originsOfFix(id, { ...options, isMeant }))
      if (origin !== id && (times.get(origin) ?? Number.POSITIVE_INFINITY) <= at)
        mendedAt.set(origin, Math.min(at, mendedAt.get(origin) ?? at));
  }
  return { mendedAt, since: all.length > fixes.length ? (fixes[0]?.at ?? null) : null, fixes: fixes.length };
}

async function originsOfFix(
  fix: string,
  options: RepositoryOptions & { isMeant: (path: string) => boolean },
): Promise<string[]> {
  const call = { gitDir: mirrorDirectory(options), timeoutMs: options.timeoutMs };
  const commit = await parentOf(fix, call);
  if (commit === null) return [];
  const diff = (await readLineDiff({ ...call, from: commit, to: fix })) ?? [];
  const found: string[] = [];
  for (const file of diff.filter(({ from }) => options.isMeant(from)))
    found.push(...(await originsOfLines({ ...call, commit, path: file.from, ranges: removedRanges(file) })));
  return found;
}

/** The removed lines that say something, as first and last. */
function removedRanges({ hunks }: FileDiff): [number, number][] {
  const numbers = hunks.flatMap(({ oldStart, removed }) =>
    removed.flatMap((line, index) => (saysNothing(line) ? [] : [oldStart + index])),
  );
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.slice(0, rangesMax);
}
