/** Path patterns of policy and settings, behind one file: matched at any depth, in any case, dot files too, and also under the name that a forgiving file system would give a path. */
import picomatch from "picomatch";
import { comparablePath } from "./path-names.ts";

type Matcher = (path: string) => boolean;
const matchers = new Map<string, Matcher>();

/** The first pattern that matches `path`, or null. A pattern without a slash matches a file or a whole folder of that name. */
export function findGlob(path: string, globs: readonly string[]): string | null {
  const names = [...new Set([path, comparablePath(path)])];
  return globs.find((glob) => names.some(matcherOf(glob))) ?? null;
}

/** True where any pattern matches. */
export function matchesGlob(path: string, globs: readonly string[]): boolean {
  return findGlob(path, globs) !== null;
}

/** The same patterns for a matcher that starts at the root, such as another plane has: at any depth, and a name without a slash with all that is below it. */
export function anyDepthGlobs(globs: readonly string[]): string[] {
  return globs.flatMap((glob) => {
    const pattern = `**/${glob.replace(/^(\.?\/|\*\*\/)+/, "")}`;
    return glob.includes("/") ? [pattern] : [pattern, `${pattern}/**`];
  });
}

function matcherOf(glob: string): Matcher {
  const known = matchers.get(glob);
  if (known !== undefined) return known;
  // `s`: a newline in a name must not end a match; flags given here replace `nocase`.
  const matcher = picomatch(anyDepthGlobs([glob]), { dot: true, nonegate: true, flags: "is" });
  matchers.set(glob, matcher);
  return matcher;
}
