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
  check_runs: z.array(z.object({ name: z.string(), external_id: z.string().nullable(), status: z.string() })),
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

async function hasRun(gitHub: GitHubConnection, { commit, bundleDigest }: EvidenceCheck): Promise<boolean> {
  const found = await read(gitHub, {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    parameters: { ref: commit, check_name: evidenceCheckName, per_page: 100 },
    schema: runsSchema,
  });
  return (found?.check_runs ?? []).some(
    ({ name, external_id, status }) =>
      name === evidenceCheckName && external_id === bundleDigest && status === "completed",
  );
}

async function hasStatus(gitHub: GitHubConnection, check: EvidenceCheck): Promise<boolean> {
  const found = await read(gitHub, {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/status",
    parameters: { ref: check.commit, per_page: 100 },
    schema: statusSchema,
  });
  return (found?.statuses ?? []).some(
    ({ context, state, description }) =>
      context === evidenceCheckName && state === "success" && description === descriptionOf(check),
  );
}

/** Names the bundle, by which a status is recognized as reported. */
function descriptionOf({ title, bundleDigest }: EvidenceCheck): string {
  return `${bundleDigest.slice(0, 12)}: ${title}`.slice(0, descriptionCharactersMax);
}
