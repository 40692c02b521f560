/** The GitHub review or comment whose words became instructions, or were refused. A login is foreign text: whoever shows it escapes it. */
import { z } from "zod";
import { sha256Schema } from "./ids.ts";

/** A review that requests changes, or a comment that asks for a change. */
export const reviewSourceSchema = z.strictObject({
  kind: z.enum(["review", "comment"]),
  /** GitHub's number of it, which an edit does not change. */
  id: z.int().positive(),
  /** Its author, as `github:login`. */
  by: z.string().min(1).max(250),
  /** Digest of its words at the time when they were read. */
  digest: sha256Schema,
});
export type ReviewSource = z.infer<typeof reviewSourceSchema>;

/** Why a review or comment does not count as an instruction. */
export const reviewRefusalSchema = z.enum(["no-write-access", "bot", "secret", "empty", "too-long", "too-many"]);
export type ReviewRefusal = z.infer<typeof reviewRefusalSchema>;

/** The most refused reviews and comments that are recorded for one pull request: anybody can comment on a public repository. */
export const refusedReviewsMax = 200;
