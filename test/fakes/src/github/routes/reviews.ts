/** Routes of reviews, review requests and review comments. */
import { z } from "zod";
import { reviewCommentDocument, reviewDocument, simplePullDocument } from "../documents/pulls.ts";
import { actorOf, type RepositoryCall, type RestAnswer, type RestRoute, repositoryRoute } from "../rest/call.ts";
import { pageOf, parseBody } from "../rest/read-body.ts";
import { submitReview } from "../state/pulls.ts";
import { GitHubRefusal } from "../state/refusal.ts";
import { requestReviews } from "../state/reviewers.ts";
import { pullOf } from "./pulls.ts";

const read = { permission: "pull_requests", level: "read" } as const;
const write = { permission: "pull_requests", level: "write" } as const;

export const reviewRoutes: readonly RestRoute[] = [
  repositoryRoute("GET", "/pulls/:number/reviews", read, async (call) => {
    const issue = pullOf(call);
    const { items, headers } = pageOf(call, issue.pull.reviews);
    return { document: items.map((review) => reviewDocument(call.site, call.repository, { issue, review })), headers };
  }),
  // Whoever may read may review, but such a review does not count for a protected branch.
  repositoryRoute("POST", "/pulls/:number/reviews", { ...write, role: "read" }, postReview),
  repositoryRoute("POST", "/pulls/:number/requested_reviewers", write, postRequestedReviewers),
  repositoryRoute("GET", "/pulls/:number/comments", read, async (call) => {
    const issue = pullOf(call);
    const { items, headers } = pageOf(call, issue.pull.reviewComments);
    return {
      document: items.map((comment) => reviewCommentDocument(call.site, call.repository, { issue, comment })),
      headers,
    };
  }),
];

const reviewSchema = z.object({
  commit_id: z.string().optional(),
  body: z.string().optional(),
  event: z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]).optional(),
  comments: z.array(z.object({ path: z.string(), line: z.int().default(1), body: z.string() })).optional(),
});

async function postReview(call: RepositoryCall): Promise<RestAnswer> {
  const { commit_id: commitId, ...input } = parseBody(call, reviewSchema);
  const issue = pullOf(call);
  if (
    (input.event === "COMMENT" || input.event === "REQUEST_CHANGES") &&
    (input.body ?? "") === "" &&
    input.comments === undefined
  )
    throw new GitHubRefusal(422, "Unprocessable Entity");
  const review = submitReview(call.world, issue, { ...input, commitId, actor: actorOf(call) });
  return { document: reviewDocument(call.site, call.repository, { issue, review }) };
}

const requestSchema = z.object({
  reviewers: z.array(z.string()).default([]),
  team_reviewers: z.array(z.string()).default([]),
});

async function postRequestedReviewers(call: RepositoryCall): Promise<RestAnswer> {
  const { world, site, repository, role } = call;
  const { reviewers: users, team_reviewers: teams } = parseBody(call, requestSchema);
  const issue = pullOf(call);
  requestReviews(world, repository, { issue, actor: actorOf(call), users, teams });
  return { status: 201, document: simplePullDocument(site, repository, { issue, role }) };
}
