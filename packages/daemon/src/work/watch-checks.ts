/**
 * Watches the checks of landed commits at GitHub, with one conditional request per call. It remembers in memory only and reads again after a restart. A check
 * is red if it failed on the landed commit and not on the commit before. A check that a landing broke passes again when the newest commit that has it says so.
 */
import type { Observation } from "@aedev/core";
import type { GitHubConnection } from "../github/connection.ts";
import { type CheckList, type CommitCheck, checkLists, readChecks } from "../github/landed-checks.ts";

/** A commit is no longer asked about after nothing was running or red for this long. */
const quietMs = 3_600_000;
/** The pause between two requests about one repository, or `outcomes.poll` if that is less. */
const requestPauseMs = 60_000;

/** One list of checks of one commit. */
interface ReadList {
  checks: readonly CommitCheck[];
  tag: string | null;
  /** When the list is read next, in milliseconds since the epoch. */
  dueMs: number;
  /** News make the list due from this time on, so lists that were read longer ago come first. */
  newsDueMs: number;
  known: boolean;
}

/** A landed commit whose checks are watched. `before` is its first parent. */
export interface WatchedCommit {
  readonly task_id: Observation["task_id"];
  readonly commit: string;
  readonly before: string | null;
  /** Keep asking about it even when nothing is running. */
  readonly stays?: boolean;
}

interface CommitWatch {
  readonly own: Record<CheckList, ReadList>;
  readonly before: Record<CheckList, ReadList>;
  quietSinceMs: number | null;
}

/** The checks of one repository's landed commits. */
export interface ChecksWatch {
  /** The checks that are red now. */
  red(commits: readonly WatchedCommit[]): readonly Observation[];
  /** How a check ended on the newest commit that has it (`commits`: newest first); `running` if one that may have it is unread; `absent` if none has it. */
  newest(commits: readonly string[], check: string): CheckState;
  /** When the next request is due, in milliseconds since the epoch; null if there is none. */
  dueMs(commits: readonly WatchedCommit[], nowMs: number): number | null;
  /** News came from the repository: every list is due now, but requests keep their pause. */
  expectNews(): void;
  /** Makes the request that is most overdue. Throws as `readIfChanged` does. */
  read(
    commits: readonly WatchedCommit[],
    options: { gitHub: GitHubConnection; nowMs: number; pollMs: number },
  ): Promise<void>;
}

export function createChecksWatch(): ChecksWatch {
  const watches = new Map<string, CommitWatch>();
  let nextRequestMs = 0;

  const watchOf = (commit: string): CommitWatch => {
    const known = watches.get(commit) ?? { own: newLists(), before: newLists(), quietSinceMs: null };
    watches.set(commit, known);
    return known;
  };

  /** The lists that are still read. The commit before is read only for lists in which the landed commit has a red check. */
  function openLists(
    { commit, before, stays = false }: WatchedCommit,
    nowMs: number,
  ): { commit: string; list: CheckList; read: ReadList }[] {
    const watch = watchOf(commit);
    if (!stays && watch.quietSinceMs !== null && nowMs - watch.quietSinceMs >= quietMs) return [];
    return checkLists.flatMap((list) => {
      const isRed = watch.own[list].checks.some(({ state }) => state === "failed");
      const own = { commit, list, read: watch.own[list] };
      return before === null || !isRed ? [own] : [{ commit: before, list, read: watch.before[list] }, own];
    });
  }

  function nextList(commits: readonly WatchedCommit[], nowMs: number) {
    const open = commits.flatMap((one) => openLists(one, nowMs).map((list) => ({ ...list, of: one.commit })));
    return open.toSorted((left, right) => left.read.dueMs - right.read.dueMs)[0];
  }

  function noteQuiet(commit: string, nowMs: number): void {
    const watch = watchOf(commit);
    const isOver = checkLists.every((list) => {
      const { known, checks } = watch.own[list];
      const isRunning = checks.some(({ state }) => state === "running");
      const isRed = checks.some(({ state }) => state === "failed");
      return known && !isRunning && (!isRed || (watch.before[list].known && !isUndecidedBefore(watch, list)));
    });
    watch.quietSinceMs = isOver ? (watch.quietSinceMs ?? nowMs) : null;
  }

  return {
    red: (commits) =>
      commits.flatMap(({ task_id, commit, before }) => {
        const watch = watchOf(commit);
        return checkLists
          .flatMap((list) => redIn(watch, list, before === null))
          .map((evidence): Observation => ({ task_id, commit, outcome: "red", evidence }));
      }),
    newest(commits, check) {
      const states = commits.map((commit) => {
        const own = watches.get(commit)?.own;
        // A list that is not read yet may say anything.
        if (own === undefined || checkLists.some((list) => !own[list].known)) return "running";
        return stateOf([...own.runs.checks, ...own.statuses.checks], check);
      });
      return states.find((state) => state !== "absent") ?? "absent";
    },
    dueMs(commits, nowMs) {
      const watched = new Set(commits.map(({ commit }) => commit));
      for (const commit of watches.keys()) if (!watched.has(commit)) watches.delete(commit);
      const next = nextList(commits, nowMs);
      return next === undefined ? null : Math.max(next.read.dueMs, nextRequestMs);
    },
    expectNews() {
      for (const { own, before } of watches.values())
        for (const list of checkLists)
          for (const read of [own[list], before[list]]) read.dueMs = Math.min(read.dueMs, read.newsDueMs);
    },
    async read(commits, { gitHub, nowMs, pollMs }) {
      const next = nextList(commits, nowMs);
      if (next === undefined) return;
      nextRequestMs = nowMs + Math.min(requestPauseMs, pollMs);
      Object.assign(next.read, { dueMs: nowMs + pollMs, newsDueMs: nowMs });
      const { read, list, commit, of } = next;
      const answer = await readChecks(gitHub, { commit, list, tag: read.tag });
      read.known = true;
      // A list that the credential may not read, or that no longer exists, is asked for less often.
      const rareDueMs = nowMs + Math.max(pollMs, quietMs);
      if (answer.kind === "absent") Object.assign(read, { dueMs: rareDueMs, newsDueMs: rareDueMs });
      if (answer.kind === "read") Object.assign(read, { checks: answer.document, tag: answer.tag });
      noteQuiet(of, nowMs);
    },
  };
}

function newLists(): Record<CheckList, ReadList> {
  const list = (): ReadList => ({ checks: [], tag: null, dueMs: 0, newsDueMs: 0, known: false });
  return { runs: list(), statuses: list() };
}

type CheckState = CommitCheck["state"] | "absent";
type CheckEvidence = Extract<Observation["evidence"], { kind: "check" }>;

/** Empty while the commit before is unread or its check is still running. */
function redIn({ own, before }: CommitWatch, list: CheckList, isFirst: boolean): CheckEvidence[] {
  if (!isFirst && !before[list].known) return [];
  const failed = own[list].checks.filter(({ state }) => state === "failed");
  const names = new Map(failed.map((check) => [check.name, check]));
  return [...names.values()].flatMap(({ name, url }): CheckEvidence[] => {
    const state = stateOf(before[list].checks, name);
    if (state === "failed" || state === "running") return [];
    return [{ kind: "check", name, url, before: state }];
  });
}

/** Whether a check that is red on the landed commit is still running on the one before. */
function isUndecidedBefore({ own, before }: CommitWatch, list: CheckList): boolean {
  return own[list].checks.some(
    ({ name, state }) => state === "failed" && stateOf(before[list].checks, name) === "running",
  );
}

/** If several checks share a name, the worst one counts, and a running one may still become the worst. */
function stateOf(checks: readonly CommitCheck[], name: string): CheckState {
  const states = new Set(checks.filter((check) => check.name === name).map(({ state }) => state));
  return (["failed", "running", "undecided", "passed"] as const).find((state) => states.has(state)) ?? "absent";
}
