/**
 * Reads TAP, as tape and similar runners print it, with tap-parser, which only this file uses. To make forging harder, test points must be numbered 1, 2, 3 …
 * without gap or repetition, the plan must fit, and nothing may bail out (SECURITY T10). Nested points may be unnumbered if no point of the same test has a
 * number: node-tap nests the output of a test file that way.
 */
import { Parser, type Result } from "tap-parser";
import { brokenReport, collectResults, linesMax, type ParsedReport } from "./report.ts";

type Collector = ReturnType<typeof collectResults>;

/** Matches a test point at any level of nesting. */
const testPoint = /^(?: {4})*(?:not )?ok(?=\s|\{?$)/mu;

/** Contract: never throws on any text. */
export function parseTap(text: string): ParsedReport {
  if (!/^TAP version 1[34]\s*$/m.test(text)) return brokenReport("the command's output has no TAP");
  let lines = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  if (lines > linesMax) return brokenReport(`the report is omitted: it has more than ${linesMax} lines`);
  const collector = collectResults();
  const parser = new Parser();
  let isGood = true;
  // All dropped lines come here, nested ones too, with their indentation.
  parser.on("extra", (dropped: string) => {
    if (testPoint.test(dropped)) collector.blame("a test point behind the plan");
    if (/^\s*Bail out!/iu.test(dropped)) collector.blame("the run bailed out");
  });
  read(parser, [], collector);
  parser.on("complete", (results) => {
    for (const { tapError } of results.failures) if (typeof tapError === "string") collector.blame(tapError);
    isGood = results.ok;
    if (results.bailout !== false) collector.blame("the run bailed out");
  });
  // tap-parser stops reading at a line that contains one of these characters.
  parser.end(text.replaceAll(/\r(?!\n)|[\u2028\u2029]/gu, " "));
  const report = collector.finish();
  // For example, a nested test lacks its end.
  if (!isGood && report.problem === null && !report.tests.some(({ result }) => result === "fail"))
    return { ...report, problem: "the report is not whole" };
  return report;
}

/** Reads one level of TAP. A comment starts a test, and the points after it are its assertions; a child is a test with nested tests. */
function read(parser: Parser, path: readonly string[], collector: Collector): void {
  let test: string | null = null;
  let last = 0;
  let areNumbered: boolean | null = null;
  parser.on("comment", (comment: string) => {
    // Such a comment names a nested test; the child has the name too.
    if (!/^#\s*Subtest:/u.test(comment)) test = comment.replace(/^#\s*/u, "").trim();
  });
  parser.on("child", (child: Parser) => read(child, [...path, child.name], collector));
  parser.on("assert", (point: Result) => {
    const isNumbered = point.id !== 0;
    areNumbered ??= isNumbered || path.length === 0;
    const isNext = areNumbered ? point.id === last + 1 : !isNumbered;
    if (!isNext) collector.blame(`test point ${point.id} follows ${last}`);
    last = point.id;
    // ava and node-tap name a test in a comment and again in its point.
    const names = [...path, ...(test === null || test === point.name ? [] : [test]), point.name];
    collector.add(names, point.skip ? "skip" : point.ok ? "pass" : point.todo ? "skip" : "fail");
  });
}
