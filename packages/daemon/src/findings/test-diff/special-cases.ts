/**
 * Finds code that special-cases the tests: a branch that runs only for a test's input and returns the test's answer, or another literal of the same row. It
 * does not find answers that are computed or spread over several branches; special-tables.ts finds tables.
 */
import type { TestFinding } from "@aedev/contracts";
import { languageOf } from "@aedev/languages";
import { readersOf } from "@aedev/languages/readers";
import { type Branch, branchText } from "@aedev/languages/shared/compiled-branches";
import { isDistinctive, isUnusual } from "@aedev/languages/shared/literals";
import { lineFinder } from "@aedev/languages/tree/print-syntax";
import type { SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { finding } from "./compare-tests.ts";
import type { KnownCase } from "./known-cases.ts";

const findingsMax = 20;

/** Searches the new lines of a file. `before`: the file's text in the base. */
export function findSpecialCases(
  tree: SyntaxTree,
  { path, before }: { path: string; before: string },
  cases: readonly KnownCase[],
): TestFinding[] {
  const lineOf = lineFinder(tree.text);
  const isAdded = addedLines(before, tree.text);
  const found: TestFinding[] = [];
  const byInput = new Map<string, KnownCase[]>();
  for (const known of cases)
    for (const input of known.inputs) byInput.set(input, [...(byInput.get(input) ?? []), known]);
  for (const branch of readersOf(path)?.branches?.(tree) ?? []) {
    const line = lineOf(branch.at.from);
    if (found.length >= findingsMax || !isAdded(line)) continue;
    const hit = branch.inputs
      .filter(isDistinctive)
      .flatMap((input) => (byInput.get(input) ?? []).map((known) => ({ input, known })))
      .find(({ input, known }) => known.outputs.some((output) => answers(branch, { input, output, known })))?.known;
    if (hit === undefined) continue;
    const text = `contains this test's input and its answer: ${branchText(branch)}`;
    found.push(finding("input-special-cased", hit.test, line, text));
  }
  return found;
}

/** Whether a branch answers a case. A row does not tell which value is the answer, so this must be unusual and nearly alone in the branch. */
function answers(
  { outputs }: Branch,
  { input, output, known }: { input: string; output: string; known: KnownCase },
): boolean {
  if (!outputs.includes(output)) return false;
  return (
    known.isRow !== true ||
    (output !== input &&
      outputs.length <= rowAnswersMax &&
      isUnusual(input) &&
      isUnusual(output) &&
      !typeName.test(output))
  );
}
const rowAnswersMax = 4;
const typeName = /^"(?:string|number|boolean|object|function|undefined|symbol|bigint)"$/u;

/** Whether a line of `after`, counted from 1, is not in `before`. */
export function addedLines(before: string, after: string): (line: number) => boolean {
  const known = new Set(before.split("\n").map((line) => line.trim()));
  const lines = after.split("\n");
  return (line) => !known.has(lines[line - 1]?.trim() ?? "");
}

const comparesLiteral =
  /[([{,:]\s*-?(\d|['"`])|([=!]=|\bcase\b|\bis\b|\bin\b|includes|equals?\b|[sS]tarts_?[wW]ith|[eE]nds_?[wW]ith).*(\d|['"`])|(\d|['"`]).*(==|=>)/;
const lineCharactersMax = 2000;

/** A quick check whether any new line of a readable file compares with a literal or lists literals. */
export function mayKnowTests(path: string, before: string, after: string): boolean {
  if (languageOf(path)?.hasCodeRules !== true) return false;
  const isAdded = addedLines(before, after);
  const lines = after.split("\n");
  // The literal may be on the next line.
  return lines.some((line, index) => {
    const both = `${line} ${lines[index + 1] ?? ""}`;
    return (
      (both.length > lineCharactersMax || comparesLiteral.test(both)) && (isAdded(index + 1) || isAdded(index + 2))
    );
  });
}
