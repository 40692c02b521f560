/** Decides from texts alone which test files a change may edit, and which code such tests are likely about. Pure. */
import { posix } from "node:path";

interface TestFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/**
 * False if the lines that the base has are all still there, in order, and each block of new lines between them begins like a test, a declaration, an import or
 * a comment: a change that only adds tests is not worth the time. Whether a test was edited is not decided here.
 */
export function mayEditTests({ before, after }: Omit<TestFile, "path">): boolean {
  const [old, now] = [linesOf(before), linesOf(after)];
  let at = 0;
  let isInBlock = false;
  for (const line of now) {
    if (line === old[at]) {
      at += 1;
      isInBlock = false;
    } else if (!isInBlock) {
      if (!beginning.test(line)) return true;
      isInBlock = true;
    }
  }
  return at < old.length;
}

const beginning =
  /^(?:(?:it|test|describe|context|suite|bench|specify)\b|t\.(?:test|Run)\b|(?:async )?(?:def|function|func)\b|class\b|@|import\b|from\b|const\b|let\b|var\b|export\b|type\b|interface\b|#|\/\/|\/\*)/u;

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** How much a file of code has to do with these tests: they name it, or it is in their folder; the change touches it. */
export function closeness(path: string, tests: readonly TestFile[], isChanged: boolean): number {
  const stem = posix.basename(path).replace(/\.[^.]*$/u, "");
  const name = /^(?:index|main|mod|__init__)$/u.test(stem) ? posix.basename(posix.dirname(path)) : stem;
  const isNamed = name.length > 1 && tests.some(({ before }) => before.match(/[\p{L}\p{Nd}_-]+/gu)?.includes(name));
  const isBeside = tests.some((test) => posix.dirname(test.path) === posix.dirname(path));
  return (isNamed ? 4 : 0) + (isBeside ? 2 : 0) + (isChanged ? 1 : 0);
}
