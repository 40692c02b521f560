/** The check `aedev / evidence` on the head of a pull request: a check run where aedev is an app, else a commit status. One for each head. */
import { type HostText, host, hostLine, hostText, isFault } from "@aedev/contracts";
import { z } from "zod";
import { act, type GitHubConnection, read, type Written } from "./connection.ts";

/** Its name, by which a branch can require it. */
export const evidenceCheckName = "aedev / evidence";
/** GitHub's bound on the description of a status. */
const descriptionCharactersMax = 140;

export interface EvidenceCheck {
  /** The head of the pull request. */
  readonly commit: string;
  readonly bundleDigest: string;
  /** One line. */
  readonly title: HostText;
  /** Markdown. */
  readonly summary: HostText;
  /** `waiting`: a person is asked, and the check is pending. */
  readonly state: "accepted" | "waiting";
}

const runsSchema = z.object({
  check_runs: z.array(
    z.object({
      id: z.int(),
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

/** What the check says then. */
const reported = {
  accepted: { status: "success", run: { status: "completed", conclusion: "success" } },
  waiting: { status: "pending", run: { status: "in_progress" } },
} as const;

/** Reports how the evidence of a bundle stands, unless that is reported already; a pending check becomes the accepted one. Throws as `act` does. */
export async function reportEvidence(gitHub: GitHubConnection, check: EvidenceCheck): Promise<void> {
  const { commit, bundleDigest, title, summary, state } = check;
  const { status, run } = reported[state];
  if (gitHub.identity === "token") {
    if (await hasStatus(gitHub, check)) return;
    await act(gitHub, {
      effect: "report",
      route: "POST /repos/{owner}/{repo}/statuses/{sha}",
      parameters: { sha: commit, context: evidenceCheckName, state: status, description: descriptionOf(check) },
      schema: z.object({ context: z.literal(evidenceCheckName) }),
    });
    return;
  }
  const own = (await runsOn(gitHub, commit)).filter(({ external_id }) => external_id === bundleDigest);
  if (own.some((one) => stateOf(one) === status)) return;
  const pending = own.find((one) => stateOf(one) === "pending");
  const change = { ...run, output: { title, summary } };
  if (pending !== undefined && (await changeRun(gitHub, pending.id, change))) return;
  await createRun(gitHub, commit, { ...change, external_id: bundleDigest });
}

const runSchema = z.object({ name: z.literal(evidenceCheckName) });

/** False: GitHub refuses it, because the run is another app's. Throws as `act` does otherwise. */
async function changeRun(gitHub: GitHubConnection, id: number, change: Written): Promise<boolean> {
  try {
    await act(gitHub, {
      effect: "report",
      route: "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
      parameters: { ...change, check_run_id: id },
      schema: runSchema,
    });
    return true;
  } catch (error) {
    if (isFault(error, "HOLD-REMOTE-REFUSED") && !error.retry) return false;
    throw error;
  }
}

async function createRun(gitHub: GitHubConnection, commit: string, change: Written): Promise<void> {
  await act(gitHub, {
    effect: "report",
    route: "POST /repos/{owner}/{repo}/check-runs",
    parameters: { ...change, name: evidenceCheckName, head_sha: commit },
    schema: runSchema,
  });
}

/** A check that is taken back. `withdrawn`: the change was rejected or its task cancelled. `under-way`: another change is being made. */
export interface EvidenceTakenBack {
  readonly commit: string;
  readonly state: "withdrawn" | "under-way";
  /** One line. */
  readonly title: HostText;
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
    const runs = await runsOn(gitHub, commit);
    const found = runs.filter((one) => overdue.includes(stateOf(one)));
    // Another app's run stays as it is: ours beside it is what was to be done.
    const external_id = `taken back: ${state}`;
    if (found.length === 0 || runs.some((one) => one.external_id === external_id)) return;
    const change = { ...run, external_id, output: { title, summary: title } };
    // GitHub opens no completed run again, and a run of another app is not ours to change: either takes a new one.
    const [pending] = found.every((one) => stateOf(one) === "pending") ? found : [];
    if (pending !== undefined && (await changeRun(gitHub, pending.id, change))) return;
    await createRun(gitHub, commit, change);
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

async function hasStatus(gitHub: GitHubConnection, check: EvidenceCheck): Promise<boolean> {
  return (await statusesOn(gitHub, check.commit)).some(
    ({ state, description }) => state === reported[check.state].status && description === descriptionOf(check),
  );
}

/** A run that is under way has no conclusion. */
function stateOf({ conclusion }: { readonly conclusion?: string | null | undefined }): string {
  return conclusion ?? "pending";
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
function descriptionOf({ title, bundleDigest }: EvidenceCheck): HostText {
  return hostLine(host`${hostText(bundleDigest.slice(0, 12))}: ${title}`, descriptionCharactersMax, "home");
}
