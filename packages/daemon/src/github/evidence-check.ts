/** Reports the check `aedev / evidence` on a pull request's head: as a check run if aedev is an app, else as a commit status. Each head has one. */
import { type HostText, host, hostLine, hostText, isFault } from "@aedev/contracts";
import { z } from "zod";
import { type GitHubConnection, readOne, sendChange, type Written } from "./connection.ts";

/** The check's name, by which a branch can require it. */
export const evidenceCheckName = "aedev / evidence";
/** GitHub's limit for the description of a status. */
const descriptionCharactersMax = 140;

export interface EvidenceCheck {
  /** The head of the pull request. */
  readonly commit: string;
  readonly bundleDigest: string;
  /** One line. */
  readonly title: HostText;
  /** Markdown. */
  readonly summary: HostText;
  /** `waiting`: a person is asked, and the check stays pending. */
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

/** GitHub's words for each state. */
const reported = {
  accepted: { status: "success", run: { status: "completed", conclusion: "success" } },
  waiting: { status: "pending", run: { status: "in_progress" } },
} as const;

/** Reports the state of a bundle's evidence unless it is reported already; a pending check becomes the accepted one. Throws as `sendChange` does. */
export async function reportEvidence(gitHub: GitHubConnection, check: EvidenceCheck): Promise<void> {
  const { commit, bundleDigest, title, summary, state } = check;
  const { status, run } = reported[state];
  if (gitHub.identity === "token") {
    if (await hasStatus(gitHub, check)) return;
    await sendChange(gitHub, {
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

/** False if GitHub refuses because the run belongs to another app. Otherwise throws as `sendChange` does. */
async function changeRun(gitHub: GitHubConnection, id: number, change: Written): Promise<boolean> {
  try {
    await sendChange(gitHub, {
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
  await sendChange(gitHub, {
    effect: "report",
    route: "POST /repos/{owner}/{repo}/check-runs",
    parameters: { ...change, name: evidenceCheckName, head_sha: commit },
    schema: runSchema,
  });
}

/** A check to withdraw. `withdrawn`: the change was rejected or its task cancelled. `under-way`: another change is being made. */
export interface EvidenceTakenBack {
  readonly commit: string;
  readonly state: "withdrawn" | "under-way";
  /** One line. */
  readonly title: HostText;
}

/** GitHub's words for a withdrawn check: neither passes, even if a branch requires it. GitHub has no cancelled status. */
const takenBack = {
  withdrawn: { status: "failure", run: { status: "completed", conclusion: "cancelled" } },
  "under-way": { status: "pending", run: { status: "in_progress" } },
} as const;

/** Withdraws the acceptance on a commit, if its check reports one. Throws as `sendChange` does. */
export async function takeEvidenceBack(gitHub: GitHubConnection, wanted: EvidenceTakenBack): Promise<void> {
  const { commit, state, title } = wanted;
  const { status, run } = takenBack[state];
  // A pending check is withdrawn too if the task has ended.
  const overdue: readonly string[] = state === "under-way" ? ["success"] : ["success", "pending"];
  if (gitHub.identity === "app") {
    const runs = await runsOn(gitHub, commit);
    const found = runs.filter((one) => overdue.includes(stateOf(one)));
    // Another app's run stays; the withdrawal is our own run beside it.
    const external_id = `taken back: ${state}`;
    if (found.length === 0 || runs.some((one) => one.external_id === external_id)) return;
    const change = { ...run, external_id, output: { title, summary: title } };
    // GitHub reopens no completed run, and another app's run is not ours: both cases need a new run.
    const [pending] = found.every((one) => stateOf(one) === "pending") ? found : [];
    if (pending !== undefined && (await changeRun(gitHub, pending.id, change))) return;
    await createRun(gitHub, commit, change);
    return;
  }
  if (!(await statusesOn(gitHub, commit)).some((one) => overdue.includes(one.state))) return;
  await sendChange(gitHub, {
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

/** Each app's newest check run with this name. */
async function runsOn(gitHub: GitHubConnection, commit: string) {
  const found = await readOne(gitHub, {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    parameters: { ref: commit, check_name: evidenceCheckName, per_page: 100 },
    schema: runsSchema,
  });
  return (found?.check_runs ?? []).filter(({ name }) => name === evidenceCheckName);
}

/** The newest status with this name. */
async function statusesOn(gitHub: GitHubConnection, commit: string) {
  const found = await readOne(gitHub, {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/status",
    parameters: { ref: commit, per_page: 100 },
    schema: statusSchema,
  });
  return (found?.statuses ?? []).filter(({ context }) => context === evidenceCheckName);
}

/** Names the bundle, so that its status is recognized as reported. */
function descriptionOf({ title, bundleDigest }: EvidenceCheck): HostText {
  return hostLine(host`${hostText(bundleDigest.slice(0, 12))}: ${title}`, descriptionCharactersMax, "home");
}
