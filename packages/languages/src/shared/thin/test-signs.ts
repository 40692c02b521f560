/** Counts a text's assertions and lists the marks that decide whether tests run and how long they may take. Comments and strings do not count. */
import type { TestFinding } from "@aedev/contracts";
import { isComment, lineFinder, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";
import type { SignForm } from "./test-form.ts";

export interface TestSigns {
  readonly assertions: number;
  readonly marks: readonly TestMark[];
}
interface TestMark {
  readonly kind: TestFinding["kind"];
  readonly line: number;
  /** The text of the mark's first line. */
  readonly text: string;
}

const timeLimit = /(?:time_?out|deadline)(?:_?(?:ms|s|secs|seconds|millis))?$/iu;
const lineCharactersMax = 2000;
const limitCharactersMax = 300;

export function testSigns(tree: SyntaxTree, { labelOf, assertion, skip, only }: SignForm): TestSigns {
  const lineOf = lineFinder(tree.text);
  const lines = tree.text.split("\n");
  const marks = new Map<string, TestMark>();
  let assertions = 0;
  const mark = (kind: TestFinding["kind"], node: SyntaxNode): void => {
    const line = lineOf(node.from);
    marks.set(`${kind} ${line}`, { kind, line, text: (lines[line - 1] ?? "").trim().slice(0, lineCharactersMax) });
  };
  const visit = (node: SyntaxNode, around: readonly SyntaxNode[], isLabel: boolean): void => {
    if (isComment(node)) return;
    const label = isLabel ? null : labelOf(node);
    if (label !== null && assertion.test(label)) assertions += 1;
    if (label !== null && skip.test(label)) mark("skip-added", node);
    if (label !== null && only?.test(label) === true) mark("only-added", node);
    if (node.children.length === 0 && timeLimit.test(textOf(node)) && hasNumber(around)) mark("timeout-raised", node);
    // The name inside a labelled node does not count again.
    for (const child of node.children)
      visit(child, [...around.slice(-1), node], label !== null && textOf(child) === label);
  };
  visit(tree.root, [], false);
  return { assertions, marks: [...marks.values()] };
}

/** Whether a short node around a name has a number. */
function hasNumber(around: readonly SyntaxNode[]): boolean {
  return around.some((node) => node.to - node.from <= limitCharactersMax && /\d/u.test(textOf(node)));
}

/** The marks that the later version has more often than the earlier one, compared by the text of their lines. */
export function addedMarks(before: readonly TestMark[], after: readonly TestMark[]): TestMark[] {
  const old = Map.groupBy(before, ({ text }) => text);
  const left = new Map([...old].map(([text, { length }]) => [text, length]));
  return after.filter(({ text }) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}
