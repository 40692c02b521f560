/** The review or comment at GitHub whose words became instructions, or were refused. A login is foreign text: it is escaped where it is shown. */
import { z } from "zod";
import { sha256Schema } from "./ids.ts";

/** One review that requests changes, or one comment that asks for a change. */
export const reviewSourceSchema = z.strictObject({
  kind: z.enum(["review", "comment"]),
  /** GitHub's own number, which is the same after an edit. */
  id: z.int().positive(),
  /** Who wrote it, as `github:login`. */
  by: z.string().min(1).max(250),
  /** Of the words as they were when they were read. */
  digest: sha256Schema,
});
export type ReviewSource = z.infer<typeof reviewSourceSchema>;

/** Why a review or comment is no instruction. */
export const reviewRefusalSchema = z.enum(["no-write-access", "bot", "secret", "empty", "too-long", "too-many"]);
export type ReviewRefusal = z.infer<typeof reviewRefusalSchema>;

/** Refused reviews and comments of one pull request that are recorded: everybody may write comments at a public repository. */
export const refusedReviewsMax = 200;
