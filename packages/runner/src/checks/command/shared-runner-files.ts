/** Recognizes test files that don't name their runner, because its functions are globals or come from a file that tests share. Takes linear time. Pure. */

/** Data of tests may look like tests. */
const isData = (path: string) =>
  /(?:^|\/)(?:__\w+__|[\w-]*(?:fixtures?|snapshots?|samples?|data|inputs?|outputs?|expected|golden|cases|format|templates?))\//iu.test(
    path,
  );

/** True for test cases of `unittest`, also in a class that inherits from one. */
export function hasTestCases(path: string, content: string): boolean {
  if (/\bTestCase\b/u.test(content)) return true;
  return (
    !isData(path) &&
    /^class[ \t]+\w+[ \t]*\([^()\n]{1,200}\)[ \t]*:/mu.test(content) &&
    /^[ \t]+(?:async[ \t]+)?def[ \t]+test\w*[ \t]*\([ \t]*self\b/mu.test(content)
  );
}

/** True if the file has a test with a title and an assertion. */
export function callsTests(path: string, content: string): boolean {
  return (
    !isData(path) &&
    /^[ \t]*(?:await[ \t]+)?(?:describe|suite|it|test)(?:\.\w+){0,3}[ \t]*\([ \t]*['"`]/mu.test(content) &&
    /\b(?:expect|assert|t|should)\b[ \t]*[.(]/u.test(content)
  );
}
