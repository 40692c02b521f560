/** The schemas of a task's events about landing its change. */
import { z } from "zod";
import { blobSchema, gitIdSchema, instantSchema } from "../ids.ts";
import { pullRequestWaitSchema } from "../pull-request.ts";
import { reviewRefusalSchema, reviewSourceSchema } from "../review-source.ts";

export const landingEvents = {
  /** The intent to land. The commit is a function of this event, so a rebuilt commit has the same id. */
  LandingStarted: z.strictObject({
    landing: z.int().positive(),
    /** The branch that receives the change. */
    ref: z.string(),
    /** The branch of the pull request that carries the change; missing: the commit is pushed to `ref` directly. */
    head_ref: z.string().optional(),
    /** The commit is shown as a draft pull request while a person is asked, before it may land. */
    draft: z.literal(true).optional(),
    base_commit: gitIdSchema,
    tree: gitIdSchema,
    commit: gitIdSchema,
    committed_at: instantSchema,
    author: z.strictObject({ name: z.string(), email: z.string() }),
    /** The commit's message without its trailers. Missing if an earlier version started the landing: the message was the mission's title. */
    message: blobSchema.optional(),
    /** Further trailers of the commit, such as `Signed-off-by: Name <mail>`; missing: none. */
    trailers: z
      .array(z.string().regex(/^[A-Za-z][A-Za-z-]{0,40}: [^\r\n]{1,500}$/))
      .min(1)
      .max(8)
      .optional(),
    /** The whole commit with its signature, because the same signature can't be made again; missing: the commit is not signed. */
    commit_object: blobSchema.optional(),
    /** The commit's trailers about the log. `epoch` and `signature` are missing in commits of earlier versions, which prove nothing. */
    log_head: z.strictObject({
      position: z.int().nonnegative(),
      hash: z.string(),
      epoch: z.int().nonnegative().optional(),
      signature: z.string().optional(),
    }),
  }),
  /** The landing's pull request has this head. */
  PullRequestOpened: z.strictObject({
    number: z.int().positive(),
    url: z.string(),
    head: gitIdSchema,
    /** What aedev failed to do on the pull request; nothing waits for it. Missing: nothing failed. */
    notes: z.array(z.string().max(500)).max(10).optional(),
    /** Who is asked for a review: users by login, teams as `organization/name`; missing: aedev asked nobody. */
    reviewers: z.array(z.string().max(250)).min(1).max(15).optional(),
  }),
  /** A change that waits for approval gets no draft pull request, and why. */
  DraftPullRequestSkipped: z.strictObject({ change_digest: z.string(), why: z.string().max(500) }),
  /** The pull request waits for other things than before; with an empty list it waits for nothing. */
  PullRequestWaits: z.strictObject({ number: z.int().positive(), waits_for: z.array(pullRequestWaitSchema).max(100) }),
  /** The head's check no longer says accepted, because another change is being made; the pull request stays. */
  PullRequestSuspended: z.strictObject({ number: z.int().positive(), head: gitIdSchema }),
  /** The task ended without landing. Its pull request is closed (null: there was none), its check is failed, and its branch is removed or left to others. */
  PullRequestClosed: z.strictObject({ number: z.int().positive().nullable() }),
  /** Reviews or comments asked for a change, but do not count as instructions. */
  ReviewsRefused: z.strictObject({
    number: z.int().positive(),
    reviews: z
      .array(reviewSourceSchema.extend({ why: reviewRefusalSchema }))
      .min(1)
      .max(200),
  }),
  /** What was merged is not the tree that was judged. The change has landed, and a person must look at it. */
  LandedTreeDiffers: z.strictObject({ commit: gitIdSchema, tree: gitIdSchema, expected: gitIdSchema }),
  /** The remote's branch is no longer at the evidence's base. */
  BaseMoved: z.strictObject({ to: gitIdSchema, from: gitIdSchema }),
  /** The remote's branch has the landing's commit, or the one that merged the pull request. */
  ChangeLanded: z.strictObject({ commit: gitIdSchema, ref: z.string(), pull_request: z.int().positive().optional() }),
};
