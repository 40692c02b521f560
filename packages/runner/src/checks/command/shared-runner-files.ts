/** Recognizes test files that don't name their runner: its functions are globals, or a file that tests share has them. In linear time. Pure. */

/** What tests read may look like tests. */
const isData = (path: string) =>
  /(?:^|\/)(?:__\w+__|[\w-]*(?:fixtures?|snapshots?|samples?|data|inputs?|outputs?|expected|golden|cases|format|templates?))\//iu.test(
    path,
  );

/** Test cases of `unittest`, also of a class whose parent is one. */
export function hasTestCases(path: string, content: string): boolean {
  if (/\bTestCase\b/u.test(content)) return true;
  return (
    !isData(path) &&
    /^class[ \t]+\w+[ \t]*\([^()\n]{1,200}\)[ \t]*:/mu.test(content) &&
    /^[ \t]+(?:async[ \t]+)?def[ \t]+test\w*[ \t]*\([ \t]*self\b/mu.test(content)
  );
}

/** A test with a title, and something that it claims. */
export function callsTests(path: string, content: string): boolean {
  return (
    !isData(path) &&
    /^[ \t]*(?:await[ \t]+)?(?:describe|suite|it|test)(?:\.\w+){0,3}[ \t]*\([ \t]*['"`]/mu.test(content) &&
    /\b(?:expect|assert|t|should)\b[ \t]*[.(]/u.test(content)
  );
}
