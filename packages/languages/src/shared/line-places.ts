/** Tells where each line of a source file is: in which statements and blocks, whether it begins inside a string, and whether a `return` begins it. Pure. */
import { ifReadable, type SyntaxNode } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";

/** `within`: the first lines, counted from 1, of the statements and blocks around this line. `isText`: the line begins inside a string. */
export interface LinePlace {
  readonly within: readonly number[];
  readonly isText: boolean;
}

const strings = /^(?:(?:template_)?string|format_specifier|(?:(?:interpreted|raw)_)?string_literal)$/u;
const codeInStrings = /^(?:template_substitution|interpolation|format_expression)$/u;

/** The place of each line; null if the text can't be read whole. */
export function linePlaces(text: string, path: string): LinePlace[] | null {
  return ifReadable(() => {
    const tree = readSyntax(text, path);
    return tree.errors.length > 0 ? null : placesIn(text, tree.root);
  }, null);
}

function placesIn(text: string, root: SyntaxNode): LinePlace[] {
  const lines = text.split("\n");
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  const codeStarts = lines.map((line, index) => (starts[index] ?? 0) + line.length - line.trimStart().length);
  const places = lines.map((): { within: readonly number[]; isText: boolean } => ({ within: [], isText: false }));
  const visit = (node: SyntaxNode, around: readonly number[]): void => {
    for (let line = firstAtOrAfter(codeStarts, node.from); (codeStarts[line] ?? node.to) < node.to; line += 1) {
      const place = places[line];
      if (place !== undefined) place.within = around.filter((one) => one < line + 1);
    }
    const isString = strings.test(node.name);
    if (isString || codeInStrings.test(node.name))
      for (let line = firstAtOrAfter(starts, node.from + 1); (starts[line] ?? node.to) < node.to; line += 1) {
        const place = places[line];
        if (place !== undefined) place.isText = isString;
      }
    for (const child of node.children) {
      // A block of Python begins with its first statement.
      const isWithin = child.name === "block" && text[child.from] !== "{";
      const own = isWithin ? undefined : firstAtOrAfter(starts, child.from + 1);
      visit(child, own === undefined || own === around.at(-1) ? around : [...around, own]);
    }
  };
  visit(root, []);
  return places;
}

/** The index of the first number in an ascending list that is at least `wanted`. */
function firstAtOrAfter(list: readonly number[], wanted: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The lines that begin with a `return` statement, trimmed; none for an unreadable text. */
export function returnLines(text: string, path: string): string[] {
  return ifReadable(() => linesIn(readSyntax(text, path).root, text), []);
}

function linesIn({ name, from, children }: SyntaxNode, text: string): string[] {
  const before = text.slice(text.lastIndexOf("\n", from - 1) + 1, from);
  const [line = ""] = text.slice(from).split("\n", 1);
  const own = name === "return_statement" && before.trim() === "" ? [line.trim()] : [];
  return [...own, ...children.flatMap((child) => linesIn(child, text))];
}
