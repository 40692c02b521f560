/** The evidence entry with the kind of each changed file. Control derives it from the bytes, never from the coder's words (ADR 0047). */
import { z } from "zod";

/**
 * `comments`: the two versions of the code differ only in comments and layout. `document`: people read the file, programs don't.
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
        /** For a document: a file that may read it, or why none could be searched for; null: no file does. */
        named_by: z.string().nullable(),
      }),
    )
    .max(changedFilesMax),
});
export type ChangeKinds = z.infer<typeof changeKindsSchema>;
