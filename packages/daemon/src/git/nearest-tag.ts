/** Finds the version that a remote's tags give a commit. It fetches no tag: the remote lists its tagged commits, and the mirror has the history. */
import { gitAt } from "@aedev/host/git/git-at";
import { mirrorDirectory, type RepositoryOptions } from "./bare-repository.ts";
import { openRemote } from "./remote.ts";

const runGit = gitAt("daemon/git/nearest-tag");

const listBytesMax = 8 * 1024 * 1024;
/** How many commits are searched, newest first. */
const commitsMax = 20_000;
/** Matches `v1.2.3`, `release-1.2.3`, `name/v1.2.3rc1`, and drops the part before the number. */
const versionTag =
  /^(?:[A-Za-z][\w.]{0,60}[-_/])?[vV]?(\d{1,8}(?:\.\d{1,8}){1,4}(?:(?:a|b|rc|\.post|\.dev)\d{1,8})?)$/u;

/** The version in the name of the nearest tag that the commit descends from; null if there is none. Throws git's Faults. */
export async function nearestVersion(
  options: RepositoryOptions & { url: string; commit: string },
): Promise<string | null> {
  const { timeoutMs, commit } = options;
  const { url, run } = await openRemote(options.url, options);
  const listed = await run(["ls-remote", "--tags", "--", url], { outputBytesMax: listBytesMax });
  const versions = versionsByCommit(listed.text);
  if (versions.size === 0) return null;
  const history = await runGit({
    args: ["rev-list", `--max-count=${commitsMax}`, commit],
    gitDir: mirrorDirectory(options),
    timeoutMs,
  });
  for (const id of history.text.split("\n")) {
    const version = versions.get(id);
    if (version !== undefined) return version;
  }
  return null;
}

/** For an annotated tag, the commit is in a second line after the tag itself. If a commit has several versions, the highest counts. */
export function versionsByCommit(listed: string): Map<string, string> {
  const versions = new Map<string, string>();
  for (const line of listed.split("\n")) {
    const [, id = "", name = ""] = /^([0-9a-f]{40,64})\trefs\/tags\/(.+?)(?:\^\{\})?$/u.exec(line) ?? [];
    const version = versionTag.exec(name)?.[1];
    if (version === undefined) continue;
    const known = versions.get(id);
    if (known === undefined || compare(version, known) > 0) versions.set(id, version);
  }
  return versions;
}

const byNumbers = new Intl.Collator("en", { numeric: true });

/** A release is higher than its release candidates. */
function compare(one: string, other: string): number {
  const [first = "", second = ""] = [one, other].map((text) => /^[\d.]+/u.exec(text)?.[0].replace(/\.$/u, ""));
  const order = byNumbers.compare(first, second);
  if (order !== 0) return order;
  const rank = (text: string) => (/(?:a|b|rc|dev)\d/u.test(text) ? 0 : 1);
  return rank(one) - rank(other) || byNumbers.compare(one, other);
}
