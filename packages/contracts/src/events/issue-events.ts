/** Where a mission from an issue at GitHub comes from, and the events of such missions: labels that were not taken, comments, answers that do not count. ADR 0025. */
import { z } from "zod";
import { instantSchema, sha256Schema } from "../ids.ts";

/** GitHub's numbers of issues, comments and events. */
const gitHubNumberSchema = z.int().positive();
/** A login as GitHub allows it; that of an app's bot ends with `[bot]`. */
export const gitHubLoginSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,98}(\[bot\])?$/i, "not a login of GitHub");

/** The issue that a mission was made from, and the label event that decided it. */
export const missionOriginSchema = z.strictObject({
  github: z.strictObject({
    issue: gitHubNumberSchema,
    url: z.string().max(500),
    labeled_event: gitHubNumberSchema,
    /** GitHub's instant of the label, to the second. */
    labeled_at: instantSchema,
    by: gitHubLoginSchema,
    /** Who wrote title and text besides: the author, the last editor, who renamed it. Missing: an earlier version took it. */
    text_by: z.array(gitHubLoginSchema).max(20).optional(),
    /** Digest of title and text as they were when the label was set. */
    text_digest: sha256Schema,
    /** What of the issue's text nobody sees who reads it, and so is not in the mission; missing: nothing. */
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
/** Why a label made no mission. */
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
/** Why a comment that answers or decides does not count. */
export type AnswerRefusal = z.infer<typeof answerRefusalSchema>;

/** The comments that aedev writes on an issue: the questions of each round, and the progress. */
export const issueCommentSlotSchema = z.enum(["questions-1", "questions-2", "progress"]);
/** One of aedev's comments on an issue. */
export type IssueCommentSlot = z.infer<typeof issueCommentSlotSchema>;

/** The comment that answered clarification's questions; absent: they were answered elsewhere. */
export const answeringCommentSchema = gitHubNumberSchema;

/** On the repository's stream. */
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

/** On the mission's stream. */
export const issueEvents = {
  /** What the comment says now, by a key. `comment` null: aedev may not write there, and it was left out. `final`: the mission has ended with it. */
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
    /** Why the answer is not one; absent: `why` says it all. */
    detail: z.string().max(1_000).optional(),
  }),
};
