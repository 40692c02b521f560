/** Decides whether a pull request may be merged now, from the checks and reviews on its head as GitHub reports them. */
import { foreignName, type PullRequestWait } from "@aedev/contracts";
import { z } from "zod";
import { type BranchRules, readBranchRules } from "./branch-rules.ts";
import { isGreen } from "./check-conclusions.ts";
import { type GitHubConnection, readAll } from "./connection.ts";
import { evidenceCheckName } from "./evidence-check.ts";
import type { PullRequest } from "./pull-requests.ts";
import { reviewWaits } from "./review-waits.ts";

/** `failed`: checks that ended red. `waits`: what has to happen first. If both are empty, it may be merged. */
export interface MergeReadiness {
  readonly failed: readonly string[];
  readonly waits: readonly PullRequestWait[];
  readonly rules: BranchRules;
}

/** Pages of 100 that are read of each list. */
const pagesMax = 10;
/** How many waits are recorded. */
const waitsMax = 100;
/** If no check is required but the repository has workflows, a new head is not merged for this long: GitHub needs time to start them. */
const startMs = 120_000;

const runsSchema = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      check_suite: z.object({ id: z.number() }).nullish(),
    }),
  ),
});
const suitesSchema = z.object({
  check_suites: z.array(
    z.object({
      id: z.number(),
      status: z.string().nullable(),
      latest_check_runs_count: z.int().nonnegative(),
      app: z.object({ name: z.string() }).nullish(),
    }),
  ),
});
const statusSchema = z.object({ statuses: z.array(z.object({ context: z.string(), state: z.string() })) });

type CheckState = "passed" | "running" | "failed";

/**
 * `hasWorkflows`: the base has workflows, which run on the head. `headAt`: when this head was first seen. `withoutChecks`: a person accepts that no check
 * reported on it. Throws as `sendChange` does.
 */
export async function readinessOf(
  gitHub: GitHubConnection,
  options: { pull: PullRequest; base: string; hasWorkflows: boolean; headAt: string; withoutChecks: boolean },
): Promise<MergeReadiness> {
  const { pull, base } = options;
  const rules = await readBranchRules(gitHub, base);
  if (pull.draft === true) return { failed: [], waits: [{ kind: "draft" }], rules };
  const checks = await checksOn(gitHub, pull.head.sha);
  const isClean = pull.mergeable_state === "clean";
  // Without required checks all checks count, so that nothing merges over a red one.
  const names = rules.checks.length === 0 ? [...checks.keys()] : rules.checks;
  const inState = (state: CheckState) => names.filter((name) => checks.get(name) === state).map(foreignName);
  const failed = inState("failed").toSorted();
  // A job that waits for another has no check yet, but its suite is still running.
  const mayHaveMore = rules.checks.length === 0 && inState("running").length === 0;
  const suites = mayHaveMore ? await openSuites(gitHub, { commit: pull.head.sha, own: checks.ownSuites }) : [];
  const isNew = Date.now() - Date.parse(options.headAt) < startMs;
  const waits: PullRequestWait[] = [
    ...[...inState("running"), ...suites].map((name) => ({ kind: "check-running", name }) as const),
    ...rules.checks
      .filter((name) => !checks.has(name))
      .map((name) => ({ kind: "check-missing", name: foreignName(name) }) as const),
    ...(checks.unreadable && !isClean ? [{ kind: "checks-unreadable" } as const] : []),
    ...(rules.checks.length === 0 && options.hasWorkflows ? workflowWaits(checks, { ...options, isNew }) : []),
    ...(await reviewWaits(gitHub, { number: pull.number, required: isClean ? 0 : rules.approvals })),
  ];
  if (waits.length === 0 && failed.length === 0 && pull.mergeable_state === "blocked") waits.push({ kind: "blocked" });
  // Sorted, because GitHub's order may differ between two looks.
  return { failed, waits: waits.toSorted(byText).slice(0, waitsMax), rules };
}

/** A text such as `[skip ci]` or a setting can keep workflows from starting, and a head without any check has not passed (SECURITY T38). */
function workflowWaits(
  checks: Checks,
  { isNew, withoutChecks }: { isNew: boolean; withoutChecks: boolean },
): PullRequestWait[] {
  if (isNew) return [{ kind: "checks-not-started" }];
  return checks.size > 0 || checks.unreadable || withoutChecks ? [] : [{ kind: "no-checks" }];
}

function byText(left: PullRequestWait, right: PullRequestWait): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

/** Every check and status on a commit except aedev's own, by name; of two with the same name, the worse counts. */
class Checks extends Map<string, CheckState> {
  /** True if the credential may not read check runs, so that some may be missing. */
  unreadable = false;
  /** Suites that contain only aedev's own check. */
  readonly ownSuites = new Set<number>();
}

/**
 * Names of unfinished suites that have checks. GitHub also makes an empty suite for every app that may write checks; if the app never reports, it stays queued
 * for ever.
 */
async function openSuites(
  gitHub: GitHubConnection,
  { commit, own }: { commit: string; own: ReadonlySet<number> },
): Promise<string[]> {
  const pages = await readAll(gitHub, {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/check-suites",
    parameters: { ref: commit },
    effect: "peek",
    schema: suitesSchema,
    pagesMax,
  });
  const open = (pages ?? [])
    .flatMap(({ check_suites }) => check_suites)
    .filter((suite) => suite.status !== "completed" && suite.latest_check_runs_count > 0 && !own.has(suite.id));
  return [...new Set(open.map(({ app }) => foreignName(`suite of ${app?.name ?? "an app"}`)))];
}

async function checksOn(gitHub: GitHubConnection, commit: string): Promise<Checks> {
  const list = { parameters: { ref: commit }, effect: "peek", pagesMax } as const;
  // A fine-grained token can't get the permission to read check runs of a private repository.
  const runs = await readAll(gitHub, {
    ...list,
    route: "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    schema: runsSchema,
  });
  const statuses = await readAll(gitHub, {
    ...list,
    route: "GET /repos/{owner}/{repo}/commits/{ref}/status",
    schema: statusSchema,
  });
  const found: [string, CheckState][] = [
    ...(runs ?? [])
      .flatMap(({ check_runs }) => check_runs)
      .map((run): [string, CheckState] => [run.name, stateOf(run)]),
    ...(statuses ?? [])
      .flatMap(({ statuses: all }) => all)
      .map(({ context, state }): [string, CheckState] => [
        context,
        state === "success" ? "passed" : state === "pending" ? "running" : "failed",
      ]),
  ];
  const worst = new Checks();
  worst.unreadable = runs === null || statuses === null;
  const all = (runs ?? []).flatMap(({ check_runs }) => check_runs);
  const others = new Set(all.flatMap((run) => (run.name === evidenceCheckName ? [] : (run.check_suite?.id ?? []))));
  for (const { name, check_suite: suite } of all)
    if (name === evidenceCheckName && suite != null && !others.has(suite.id)) worst.ownSuites.add(suite.id);
  for (const [name, state] of found)
    if (name !== evidenceCheckName && rank[state] >= rank[worst.get(name) ?? "passed"]) worst.set(name, state);
  return worst;
}

function stateOf({ status, conclusion }: { status: string; conclusion: string | null }): CheckState {
  if (status !== "completed") return "running";
  return isGreen(conclusion) ? "passed" : "failed";
}

const rank: Record<CheckState, number> = { passed: 0, running: 1, failed: 2 };
