/** Commit statuses and check runs: recording them, finding the latest, and combining them. */

import type {
  AccountRecord,
  AppRecord,
  CheckRunRecord,
  RepositoryRecord,
  RequiredCheck,
  StatusRecord,
} from "./records.ts";
import { GitHubRefusal, validationFailed } from "./refusal.ts";
import { instant, type World } from "./world.ts";

/** The input for posting a commit status. */
export type StatusInput = Pick<StatusRecord, "sha" | "state"> &
  Partial<Pick<StatusRecord, "context" | "description" | "targetUrl">>;
export function recordStatus(
  world: World,
  repository: RepositoryRecord,
  { creator, ...input }: StatusInput & { creator: AccountRecord },
): StatusRecord {
  const status: StatusRecord = {
    context: "default",
    description: null,
    targetUrl: null,
    ...input,
    id: world.nextId(),
    creator,
    createdAt: instant(world),
  };
  repository.statuses.push(status);
  return status;
}

/** The input for creating or updating a check run. */
export type CheckRunInput = Partial<
  Pick<CheckRunRecord, "status" | "conclusion" | "externalId" | "detailsUrl" | "startedAt" | "completedAt" | "name">
> & { readonly output?: Partial<CheckRunRecord["output"]> };

/** An app has one suite of check runs per commit. */
export function createCheckRun(
  world: World,
  repository: RepositoryRecord,
  { app, headSha, name, ...input }: CheckRunInput & { app: AppRecord; headSha: string; name: string },
): CheckRunRecord {
  const sibling = repository.checkRuns.find((run) => run.app.id === app.id && run.headSha === headSha);
  const run: CheckRunRecord = {
    id: world.nextId(),
    app,
    headSha,
    name,
    suiteId: sibling?.suiteId ?? world.nextId(),
    status: "queued",
    conclusion: null,
    externalId: "",
    detailsUrl: null,
    startedAt: instant(world),
    completedAt: null,
    output: { title: null, summary: null, text: null, annotations: 0 },
  };
  applyCheckRun(world, run, input);
  repository.checkRuns.push(run);
  return run;
}

/** A conclusion completes the run, and a completed run needs one. */
export function applyCheckRun(world: World, run: CheckRunRecord, input: CheckRunInput): void {
  const { output, status, conclusion, ...plain } = input;
  if (status === "completed" && (conclusion ?? run.conclusion) === null)
    throw validationFailed({ resource: "CheckRun", field: "conclusion", code: "missing_field" });
  Object.assign(run, plain);
  // Annotations of several requests add up; other fields are replaced.
  if (output !== undefined)
    run.output = { ...run.output, ...output, annotations: run.output.annotations + (output.annotations ?? 0) };
  if (conclusion !== undefined && conclusion !== null) {
    run.conclusion = conclusion;
    run.status = "completed";
    run.completedAt = input.completedAt ?? run.completedAt ?? instant(world);
  } else if (status !== undefined && status !== "completed") {
    run.status = status;
    run.conclusion = null;
    run.completedAt = null;
  }
}

/** The latest status of each context of a commit, newest first. */
export function latestStatuses(repository: RepositoryRecord, sha: string): StatusRecord[] {
  const latest = new Map<string, StatusRecord>();
  for (const status of repository.statuses) {
    if (status.sha !== sha) continue;
    latest.delete(status.context);
    latest.set(status.context, status);
  }
  return [...latest.values()].toReversed();
}

export function combinedState(statuses: readonly StatusRecord[]): "failure" | "pending" | "success" {
  if (statuses.some(({ state }) => state === "error" || state === "failure")) return "failure";
  return statuses.length === 0 || statuses.some(({ state }) => state === "pending") ? "pending" : "success";
}

/** Check runs of a commit, newest first. `latest`: only the newest of each app and name. */
export function checkRunsOf(repository: RepositoryRecord, sha: string, filter: "latest" | "all"): CheckRunRecord[] {
  const runs = repository.checkRuns.filter(({ headSha }) => headSha === sha).toReversed();
  if (filter === "all") return runs;
  const seen = new Set<string>();
  return runs.filter(({ app, name }) => {
    const key = `${app.id} ${name}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

export type CheckState = "success" | "pending" | "failing" | "expected";

/** The combined state of a commit for one required check; `expected`: no result so far. */
export function requiredCheckState(repository: RepositoryRecord, sha: string, check: RequiredCheck): CheckState {
  const runs = checkRunsOf(repository, sha, "latest").filter(
    ({ name, app }) => name === check.context && (check.appId === undefined || app.id === check.appId),
  );
  const statuses =
    check.appId === undefined ? latestStatuses(repository, sha).filter(({ context }) => context === check.context) : [];
  const states = [...runs.map(checkRunState), ...statuses.map(({ state }) => statusState(state))];
  if (states.length === 0) return "expected";
  return (["failing", "pending"] as const).find((state) => states.includes(state)) ?? "success";
}

/** True if any check of a commit failed or is not ready, required or not. */
export function isUnstable(repository: RepositoryRecord, sha: string): boolean {
  return (
    checkRunsOf(repository, sha, "latest").some((run) => checkRunState(run) !== "success") ||
    latestStatuses(repository, sha).some(({ state }) => state !== "success")
  );
}

function checkRunState({ status, conclusion }: CheckRunRecord): CheckState {
  if (status !== "completed") return "pending";
  return conclusion === "success" || conclusion === "neutral" || conclusion === "skipped" ? "success" : "failing";
}
function statusState(state: StatusRecord["state"]): CheckState {
  if (state === "success" || state === "pending") return state;
  return "failing";
}

export function findCheckRun(repository: RepositoryRecord, id: number): CheckRunRecord {
  const run = repository.checkRuns.find((candidate) => candidate.id === id);
  if (run === undefined) throw new GitHubRefusal(404, "Not Found");
  return run;
}
