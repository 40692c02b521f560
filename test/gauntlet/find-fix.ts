/**
 * Finds real changes in a repository's history that one could request: small commits that change only code and tests. Those that only add to tests come first,
 * then those that say "fix". An edit of an existing test needs a person's judgement.
 */
import { execa } from "execa";

export interface Fix {
  readonly commit: string;
  /** The commit before it, which has the fault. */
  readonly parent: string;
  readonly subject: string;
  /** Files of code; those that the parent has too come first. */
  readonly code: readonly string[];
  /** Tests that the parent has too. */
  readonly oldTests: readonly string[];
  /** The content of each path that it writes. */
  readonly files: ReadonlyMap<string, string>;
}

/** The facts about a commit that are examined, without its contents. */
interface Entry {
  readonly commit: string;
  readonly subject: string;
  readonly changes: readonly { readonly letter: string; readonly path: string }[];
  /** Paths that lost lines. */
  readonly shortened: readonly string[];
}

const commitsMax = 600;
/** Older ones need versions of runtimes and packages that nobody has. */
const since = "5 years ago";
const filesMax = 6;
const bytesMax = 200_000;
const codeName = /\.(?:[cm]?[jt]sx?|py|go|rs|rb|php|java)$/u;
const testName =
  /(?:^|\/)(?:tests?|__tests__|specs?)\/|(?:^|\/)tests?\.[cm]?[jt]sx?$|[._-](?:test|spec)\.[^/]+$|_test\.|(?:^|\/)test_[^/]*$/u;
const proseName = /(?:^|\/)(?:README|CHANGE[A-Z]*|HISTORY|NEWS|AUTHORS)[^/]*$|\.(?:md|rst|txt)$/iu;
/** A file that decides how tests run, so a change to it never merges without a person. */
const settingName = /(?:^|\/)conftest\.py$/u;
/** A subject that mentions a fix. */
const fixWord = /\b(?:fix(?:e[sd])?|bug|correct(?:s|ed)?|handle[sd]?|prevent[s]?|don't|should)\b/iu;

/** True for a small commit that a coder could be asked for: it writes code and tests, removes no file, and changes no settings. */
export function isFix({ changes }: Pick<Entry, "changes">): boolean {
  const kept = changes.filter(({ path }) => !proseName.test(path));
  const isTest = ({ path }: { path: string }) => testName.test(path);
  return (
    kept.length <= filesMax &&
    kept.every(
      ({ letter, path }) => (letter === "M" || letter === "A") && codeName.test(path) && !settingName.test(path),
    ) &&
    kept.some(isTest) &&
    kept.some((change) => !isTest(change))
  );
}

/** At most `count`, among the newest `back` (default 600) commits reachable from `from`. `clone` is a bare repository. */
export async function findFixes(
  clone: string,
  { from, count, back = commitsMax }: { from: string; count: number; back?: number },
): Promise<Fix[]> {
  const git = async (...args: string[]) =>
    (await execa("git", [`--git-dir=${clone}`, ...args], { stripFinalNewline: false })).stdout;
  const log = await git(
    ...["log", "--no-merges", "--no-renames", `--max-count=${back}`, `--since=${since}`],
    ...["--raw", "--numstat", "--format=%x00%H %s", from],
  );
  const rankOf = ({ subject, shortened }: Entry) =>
    (shortened.some((path) => testName.test(path)) ? 2 : 0) + (fixWord.test(subject) ? 0 : 1);
  const fixes: Fix[] = [];
  const entries = readLog(log).filter(isFix);
  for (const entry of entries.toSorted((left, right) => rankOf(left) - rankOf(right))) {
    if (fixes.length === count) break;
    const [parent = ""] = (await git("rev-list", "--parents", "-n", "1", entry.commit)).trim().split(" ").slice(1);
    if (parent === "") continue;
    const kept = entry.changes.filter(({ path }) => !proseName.test(path));
    const files = new Map<string, string>();
    for (const { path } of kept) files.set(path, await git("show", `${entry.commit}:${path}`));
    if ([...files.values()].reduce((sum, content) => sum + content.length, 0) > bytesMax) continue;
    fixes.push({
      commit: entry.commit,
      parent,
      subject: entry.subject,
      code: kept
        .filter(({ path }) => !testName.test(path))
        .toSorted((left, right) => right.letter.localeCompare(left.letter))
        .map(({ path }) => path),
      oldTests: kept.filter(({ letter, path }) => letter === "M" && testName.test(path)).map(({ path }) => path),
      files,
    });
  }
  return fixes;
}

/** Reads `git log --raw --numstat` whose commits start with a zero byte, hash and subject. */
export function readLog(log: string): Entry[] {
  return log
    .split("\0")
    .filter((part) => part !== "")
    .map((part) => {
      const [head = "", ...lines] = part.split("\n");
      const space = head.indexOf(" ");
      const changes = lines.flatMap((line) => {
        const [, letter = "", path] = /^:.* ([A-Z])\d*\t(.+)$/u.exec(line) ?? [];
        return path === undefined ? [] : [{ letter, path }];
      });
      const shortened = lines.flatMap((line) => /^\d+\t[1-9]\d*\t(.+)$/u.exec(line)?.[1] ?? []);
      return { commit: head.slice(0, space), subject: head.slice(space + 1), changes, shortened };
    });
}
