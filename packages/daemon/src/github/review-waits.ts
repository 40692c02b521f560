/** The reviews that a pull request waits for. Only a review by somebody who may write to the repository counts, as at GitHub. */
import { foreignName, type PullRequestWait } from "@aedev/contracts";
import { z } from "zod";
import { type GitHubConnection, readAll } from "./connection.ts";
import { mayWrite } from "./write-access.ts";

/** Pages of 100 reviews. */
const pagesMax = 10;
/** Reviewers whose permission is asked for; of more, the rest counts as being allowed to object. */
const askedMax = 20;

const reviewsSchema = z.array(
  z.object({ state: z.string(), user: z.object({ login: z.string() }).nullable(), author_association: z.string() }),
);
/** What GitHub calls those who surely may write. A `COLLABORATOR` or `MEMBER` may have been invited to read only. */
const writers: ReadonlySet<string> = new Set(["OWNER"]);

/** The newest decisive review of each person: a comment replaces none, a dismissal takes one back. `required`: approvals that the branch needs. */
export async function reviewWaits(
  gitHub: GitHubConnection,
  { number, required }: { number: number; required: number },
): Promise<PullRequestWait[]> {
  const pages = await readAll(gitHub, {
    route: "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    parameters: { pull_number: number },
    schema: reviewsSchema,
    pagesMax,
  });
  const latest = new Map<string, { state: string; association: string }>();
  for (const { state, user, author_association: association } of (pages ?? []).flat())
    if (user !== null && ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"].includes(state))
      latest.set(user.login, { state, association });
  const asked = [...latest].filter(
    ([, { state }]) => state === "CHANGES_REQUESTED" || (state === "APPROVED" && required > 0),
  );
  const counting = new Set<string>();
  for (const [index, [login, { state, association }]] of asked.entries()) {
    const may =
      writers.has(association) || (index < askedMax ? await mayWrite(gitHub, login) : state === "CHANGES_REQUESTED");
    if (may) counting.add(login);
  }
  const by = (wanted: string) => [...latest].filter(([login, { state }]) => state === wanted && counting.has(login));
  const missing = required - by("APPROVED").length;
  return [
    ...by("CHANGES_REQUESTED").map(([login]) => ({ kind: "changes-requested", by: foreignName(login) }) as const),
    ...(missing > 0 ? [{ kind: "approvals", missing } as const] : []),
  ];
}
