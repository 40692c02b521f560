/** Globs that can be matched in little time. Pure. */
import { z } from "zod";

/** A repository controls the paths that a glob is matched against, and often the glob itself. With a few more wildcards, matching would take exponential time. At most 300 characters. */
export const simpleGlobSchema = z.string().min(1).max(300).refine(isSimpleGlob, {
  error:
    "too many wildcards: at most two ** and, in one part of the path, two *; at most two { }; no ( ) | and no + behind ] or }",
});

/** Each further group of alternatives, as in `{a,aa}{a,aa}`, doubles the ways to match. */
const bracesMax = 2;

function isSimpleGlob(glob: string): boolean {
  if (/[()|\\]|[\]}]\+/u.test(glob) || glob.split("{").length - 1 > bracesMax) return false;
  const parts = glob.split("/");
  const stars = parts.filter((part) => part !== "**").map((part) => part.split("*").length - 1);
  const wide = stars.filter((count) => count > 1);
  return parts.length - stars.length <= 2 && wide.length <= 1 && wide.every((count) => count === 2);
}
