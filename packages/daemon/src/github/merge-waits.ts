/** Whether a pull request may be merged now: the checks and reviews that its branch requires, as GitHub reports them on its head. */
import { foreignName, type PullRequestWait } from "@aedev/contracts";
import { z } from "zod";
import { type GitHubConnection, read, readAll } from "./connection.ts";
import { evidenceCheckName } from "./evidence-check.ts";
import type { PullRequest } from "./pull-requests.ts";

/** `failed`: checks that ended red. `waits`: what has to happen first; both empty: it may be merged. */
export interface MergeReadiness {
  readonly failed: readonly string[];
  readonly waits: readonly PullRequestWait[];
}

/** Pages of 100 of each list. */
const pagesMax = 10;
/** Of them are recorded. */
const waitsMax = 100;
/** How long a new head without any check is not merged if the repository has workflows: GitHub needs seconds to start them. */
const startMs = 120_000;

const rulesSchema = z.array(
  z.object({
    type: z.string(),
    parameters: z
      .object({
        required_status_checks: z.array(z.object({ context: z.string() })).optional(),
        required_approving_review_count: z.int().nonnegative().optional(),
      })
      .optional(),
  }),
);
const branchSchema = z.object({
  protection: z.object({ required_status_checks: z.object({ contexts: z.array(z.string()) }).nullish() }).optional(),
});
const runsSchema = z.object({
  check_runs: z.array(z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable() })),
});
const statusSchema = z.object({ statuses: z.array(z.object({ context: z.string(), state: z.string() })) });
const reviewsSchema = z.array(
  z.object({
    state: z.string(),
    user: z.object({ login: z.string() }).nullable(),
    author_association: z.string(),
  }),
);

type CheckState = "passed" | "running" | "failed";
const passing: ReadonlySet<string | null> = new Set(["success", "neutral", "skipped"]);
/** Who may write, of whom alone a review counts at GitHub. */
const writers: ReadonlySet<string> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/** `hasWorkflows`: the base has workflows, which run on the head. `headAt`: when the head was made. Throws as `act` does. */
export async function readinessOf(
  gitHub: GitHubConnection,
  options: { pull: PullRequest; base: string; hasWorkflows: boolean; headAt: string },
): Promise<MergeReadiness> {
  const { pull, base } = options;
  if (pull.draft === true) return { failed: [], waits: [{ kind: "draft" }] };
  const required = await requirementsOf(gitHub, base);
  const checks = await checksOn(gitHub, pull.head.sha);
  const counted = [...checks].filter(([name]) => required.checks.length === 0 || required.checks.includes(name));
  const failed = counted.filter(([, state]) => state === "failed").map(([name]) => foreignName(name));
  const running = counted.filter(([, state]) => state === "running").map(([name]) => foreignName(name));
  const missing = required.checks.filter((name) => !checks.has(name) && name !== evidenceCheckName).map(foreignName);
  const isNew = Date.now() - Date.parse(options.headAt) < startMs;
  const waits: PullRequestWait[] = [
    ...running.map((name) => ({ kind: "check-running", name }) as const),
    ...missing.map((name) => ({ kind: "check-missing", name }) as const),
    ...(checks.size === 0 && options.hasWorkflows && isNew ? [{ kind: "checks-not-started" } as const] : []),
    ...(await reviewWaits(gitHub, { number: pull.number, required: required.approvals })),
  ];
  if (waits.length === 0 && failed.length === 0 && pull.mergeable_state === "blocked") waits.push({ kind: "blocked" });
  return { failed, waits: waits.slice(0, waitsMax) };
}

/** By rulesets and by classic protection, as far as they can be read: what can't be shows as `blocked`. */
async function requirementsOf(
  gitHub: GitHubConnection,
  base: string,
): Promise<{ checks: readonly string[]; approvals: number }> {
  const branch = { branch: base };
  const rules = await read(gitHub, {
    route: "GET /repos/{owner}/{repo}/rules/branches/{branch}",
    parameters: { ...branch, per_page: 100 },
    schema: rulesSchema,
  });
  const protection = await read(gitHub, {
    route: "GET /repos/{owner}/{repo}/branches/{branch}",
    parameters: branch,
    schema: branchSchema,
  });
  const parameters = (rules ?? []).flatMap((rule) => rule.parameters ?? []);
  const ofRules = parameters.flatMap(({ required_status_checks = [] }) => required_status_checks);
  const classic = protection?.protection?.required_status_checks?.contexts ?? [];
  return {
    checks: [...new Set([...ofRules.map(({ context }) => context), ...classic])],
    approvals: Math.max(
      0,
      ...parameters.map(({ required_approving_review_count = 0 }) => required_approving_review_count),
    ),
  };
}

/** Every check and status on a commit but aedev's own, by name; of two with one name, the worse counts. */
async function checksOn(gitHub: GitHubConnection, commit: string): Promise<Map<string, CheckState>> {
  const parameters = { ref: commit };
  const runs = await readAll(gitHub, {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    parameters,
    schema: runsSchema,
    pagesMax,
  });
  const statuses = await readAll(gitHub, {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/status",
    parameters,
    schema: statusSchema,
    pagesMax,
  });
  const found: [string, CheckState][] = [
    ...runs.flatMap(({ check_runs }) => check_runs).map((run): [string, CheckState] => [run.name, stateOf(run)]),
    ...statuses
      .flatMap(({ statuses: all }) => all)
      .map(({ context, state }): [string, CheckState] => [
        context,
        state === "success" ? "passed" : state === "pending" ? "running" : "failed",
      ]),
  ];
  const worst = new Map<string, CheckState>();
  for (const [name, state] of found)
    if (name !== evidenceCheckName && rank(state) >= rank(worst.get(name) ?? "passed")) worst.set(name, state);
  return worst;
}

function stateOf({ status, conclusion }: { status: string; conclusion: string | null }): CheckState {
  if (status !== "completed") return "running";
  return passing.has(conclusion) ? "passed" : "failed";
}

function rank(state: CheckState): number {
  return { passed: 0, running: 1, failed: 2 }[state];
}

/** The newest decisive review of each person with write access: a comment replaces none, a dismissal takes one back. */
async function reviewWaits(
  gitHub: GitHubConnection,
  { number, required }: { number: number; required: number },
): Promise<PullRequestWait[]> {
  const pages = await readAll(gitHub, {
    route: "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    parameters: { pull_number: number },
    schema: reviewsSchema,
    pagesMax,
  });
  const latest = new Map<string, string>();
  for (const { state, user, author_association } of pages.flat())
    if (
      user !== null &&
      writers.has(author_association) &&
      ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"].includes(state)
    )
      latest.set(user.login, state);
  const against = [...latest].filter(([, state]) => state === "CHANGES_REQUESTED").map(([login]) => login);
  const missing = required - [...latest].filter(([, state]) => state === "APPROVED").length;
  return [
    ...against.map((login) => ({ kind: "changes-requested", by: foreignName(login) }) as const),
    ...(missing > 0 ? [{ kind: "approvals", missing } as const] : []),
  ];
}
