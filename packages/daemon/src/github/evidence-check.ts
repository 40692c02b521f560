/** The check `aedev / evidence` on the head of a pull request: a check run where aedev is an app, else a commit status. One for each head. */
import { z } from "zod";
import { act, type GitHubConnection, read } from "./connection.ts";

/** Its name, by which a branch can require it. */
export const evidenceCheckName = "aedev / evidence";
/** GitHub's bound on the description of a status. */
const descriptionCharactersMax = 140;

export interface EvidenceCheck {
  /** The head of the pull request. */
  readonly commit: string;
  readonly bundleDigest: string;
  /** One line. */
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
}

const runsSchema = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      external_id: z.string().nullable(),
      status: z.string(),
      conclusion: z.string().nullish(),
    }),
  ),
});
const statusSchema = z.object({
  statuses: z.array(z.object({ context: z.string(), state: z.string(), description: z.string().nullable() })),
});

/** Reports that the evidence was accepted, unless that is reported for this bundle already. Throws as `act` does. */
export async function reportEvidence(gitHub: GitHubConnection, check: EvidenceCheck): Promise<void> {
  if (await (gitHub.identity === "app" ? hasRun(gitHub, check) : hasStatus(gitHub, check))) return;
  const { commit, bundleDigest, title, summary } = check;
  if (gitHub.identity === "app")
    await act(gitHub, {
      effect: "report",
      route: "POST /repos/{owner}/{repo}/check-runs",
      parameters: {
        name: evidenceCheckName,
        head_sha: commit,
        external_id: bundleDigest,
        status: "completed",
        conclusion: "success",
        output: { title, summary },
      },
      schema: z.object({ name: z.literal(evidenceCheckName) }),
    });
  else
    await act(gitHub, {
      effect: "report",
      route: "POST /repos/{owner}/{repo}/statuses/{sha}",
      parameters: { sha: commit, context: evidenceCheckName, state: "success", description: descriptionOf(check) },
      schema: z.object({ context: z.literal(evidenceCheckName) }),
    });
}

/** A check that is taken back. `withdrawn`: the change was rejected or its task cancelled. `under-way`: another change is being made. */
export interface EvidenceTakenBack {
  readonly commit: string;
  readonly state: "withdrawn" | "under-way";
  /** One line. */
  readonly title: string;
}

/** What the check says then: neither counts as passed, also if a branch requires it. GitHub has no cancelled status. */
const takenBack = {
  withdrawn: { status: "failure", run: { status: "completed", conclusion: "cancelled" } },
  "under-way": { status: "pending", run: { status: "in_progress" } },
} as const;

/** If the commit's check says that the evidence was accepted, it does not any more. Throws as `act` does. */
export async function takeEvidenceBack(gitHub: GitHubConnection, wanted: EvidenceTakenBack): Promise<void> {
  const { commit, state, title } = wanted;
  const { status, run } = takenBack[state];
  // One that is under way is taken back too, if the task has ended since.
  const overdue: readonly string[] = state === "under-way" ? ["success"] : ["success", "pending"];
  if (gitHub.identity === "app") {
    const stateOf = (one: { conclusion?: string | null | undefined }) => one.conclusion ?? "pending";
    if (!(await runsOn(gitHub, commit)).some((one) => overdue.includes(stateOf(one)))) return;
    await act(gitHub, {
      effect: "report",
      route: "POST /repos/{owner}/{repo}/check-runs",
      parameters: { name: evidenceCheckName, head_sha: commit, ...run, output: { title, summary: title } },
      schema: z.object({ name: z.literal(evidenceCheckName) }),
    });
    return;
  }
  if (!(await statusesOn(gitHub, commit)).some((one) => overdue.includes(one.state))) return;
  await act(gitHub, {
    effect: "report",
    route: "POST /repos/{owner}/{repo}/statuses/{sha}",
    parameters: { sha: commit, context: evidenceCheckName, state: status, description: title },
    schema: z.object({ context: z.literal(evidenceCheckName) }),
  });
}

async function hasRun(gitHub: GitHubConnection, { commit, bundleDigest }: EvidenceCheck): Promise<boolean> {
  return (await runsOn(gitHub, commit)).some(
    ({ external_id, conclusion }) => external_id === bundleDigest && conclusion === "success",
  );
}

async function hasStatus(gitHub: GitHubConnection, check: EvidenceCheck): Promise<boolean> {
  return (await statusesOn(gitHub, check.commit)).some(
    ({ state, description }) => state === "success" && description === descriptionOf(check),
  );
}

/** The newest check run of this name of each app. */
async function runsOn(gitHub: GitHubConnection, commit: string) {
  const found = await read(gitHub, {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    parameters: { ref: commit, check_name: evidenceCheckName, per_page: 100 },
    schema: runsSchema,
  });
  return (found?.check_runs ?? []).filter(({ name }) => name === evidenceCheckName);
}

/** The newest status of this name. */
async function statusesOn(gitHub: GitHubConnection, commit: string) {
  const found = await read(gitHub, {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/status",
    parameters: { ref: commit, per_page: 100 },
    schema: statusSchema,
  });
  return (found?.statuses ?? []).filter(({ context }) => context === evidenceCheckName);
}

/** Names the bundle, by which a status is recognized as reported. */
function descriptionOf({ title, bundleDigest }: EvidenceCheck): string {
  return `${bundleDigest.slice(0, 12)}: ${title}`.slice(0, descriptionCharactersMax);
}
