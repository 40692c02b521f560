/** Marks a draft pull request as ready for review, by GraphQL because REST can't. */
import { z } from "zod";
import { type GitHubConnection, graphql, readOne } from "./connection.ts";

export const readyForReviewMutation = `mutation Ready($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) {
    pullRequest { isDraft }
  }
}`;

/** Does nothing if it is not a draft any more. Throws as `sendChange` does. */
export async function markReadyForReview(gitHub: GitHubConnection, number: number): Promise<void> {
  const pull = await readOne(gitHub, {
    route: "GET /repos/{owner}/{repo}/pulls/{pull_number}",
    parameters: { pull_number: number },
    schema: z.object({ node_id: z.string().min(1).max(200), draft: z.boolean() }),
  });
  if (pull?.draft !== true) return;
  await graphql(gitHub, {
    name: "marking it ready for review",
    document: readyForReviewMutation,
    variables: { id: pull.node_id },
    schema: z.object({
      markPullRequestReadyForReview: z.object({ pullRequest: z.object({ isDraft: z.literal(false) }) }),
    }),
  });
}
