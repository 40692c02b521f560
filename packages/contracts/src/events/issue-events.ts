/** The origin of a mission made from a GitHub issue, and the events of such missions: refused labels, comments, answers that do not count. ADR 0025. */
import { z } from "zod";
import { instantSchema, sha256Schema } from "../ids.ts";

/** GitHub's numbers of issues, comments and events. */
const gitHubNumberSchema = z.int().positive();
/** A login as GitHub allows it; the login of an app's bot ends with `[bot]`. */
export const gitHubLoginSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,98}(\[bot\])?$/i, "not a login of GitHub");

/** The issue that a mission was made from, and the label event that caused it. */
export const missionOriginSchema = z.strictObject({
  github: z.strictObject({
    issue: gitHubNumberSchema,
    url: z.string().max(500),
    labeled_event: gitHubNumberSchema,
    /** GitHub's instant of the label, to the second. */
    labeled_at: instantSchema,
    by: gitHubLoginSchema,
    /** Others who wrote the title or text: the author, the last editor, whoever renamed it. Missing: an earlier version made the mission. */
    text_by: z.array(gitHubLoginSchema).max(20).optional(),
    /** Digest of title and text as they were when the label was set. */
    text_digest: sha256Schema,
    /** Parts of the issue's text that GitHub hides from its readers, so the mission leaves them out; missing: there are none. */
    left_out: z.array(z.string().max(100)).max(10).optional(),
  }),
});
export type MissionOrigin = z.infer<typeof missionOriginSchema>;

/** Why a label made no mission. */
export const issueRefusalSchema = z.enum([
  "no-write-access",
  "not-a-person",
  "text-changed",
  "empty",
  "too-long",
  "secret",
  "not-a-change",
  "under-way",
  "same-request",
]);
export type IssueRefusal = z.infer<typeof issueRefusalSchema>;

/** Why a comment that answers or decides does not count. */
export const answerRefusalSchema = z.enum([
  "no-write-access",
  "edited",
  "approval",
  "no-questions",
  "bad-answer",
  "secret",
]);
export type AnswerRefusal = z.infer<typeof answerRefusalSchema>;

/** aedev's comments on an issue: the questions of each round, and the progress. */
export const issueCommentSlotSchema = z.enum(["questions-1", "questions-2", "progress"]);
export type IssueCommentSlot = z.infer<typeof issueCommentSlotSchema>;

/** The comment that answered clarification's questions; absent: the answers came by another channel. */
export const answeringCommentSchema = gitHubNumberSchema;

/** Events on the repository's stream. */
export const refusedIssueEvents = {
  /** A label at GitHub made no mission. Recorded once for each label event. */
  IssueRefused: z.strictObject({
    issue: gitHubNumberSchema,
    labeled_event: gitHubNumberSchema,
    by: gitHubLoginSchema.nullable(),
    why: issueRefusalSchema,
    detail: z.string().max(500).nullable(),
  }),
};

/** Events on the mission's stream. */
export const issueEvents = {
  /** What the comment says now, by a key. `comment` null: aedev may not write there, so it left the comment out. `final`: the comment reports the end of the mission. */
  IssueCommented: z.strictObject({
    slot: issueCommentSlotSchema,
    key: z.string().max(300),
    comment: gitHubNumberSchema.nullable(),
    final: z.boolean(),
  }),
  /** A comment by which somebody answered or decided does not count. */
  IssueAnswerRefused: z.strictObject({
    comment: gitHubNumberSchema,
    by: gitHubLoginSchema,
    why: answerRefusalSchema,
    /** Why the comment is not an answer; absent: `why` says everything. */
    detail: z.string().max(1_000).optional(),
  }),
};
