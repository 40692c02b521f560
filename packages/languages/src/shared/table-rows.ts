/**
 * Lists the rows of the tables in a test file: what one test is given, or one turn of its loop. A table is a list whose elements are lists, objects or calls, an object whose
 * values are given by a literal key, or a tagged template. Nobody says which value of a row is the input and which the answer.
 */
import { childOf, fieldOf, lineFinder, nodesIn, partsOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { literalOf, literalsIn } from "./literals.ts";

const rowsMax = 4000;
const lists = /^(?:array|list|tuple)$/u;
const rows = /^(?:array|object|(?:call|new)_expression|list|tuple|dictionary|call)$/u;

/** The literals of each row that has at least two. */
export function tableRows(tree: SyntaxTree): string[][] {
  const lineOf = lineFinder(tree.text);
  const found: string[][] = [];
  const add = (literals: readonly string[]): void => {
    if (literals.length >= 2 && found.length < rowsMax) found.push([...new Set(literals)]);
  };
  const addEntry = (key: SyntaxNode | undefined, value: SyntaxNode | undefined): void => {
    const name = key === undefined ? null : literalOf(key);
    if (name !== null && value !== undefined) add([name, ...literalsIn(value)]);
  };
  for (const node of nodesIn(tree.root)) {
    const parts = partsOf(node);
    if (lists.test(node.name))
      for (const part of parts) {
        const row = /^(?:list_splat|spread_element)$/u.test(part.name) ? (partsOf(part)[0] ?? part) : part;
        if (rows.test(row.name)) add(literalsIn(row));
      }
    // A name as a key is a field of a row, and no input.
    if (node.name === "pair") addEntry(fieldOf(node, "key"), fieldOf(node, "value"));
    if (node.name === "call_expression") {
      const template = childOf(node, "template_string");
      const values = template?.children.filter(({ name }) => name === "template_substitution") ?? [];
      for (const line of Map.groupBy(values, ({ from }) => lineOf(from)).values())
        add(line.flatMap((value) => literalsIn(value)));
    }
  }
  return found;
}
