/** Tells which reviews a pull request waits for. As at GitHub, only people who may write to the repository count. */
import { foreignName, type PullRequestWait } from "@aedev/contracts";
import type { GitHubConnection } from "./connection.ts";
import { readNewestReviews } from "./reviews.ts";
import { mayWrite } from "./write-access.ts";

/** How many reviewers' permissions are asked for; any further reviewer counts as allowed to object. */
const askedMax = 20;

/** GitHub's names for people who surely may write. A `COLLABORATOR` or `MEMBER` may have been invited to read only. */
const writers: ReadonlySet<string> = new Set(["OWNER"]);

/** Judges by each person's newest decisive review. `required`: approvals that the branch needs. */
export async function reviewWaits(
  gitHub: GitHubConnection,
  { number, required }: { number: number; required: number },
): Promise<PullRequestWait[]> {
  const latest = await readNewestReviews(gitHub, number);
  const asked = latest.filter(({ state }) => state === "CHANGES_REQUESTED" || (state === "APPROVED" && required > 0));
  const counting = new Set<string>();
  for (const [index, { user, state, association }] of asked.entries()) {
    const may =
      writers.has(association) ||
      (index < askedMax ? await mayWrite(gitHub, user.login) : state === "CHANGES_REQUESTED");
    if (may) counting.add(user.login);
  }
  const by = (wanted: string) =>
    latest.flatMap(({ user, state }) => (state === wanted && counting.has(user.login) ? [user.login] : []));
  const missing = required - by("APPROVED").length;
  return [
    ...by("CHANGES_REQUESTED").map((login) => ({ kind: "changes-requested", by: foreignName(login) }) as const),
    ...(missing > 0 ? [{ kind: "approvals", missing } as const] : []),
  ];
}
