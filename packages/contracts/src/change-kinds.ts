/** The evidence entry with the kind of each changed file. Control derives it from the bytes, never from the coder's words (ADR 0047, ADR 0050). */
import { z } from "zod";

/**
 * `comments`: the two versions of the code differ only in comments and layout. `document`: people read the file, programs don't. `renamed`: only names, titles
 * of tests and paths differ. `types`: only types that nothing evaluates differ. `unused`: only declarations that nothing names are gone. `code`: everything else; the proof of its behaviour is a test.
 */
const changeKinds = ["comments", "document", "renamed", "types", "unused", "code"] as const;

/** The most changed files whose kinds are known. */
export const changedFilesMax = 2000;
const renameSchema = z.strictObject({ from: z.string().max(1000), to: z.string().max(1000) });
const renamesSchema = z.array(renameSchema).max(changedFilesMax);
export const changeKindsSchema = z.strictObject({
  /** Each changed file, by path. With more than the limit, the list is empty: every file counts as code. */
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        kind: z.enum(changeKinds),
        /** A file that may read a document, or use a name or path that is gone; or why none could be searched for; null: no file does. */
        named_by: z.string().nullable(),
      }),
    )
    .max(changedFilesMax),
  /** Paths of test files that stay the same tests, before and after; both run with the code of their version; absent: none. */
  same_tests: z
    .array(z.string())
    .max(2 * changedFilesMax)
    .exactOptional(),
  /** What they and the files that they use are called before and after: paths, names, and titles of tests. */
  renames: z.strictObject({ paths: renamesSchema, names: renamesSchema, titles: renamesSchema }).exactOptional(),
  /** Only if the mission asks for other code that does the same, and its code can be read: what calls of functions have to show. */
  refactoring: z
    .strictObject({
      /** Names of the base that other files can use, and that are gone or have other parameters. */
      lost: z.array(z.string().max(1000)).max(changedFilesMax),
      /** Each changed piece of code, with the functions through which it is called, all as `path name`. */
      changed: z
        .array(z.strictObject({ unit: z.string().max(2000), reached_by: z.array(z.string().max(2000)).max(100) }))
        .max(200),
    })
    .exactOptional(),
  /** Names that code outside the repository can use, and that are new or (with an empty `to`) gone, without a word of the mission. `path`: the base's file that has it, if it is one. */
  unasked: z
    .array(renameSchema.extend({ path: z.string().max(1000).exactOptional() }))
    .max(changedFilesMax)
    .exactOptional(),
});
export type ChangeKinds = z.infer<typeof changeKindsSchema>;
/** What tests and the code that they use are called before and after. */
export type NewNames = NonNullable<ChangeKinds["renames"]>;
