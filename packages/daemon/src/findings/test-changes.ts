/** What a change does to test files: which, and how many assertions before and after, counted roughly by line. It judges nothing; a count that falls is the policy's business. */
import type { TestChanges } from "@aedev/core/wire";
import { matchesGlob } from "./glob.ts";

/** Both versions of a changed file as text; null: absent there or not text. */
export interface ChangedText {
  readonly path: string;
  readonly status: "added" | "modified" | "deleted";
  readonly before: string | null;
  readonly after: string | null;
}

const testFilesMax = 2000;
/** Method names that only assertion libraries use, whatever the receiver is called. */
const clearMethods =
  "equal|notEqual|strictEqual|notStrictEqual|deepEqual|notDeepEqual|deepStrictEqual|notDeepStrictEqual|deepLooseEqual|looseEqual|notOk|truthy|falsy|strictSame|strictNotSame|throws|doesNotThrow|throwsAsync|notThrows|notThrowsAsync|rejects|doesNotReject|ifError|doesNotMatch";
/** Method names that mean something else on other receivers. */
const receivers = "t|tt|st|tb|test|tap|q|a|assert|chai|should|self";
const otherMethods =
  "equals?|is|isNot|not|ok|true|false|same|notSame|like|unlike|match|notMatch|error|fail|pass|has|hasStrict|type|snapshot|matchSnapshot|Error|Errorf|Fatal|Fatalf|FailNow|EQ|NE";
const assertion = new RegExp(
  [
    String.raw`\bassert\w*!?\s*(?:\.\s*\w+\s*)*\(`,
    String.raw`\b(?:expect|require|verify)\w*\s*(?:\.\s*\w+\s*)*\(`,
    String.raw`\b\w+\.(?:${clearMethods})\s*\(`,
    String.raw`\b(?:${receivers})\.(?:${otherMethods})\s*\(`,
    String.raw`\.should\b`,
    String.raw`^\s*assert\s+\S`,
    String.raw`\bpytest\.raises\b`,
  ].join("|"),
  "g",
);
/** Module loading that looks like an assertion of testify or power-assert. */
const notAssertion = /^require(\.(resolve|cache|main))?\s*\(/;

/** Changed files that match the repository's `tests` patterns. */
export function deriveTestChanges(files: readonly ChangedText[], tests: readonly string[]): TestChanges {
  const changes = files
    .filter((file) => matchesGlob(file.path, tests))
    .map(({ path, status, before, after }) => ({
      path,
      status,
      assertions_before: countAssertions(before ?? "", path),
      assertions_after: countAssertions(after ?? "", path),
      parser: "lines" as const,
      changed_tests: [],
      added_tests: [],
      findings: [],
    }));
  // Over the cap the files that lost most are kept: a cut must never hide a weakened test.
  const lossFirst = changes.toSorted(
    (one, other) => one.assertions_after - one.assertions_before - (other.assertions_after - other.assertions_before),
  );
  return { files: changes.length <= testFilesMax ? changes : lossFirst.slice(0, testFilesMax), settings: [] };
}

/** Assert-like calls outside comments. */
export function countAssertions(text: string, path: string): number {
  let count = 0;
  for (const line of stripComments(text, path).split("\n"))
    for (const [hit] of line.matchAll(assertion)) if (!notAssertion.test(hit)) count += 1;
  return count;
}

/** Rough: a comment mark inside a string ends the line too, the same way before and after. `://` is no comment. */
function stripComments(text: string, path: string): string {
  if (/\.(py|rb|sh|pl|r|ya?ml|toml|ex|exs)$/i.test(path)) return text.replace(/(^|\s)#.*$/gm, "$1");
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1");
}
