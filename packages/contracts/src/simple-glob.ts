/** Globs that can be matched in little time. Pure. */
import { z } from "zod";

/**
 * A repository controls the paths that a glob is matched on, and often the glob too; a few wildcards more would take the matcher exponentially
 * long. At most 300 characters.
 */
export const simpleGlobSchema = z.string().min(1).max(300).refine(isSimpleGlob, {
  error:
    "too many wildcards: at most two ** and, in one part of the path, two *; at most two { }; no ( ) | and no + behind ] or }",
});

/** Alternatives in a row, such as `{a,aa}{a,aa}`, double the ways to match with each. */
const bracesMax = 2;

function isSimpleGlob(glob: string): boolean {
  if (/[()|\\]|[\]}]\+/u.test(glob) || glob.split("{").length - 1 > bracesMax) return false;
  const parts = glob.split("/");
  const stars = parts.filter((part) => part !== "**").map((part) => part.split("*").length - 1);
  const wide = stars.filter((count) => count > 1);
  return parts.length - stars.length <= 2 && wide.length <= 1 && wide.every((count) => count === 2);
}
