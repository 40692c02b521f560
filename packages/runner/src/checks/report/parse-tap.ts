/**
 * Reads TAP as tape and similar runners print it, with tap-parser, which only this file uses. To make forging harder, test points must be numbered
 * 1, 2, 3 … without gap or repetition, the plan must fit, and nothing may bail out (THREATS T10). Nested points may be unnumbered, but only if
 * none in the same test has a number: node-tap nests what a test file prints itself.
 */
import { Parser, type Result } from "tap-parser";
import { brokenReport, collectResults, linesMax, type ParsedReport } from "./report.ts";

type Collector = ReturnType<typeof collectResults>;

/** Contract: never throws on any text. */
export function parseTap(text: string): ParsedReport {
  if (!/^TAP version 1[34]\s*$/m.test(text)) return brokenReport("the command's output has no TAP");
  let lines = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  if (lines > linesMax) return brokenReport(`the report is omitted: it has more than ${linesMax} lines`);
  const collector = collectResults();
  const parser = new Parser();
  let isGood = true;
  const points = { count: 0, areAllNumbered: true };
  read(parser, [], { collector, points });
  parser.on("complete", (results) => {
    for (const { tapError } of results.failures) if (typeof tapError === "string") collector.blame(tapError);
    isGood = results.ok;
    if (results.bailout !== false) collector.blame("the run bailed out");
  });
  parser.end(text);
  // tap-parser drops points behind the plan of a nested test silently; then the lines don't add up.
  if (!points.areAllNumbered && points.count !== (text.match(/^[ \t]*(?:not )?ok\b/gmu)?.length ?? 0))
    collector.blame("a test point behind the plan");
  const report = collector.finish();
  // For instance a nested test without its end.
  if (!isGood && report.problem === null && !report.tests.some(({ result }) => result === "fail"))
    return { ...report, problem: "the report is not whole" };
  return report;
}

/** Reads one level of TAP: a comment starts a test, the points after it are its assertions; a child is a test with nested tests. */
function read(
  parser: Parser,
  path: readonly string[],
  given: { collector: Collector; points: { count: number; areAllNumbered: boolean } },
): void {
  const { collector, points } = given;
  let test: string | null = null;
  let last = 0;
  let areNumbered: boolean | null = null;
  parser.on("comment", (comment: string) => {
    // The name of nested tests, which comes with the child.
    if (!/^#\s*Subtest:/u.test(comment)) test = comment.replace(/^#\s*/u, "").trim();
  });
  parser.on("extra", (line: string) => {
    if (/^(?:not )?ok \d/u.test(line)) collector.blame("a test point behind the plan");
  });
  parser.on("child", (child: Parser) => read(child, [...path, child.name], given));
  parser.on("assert", (point: Result) => {
    const isNumbered = point.id !== 0;
    points.count += 1;
    points.areAllNumbered &&= isNumbered;
    areNumbered ??= isNumbered || path.length === 0;
    const isNext = areNumbered ? point.id === last + 1 : !isNumbered;
    if (!isNext) collector.blame(`test point ${point.id} follows ${last}`);
    last = point.id;
    // ava and node-tap name a test in a comment and again in its point.
    const names = [...path, ...(test === null || test === point.name ? [] : [test]), point.name];
    collector.add(names, point.skip ? "skip" : point.ok ? "pass" : point.todo ? "skip" : "fail");
  });
}
