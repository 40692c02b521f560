/**
 * Watches a repository's landed changes: their branches with git alone, and the checks of their commits at GitHub. It only reads, and remembers in memory only:
 * after a restart it looks again, and what is recorded already causes no second event.
 */
import { Fault, isFault, isTaskBranch } from "@aedev/contracts";
import { type CommandBody, newOutcomes, type Observation, watchedLandings } from "@aedev/core";
import { newId } from "../control/control.ts";
import type { Deferred } from "../control/deferred.ts";
import { laneBound } from "../control/lane-bound.ts";
import type { Configured, GitHubs, Mirrors, Records, Rules, Trust } from "../control/parts.ts";
import { mirrorDirectory, type RepositoryOptions } from "../git/bare-repository.ts";
import { fetchBranch } from "../git/mirror.ts";
import { type BranchFinding, type BranchWatch, beginWatch, followBranch } from "../git/watch-branch.ts";
import { connectTo } from "../github/connect.ts";
import { RateLimited } from "../github/connection.ts";
import { compareLanded } from "./compare-landed.ts";
import { type ChecksWatch, createChecksWatch, type WatchedCommit } from "./watch-checks.ts";

type Landings = ReturnType<typeof watchedLandings>;
type Landing = Landings[number];
type Mirrored = RepositoryOptions & { url: string };

/** News from a busy repository make aedev fetch its branches no more often than this. */
const newsPauseMs = 60_000;

/** What this daemon has seen of one repository's landings. */
interface Memory {
  /** How far each landed commit has been followed. */
  readonly branches: Map<string, BranchWatch>;
  /** The newest commit of each branch. */
  readonly tips: Map<string, string>;
  readonly checks: ChecksWatch;
  /** When the branches are fetched next, in milliseconds since the epoch. */
  branchesDueMs: number;
  /** When the branches were last fetched, and when news last came. */
  branchesSeenMs: number;
  newsMs: number;
  /** No request before this time, because GitHub set a limit or gave no answer. */
  gitHubNotBeforeMs: number;
}

const memories = new WeakMap<object, Map<string, Memory>>();

function memoryOf(control: object, repository: string): Memory {
  const all = memories.get(control) ?? new Map<string, Memory>();
  memories.set(control, all);
  const known = all.get(repository) ?? newMemory();
  all.set(repository, known);
  return known;
}

function newMemory(): Memory {
  const never = { branchesDueMs: 0, branchesSeenMs: 0, newsMs: 0, gitHubNotBeforeMs: 0 };
  return { branches: new Map(), tips: new Map(), checks: createChecksWatch(), ...never };
}

/** News came from the repository: its landings are looked at soon. */
export function expectNews(repository: string, control: object): void {
  const memory = memoryOf(control, repository);
  memory.newsMs = Date.now();
  memory.branchesDueMs = Math.min(memory.branchesDueMs, memory.branchesSeenMs + newsPauseMs);
  memory.checks.expectNews();
}

/** Adds to a landing's result how long its outcome is watched. A task's own branch is not watched, because nobody has merged it yet. */
export function withWatch<T extends CommandBody | Deferred | null>(
  result: T,
  { configuration }: Configured<"outcomes">,
): T {
  const { watchMs } = configuration.outcomes;
  if (watchMs === null || result?.kind !== "RecordLanded" || isTaskBranch(result.ref, result.task_id)) return result;
  return { ...result, watch_until: new Date(Date.now() + watchMs).toISOString() };
}

/** `RecordOutcomes` with new outcomes, or the time of the next look. Throws as `fetchBranch` does if the remote gives no answer. */
export async function watchLandings(
  repository: string,
  control: Mirrors & Trust & Records & Rules & GitHubs & Configured<"outcomes">,
): Promise<CommandBody | Deferred> {
  const { watchMs, pollMs } = control.configuration.outcomes;
  const nowMs = Date.now();
  const known = control.log.state.repositories[repository];
  const landings = known === undefined ? [] : watchedLandings(known, new Date(nowMs).toISOString());
  if (known === undefined || watchMs === null || landings.length === 0)
    return { kind: "Deferred", atMs: nowMs + pollMs };
  const memory = memoryOf(control, repository);
  const mirror = { ...control.mirror(repository), url: known.url };
  if (memory.branchesDueMs <= nowMs || landings.some(({ commit }) => !memory.branches.has(commit))) {
    const outcomes = newObservations(control, repository, await readBranches(landings, { memory, mirror, control }));
    if (outcomes.length > 0) return recordOutcomes(repository, outcomes, control);
    const isBehind = landings.some(({ commit }) => memory.branches.get(commit)?.isBehind === true);
    // News that came meanwhile may be about something later than this look.
    const pauseMs = memory.newsMs >= nowMs ? Math.min(newsPauseMs, pollMs) : pollMs;
    memory.branchesDueMs = isBehind ? nowMs : nowMs + pauseMs;
    memory.branchesSeenMs = nowMs;
  }
  const commits = landings.map(({ task_id, commit, broke }) => {
    const before = memory.branches.get(commit)?.before ?? null;
    return { task_id, commit, before, stays: broke !== undefined };
  });
  const asked = [...commits, ...brokenTips(landings, memory)];
  await readDueChecks(asked, { memory, url: known.url, control });
  const outcomes = newObservations(control, repository, memory.checks.red(commits));
  const passed = passedAgain(landings, memory);
  if (outcomes.length + passed.length > 0) return recordOutcomes(repository, outcomes, control, passed);
  const due = memory.checks.dueMs(asked, Date.now());
  const checksAt = due === null ? Number.POSITIVE_INFINITY : Math.max(due, memory.gitHubNotBeforeMs);
  return { kind: "Deferred", atMs: Math.min(memory.branchesDueMs, checksAt), untilNewsOf: repository };
}

/** The newest commit of each branch where a check that a landing broke doesn't pass yet. */
function brokenTips(landings: Landings, { tips }: Memory): WatchedCommit[] {
  const known = new Set(landings.map(({ commit }) => commit));
  return landings.flatMap(({ task_id, ref, broke }) => {
    const commit = tips.get(ref);
    if (broke === undefined || commit === undefined || known.has(commit)) return [];
    known.add(commit);
    return [{ task_id, commit, before: null, stays: true }];
  });
}

/** The broken checks that pass on the newest commit that has them: the branch's tip, a later landing, or another attempt on the landed commit. */
function passedAgain(landings: Landings, { tips, checks }: Memory): { task_id: string; check: string }[] {
  return landings.flatMap(({ task_id, ref, commit, broke }, index) => {
    const newer = landings.slice(index + 1).filter((one) => one.ref === ref);
    const newestFirst = [tips.get(ref) ?? commit, ...newer.map((one) => one.commit).toReversed(), commit];
    return (broke?.checks ?? [])
      .filter((check) => checks.newest(newestFirst, check) === "passed")
      .map((check) => ({ task_id, check }));
  });
}

/** Adds an approval for each red change, so that the phone can offer to revert it. */
function recordOutcomes(
  repository: string,
  outcomes: readonly Observation[],
  control: Rules & Records,
  passed: ReturnType<typeof passedAgain> = [],
): CommandBody {
  const red = new Set(outcomes.filter(({ outcome }) => outcome === "red").map(({ task_id }) => task_id));
  const expires_at = new Date(Date.now() + control.policy().approvals.expires_after_ms).toISOString();
  const offers = [...red].map((task_id) => ({ task_id, approval_id: newId("a"), expires_at }));
  return {
    kind: "RecordOutcomes",
    repository,
    outcomes,
    ...laneBound(repository, control),
    ...(offers.length === 0 ? {} : { offers }),
    ...(passed.length === 0 ? {} : { passed }),
  };
}

/** The outcomes that the log doesn't have yet. */
function newObservations(
  control: Records,
  repository: string,
  outcomes: readonly Observation[],
): readonly Observation[] {
  if (outcomes.length === 0) return [];
  const state = control.log.stateWith({ tasks: outcomes.map(({ task_id }) => task_id) });
  return newOutcomes(state, { repository, outcomes });
}

/** Follows a landing further only after the outcomes found for it are recorded. */
async function readBranches(
  landings: Landings,
  { memory, mirror, control }: { memory: Memory; mirror: Mirrored; control: Mirrors & Trust & Records },
): Promise<readonly Observation[]> {
  const { repository, timeoutMs } = mirror;
  const call = { gitDir: mirrorDirectory(mirror), timeoutMs };
  const watched = new Set(landings.map(({ commit }) => commit));
  for (const commit of memory.branches.keys()) if (!watched.has(commit)) memory.branches.delete(commit);
  const found: Observation[] = [];
  let failure: unknown;
  for (const ref of new Set(landings.map((landing) => landing.ref))) {
    try {
      const tip = await fetchBranch({ ...mirror, ref });
      memory.tips.set(ref, tip);
      await compareLanded(repository, tip, control);
      for (const landing of landings.filter((one) => one.ref === ref)) {
        const begun = memory.branches.get(landing.commit) ?? (await beginWatch(landing.commit, call));
        const { watch, findings } = await followBranch(begun, { ...call, tip });
        const outcomes = findings.map((finding) => observationOf(finding, landing, landings));
        const isNew = newObservations(control, repository, outcomes).length > 0;
        memory.branches.set(landing.commit, isNew ? begun : watch);
        found.push(...outcomes);
      }
    } catch (error) {
      // A missing branch must not hide what happened on the others.
      if (!(error instanceof Fault) || isFault(error, "log-untrusted")) throw error;
      failure ??= error;
    }
  }
  if (found.length === 0 && failure !== undefined) throw failure;
  return found;
}

function observationOf(finding: BranchFinding, { task_id, commit, ref }: Landing, landings: Landings): Observation {
  if (finding.outcome === "gone")
    return { task_id, commit, outcome: "gone", evidence: { kind: "branch", ref, tip: finding.tip } };
  const { outcome, ids, subject, saysRevert: says_revert, lines } = finding;
  const by = landings.find((other) => ids.includes(other.commit))?.task_id ?? null;
  return {
    task_id,
    commit,
    outcome,
    evidence: { kind: "commit", commit: finding.commit, subject, says_revert, lines, task_id: by },
  };
}

/** Makes at most one request. An outage or a limit of GitHub does not fail the look, because it hides nothing that git shows. */
async function readDueChecks(
  commits: readonly WatchedCommit[],
  { memory, url, control }: { memory: Memory; url: string; control: GitHubs & Configured<"outcomes"> },
): Promise<void> {
  const { pollMs } = control.configuration.outcomes;
  const nowMs = Date.now();
  const due = memory.checks.dueMs(commits, nowMs);
  if (due === null || Math.max(due, memory.gitHubNotBeforeMs) > nowMs) return;
  try {
    const gitHub = await connectTo(url, control);
    // Without GitHub or a credential, look again when the branches are next looked at.
    if (gitHub === null) memory.gitHubNotBeforeMs = nowMs + pollMs;
    else await memory.checks.read(commits, { gitHub, nowMs, pollMs });
  } catch (error) {
    if (!(error instanceof RateLimited || error instanceof Fault)) throw error;
    memory.gitHubNotBeforeMs = error instanceof RateLimited ? error.atMs : nowMs + pollMs;
  }
}
