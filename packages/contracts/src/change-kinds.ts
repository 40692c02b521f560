/** The evidence of what kind each changed file is, derived from its bytes and never from what the coder says (ADR 0047). */
import { z } from "zod";

/**
 * `comments`: both versions of the code are the same but for comments and layout. `document`: a file that people read.
 * `code`: everything else; the proof of its behaviour is a test.
 */
const changeKinds = ["comments", "document", "code"] as const;

/** The most changed files whose kinds are known. */
export const changedFilesMax = 2000;
export const changeKindsSchema = z.strictObject({
  /** Each changed file, by path. With more than the limit, the list is empty: every file counts as code. */
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        kind: z.enum(changeKinds),
        /** For a document: a file of code that names it, which may read it; null: none does. */
        named_by: z.string().nullable(),
      }),
    )
    .max(changedFilesMax),
});
export type ChangeKinds = z.infer<typeof changeKindsSchema>;
