/** How a repository's `.aedev.yaml` wants its commits to read. It shapes only the text of a commit. */
import { z } from "zod";
import { checkoutFolderSchema } from "./checkout-folder.ts";

/** The types of the Conventional Commits convention as its linters ship them. */
export const usualCommitTypes = [
  "build",
  "chore",
  "ci",
  "docs",
  "feat",
  "fix",
  "perf",
  "refactor",
  "revert",
  "style",
  "test",
] as const;
/** A type of the Conventional Commits convention. */
export type UsualCommitType = (typeof usualCommitTypes)[number];

const typeSchema = z.string().regex(/^[a-z]{2,12}$/, "a type is 2 to 12 letters a-z");
const scopeSchema = z.string().regex(/^[\w@][\w@./-]{0,19}$/, "a scope is 1 to 20 letters, digits and _ - . / @");

/** Strict. `types`, `scope` and `scopes` belong to the style `conventional`. */
export const commitConventionsSchema = z
  .strictObject({
    /** `plain`: the request as a sentence. `conventional`: `type(scope)!: what`. */
    style: z.enum(["plain", "conventional"]),
    /** The types that the repository uses; missing: `usualCommitTypes`. The first type is used for every kind of change whose own type is not listed. */
    types: z.array(typeSchema).min(1).max(32).optional(),
    /** The scope of a change that is in no folder of `scopes`; missing: none. */
    scope: scopeSchema.optional(),
    /** A scope by the folder that all files of a change are in. */
    scopes: z
      .record(scopeSchema, checkoutFolderSchema)
      .refine((scopes) => Object.keys(scopes).length <= 64, "at most 64 scopes")
      .optional(),
    /** Columns of the first line. */
    subject_max: z.int().min(50).max(100).optional(),
  })
  .refine(
    ({ style, types, scope, scopes }) =>
      style === "conventional" || (types === undefined && scope === undefined && scopes === undefined),
    "types, scope and scopes need style: conventional",
  );
export type CommitConventions = z.infer<typeof commitConventionsSchema>;
