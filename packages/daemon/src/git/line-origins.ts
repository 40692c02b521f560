/** Finds the commits that lines of a file come from. It only reads the mirror. */
import { gitIdSchema } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { gitPathBytes, isOtherBytes } from "@aedev/host/git/path-text";

const runGit = gitAt("daemon/git/line-origins");

/** A header of `git blame --porcelain`; a line of the file begins with a tab. */
const origin = /^([0-9a-f]{40}|[0-9a-f]{64}) \d+ \d+/u;

/**
 * The commits whose lines these are, by first and last line, in the file as it is at `commit`; a change of white space alone does not count. Empty for a name
 * that git can't be given.
 */
export async function originsOfLines(options: {
  readonly gitDir: string;
  readonly timeoutMs: number;
  readonly commit: string;
  readonly path: string;
  readonly ranges: readonly (readonly [number, number])[];
}): Promise<ReadonlySet<string>> {
  const { commit, path, ranges, ...call } = options;
  if (ranges.length === 0 || isOtherBytes(path)) return new Set();
  const wanted = ranges.flatMap(([first, last]) => ["-L", `${first},${last}`]);
  const name = gitPathBytes(path).toString("utf8");
  const args = ["blame", "--porcelain", "-w", ...wanted, gitIdSchema.parse(commit), "--", name];
  const { text } = await runGit({ ...call, args });
  return new Set(text.split("\n").flatMap((line) => origin.exec(line)?.[1] ?? []));
}
