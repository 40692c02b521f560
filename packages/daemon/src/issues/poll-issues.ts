/**
 * Polls the labelled issues: one conditional request for each repository at GitHub, and more only for issues that changed.
 * Folder: missions from issues at GitHub.
 */

import { Fault } from "@aedev/contracts";
import { sha256 } from "@aedev/host/sha256";
import type { GitHubs } from "../control/parts.ts";
import { gitHubRepository, gitHubUrl } from "../github/address.ts";
import { connectTo } from "../github/connect.ts";
import { type GitHubConnection, RateLimited } from "../github/connection.ts";
import { issuesPerPage, type ListedIssue, listLabelled } from "../github/issues.ts";
import { pollFailure } from "../github/poll-failure.ts";
import { complain } from "../logging/complain.ts";
import { type IssueIntake, type IssuePlace, inspectIssue } from "./inspect-issue.ts";

/** Pages of 100 labelled issues that one look reads. */
const pagesMax = 10;
/** Longest pause before a failed inspection is tried again. */
const pauseMsMax = 3_600_000;

/** For how long a delivery proves that the webhook works. */
const provenMs = 86_400_000;
/** How often a repository with a working webhook is polled if `intake.github.poll` is less, so that a lost delivery loses nothing. */
const restMs = 300_000;

/** What is remembered of a repository. A restart may lose it: then each labelled issue is inspected once. */
interface Watched {
  etag: string | null;
  /** Each issue's version when it was last listed. */
  readonly seen: Map<number, string>;
  /** Issues to inspect, with the failed tries and the time of the next. */
  readonly due: Map<number, { readonly failures: number; readonly notBefore: number }>;
  notBefore: number;
  problem: string | null;
  /** When its list was last read, and when its webhook last delivered. */
  seenMs: number;
  newsMs: number | null;
}

/** One look at every repository, or only at those in `news`, by registered name. */
export type IssuePoll = (signal?: AbortSignal, news?: ReadonlySet<string>) => Promise<void>;

/** The returned function never throws for what GitHub does. */
export function createIssuePoll(control: IssueIntake & GitHubs): IssuePoll {
  const watched = new Map<string, Watched>();
  const { github } = control.configuration;
  return async (signal, news) => {
    const asked = new Set<string>();
    for (const { name, url } of Object.values(control.log.state.repositories)) {
      if (signal?.aborted === true) return;
      const repository = gitHubRepository(url, github);
      const key = repository === null ? null : gitHubUrl(repository, github).toLowerCase();
      // A repository that is registered twice is polled once.
      if (key === null || asked.has(key) || news?.has(name) === false) continue;
      asked.add(key);
      const known = watched.get(key) ?? newlyWatched();
      watched.set(key, known);
      const nowMs = Date.now();
      if (news !== undefined) known.newsMs = nowMs;
      const isResting = news === undefined && mayRest(known, { nowMs, pollMs: control.configuration.intake.pollMs });
      if (known.notBefore <= nowMs && !isResting) await pollRepository({ name, url }, known, control);
    }
  };
}

function newlyWatched(): Watched {
  return { etag: null, seen: new Map(), due: new Map(), notBefore: 0, problem: null, seenMs: 0, newsMs: null };
}

/** Whether the next look can wait: the webhook works, its last delivery is old enough that GitHub's list shows the cause, and no issue is left to inspect. */
export function mayRest(
  { newsMs, seenMs, due }: Pick<Watched, "newsMs" | "seenMs" | "due">,
  { nowMs, pollMs }: { nowMs: number; pollMs: number },
): boolean {
  if (newsMs === null || nowMs - newsMs > provenMs || nowMs - newsMs < 2 * pollMs || due.size > 0) return false;
  return nowMs - seenMs < restMs;
}

async function pollRepository(
  { name, url }: { name: string; url: string },
  watched: Watched,
  control: IssueIntake & GitHubs,
): Promise<void> {
  try {
    const gitHub = await connectTo(url, control);
    if (gitHub === null)
      throw new Fault("github-refused", "no credential is stored: aedev secrets set AEDEV_GITHUB_TOKEN");
    await readList(gitHub, watched, control.configuration.intake.label);
    watched.seenMs = Date.now();
    for (const number of [...watched.due.keys()])
      await inspectDue(number, { repository: name, gitHub }, watched, control);
    if (watched.due.size === 0) reportProblem(watched, null);
  } catch (error) {
    if (error instanceof RateLimited) watched.notBefore = error.atMs;
    reportProblem(watched, `${name}: ${pollFailure(error)}`);
  }
}

async function inspectDue(number: number, place: IssuePlace, watched: Watched, control: IssueIntake): Promise<void> {
  const { failures = 0, notBefore = 0 } = watched.due.get(number) ?? {};
  if (notBefore > Date.now()) return;
  try {
    await inspectIssue(number, place, control);
    watched.due.delete(number);
  } catch (error) {
    if (error instanceof RateLimited) throw error;
    const pause = Math.min(control.configuration.intake.pollMs * 2 ** failures, pauseMsMax);
    watched.due.set(number, { failures: failures + 1, notBefore: Date.now() + pause });
    reportProblem(watched, `${place.repository}#${number}: ${pollFailure(error)}`);
  }
}

/** Marks issues that changed since they were listed, oldest change first. */
async function readList(gitHub: GitHubConnection, watched: Watched, label: string): Promise<void> {
  const first = await listLabelled(gitHub, { label, page: 1, tag: watched.etag });
  if (first.kind === "absent") throw new Fault("github-refused", "the repository's issues can't be read");
  if (first.kind === "unchanged") return;
  const changed: ListedIssue[] = [];
  let page = first.document;
  for (let number = 1; ; number += 1) {
    const fresh = page.filter((issue) => watched.seen.get(issue.number) !== versionOf(issue));
    changed.push(...fresh);
    // The list has the latest change first, so behind an unchanged issue nothing changed.
    if (fresh.length < page.length || page.length < issuesPerPage || number === pagesMax) break;
    const next = await listLabelled(gitHub, { label, page: number + 1, tag: null });
    page = next.kind === "read" ? next.document : [];
  }
  for (const issue of changed.toReversed()) {
    watched.seen.set(issue.number, versionOf(issue));
    if (issue.pull_request === undefined) watched.due.set(issue.number, { failures: 0, notBefore: 0 });
  }
  // Set last, so that a list that could not be read to the end is read again.
  watched.etag = first.tag;
}

/** A text that differs after each change of an issue or its comments. */
function versionOf({ updated_at, comments, title, body }: ListedIssue): string {
  return sha256(JSON.stringify([updated_at, comments, title, body ?? null]));
}

/** Writes a new problem to the daemon's log once. */
function reportProblem(watched: Watched, problem: string | null): void {
  if (problem !== null && problem !== watched.problem) complain(`issues: ${problem}`);
  watched.problem = problem;
}
