/**
 * Path patterns, including dot files. Policy patterns match at any depth and in any case, and a path is also tried under the name that a case-folding
 * file system would give it. Patterns of a repository's settings are case-sensitive and start at its root.
 */
import picomatch from "picomatch";
import { comparablePath } from "./path-names.ts";

type Matcher = (path: string) => boolean;
const matchers = new Map<string, Matcher>();

/** The first pattern that matches `path`, or null. A pattern without a slash matches a file or a whole folder of that name. */
export function findGlob(path: string, globs: readonly string[]): string | null {
  const names = [...new Set([path, comparablePath(path)])];
  return globs.find((glob) => names.some(matcherOf(glob))) ?? null;
}

/** True if any pattern matches. */
export function matchesGlob(path: string, globs: readonly string[]): boolean {
  return findGlob(path, globs) !== null;
}

/** Matcher for a repository's own patterns. */
export function rootedMatcher(globs: readonly string[]): (path: string) => boolean {
  return globs.length === 0 ? () => false : picomatch([...globs], { dot: true });
}

/** Rewrites the patterns for a matcher that starts at the root: they match at any depth, and a name without a slash also matches everything below it. */
export function anyDepthGlobs(globs: readonly string[]): string[] {
  return globs.flatMap((glob) => {
    const pattern = `**/${glob.replace(/^(\.?\/|\*\*\/)+/, "")}`;
    return glob.includes("/") ? [pattern] : [pattern, `${pattern}/**`];
  });
}

function matcherOf(glob: string): Matcher {
  const known = matchers.get(glob);
  if (known !== undefined) return known;
  // `s`: a newline in a name must not end a match. These flags replace the `nocase` option.
  const matcher = picomatch(anyDepthGlobs([glob]), { dot: true, nonegate: true, flags: "is" });
  matchers.set(glob, matcher);
  return matcher;
}
