/** Prints the literals in a piece of code in canonical form (`"a"`, `-3`, `true`), the same for every language, so that code and tests can be compared. */

import { childOf, fieldOf, lineFinder, nodesIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

const literalsMax = 60;
const charactersMax = 200;

export function literalsIn(node: SyntaxNode, without: ReadonlySet<SyntaxNode> = nothing): string[] {
  const found = new Set<string>();
  const visit = (piece: SyntaxNode): void => {
    if (found.size >= literalsMax || without.has(piece)) return;
    const literal = literalOf(piece);
    if (literal !== null) found.add(literal);
    else for (const child of piece.children) visit(child);
  };
  visit(node);
  return [...found];
}

const nothing: ReadonlySet<SyntaxNode> = new Set();

/** The literal in canonical form; null for any other node, and for one too long to matter. */
export function literalOf(node: SyntaxNode): string | null {
  if (node.to - node.from > charactersMax) return null;
  const text = () => textOf(node);
  switch (node.name) {
    case "number":
    case "int_literal":
    case "imaginary_literal":
    case "integer":
    case "float":
      return text().replace(/_/g, "");
    case "integer_literal":
    case "float_literal":
      return text().replace(
        /^0x/iu.test(text()) ? /_|[iu](?:8|16|32|64|128|size)$/gu : /_|(?:[iu](?:8|16|32|64|128|size)|f(?:32|64))$/gu,
        "",
      );
    case "rune_literal":
    case "char_literal":
      return JSON.stringify(text().slice(1, -1));
    case "interpreted_string_literal":
    case "raw_string_literal":
    case "string_literal":
    case "string":
      return childOf(node, "interpolation") === undefined
        ? JSON.stringify(text().replace(/^[a-zA-Z]*(#*)("""|'''|"|'|`)([\s\S]*)\2\1$/, "$3"))
        : null;
    case "template_string":
      return childOf(node, "template_substitution") === undefined ? JSON.stringify(text().slice(1, -1)) : null;
    case "boolean_literal":
    case "boolean":
    case "true":
    case "false":
      return text().toLowerCase();
    case "null":
    case "none":
      return "null";
    case "unary_expression":
    case "unary_operator":
    case "negative_literal":
    case "case_pattern":
      return /^-\s*[\d.]+$/.test(text()) ? text().replace(/\s/g, "") : null;
    default:
      return null;
  }
}

const compound = /^(?:array|object|list|dictionary|tuple|set)$/u;

/** The text of a whole list or object, which is an answer that its parts are not; null for any other node and for an empty one. */
export function wholeOf(node: SyntaxNode): string | null {
  if (!compound.test(node.name) || node.to - node.from > charactersMax) return null;
  const text = textOf(node)
    .replace(/\s/gu, "")
    .replaceAll("'", '"')
    .replace(/,(?=[\])}])/gu, "");
  return text.length > "[]".length ? text : null;
}

/** The answers in an expected value that code could know: a literal, or a whole list or object and its distinctive parts. */
export function knowableAnswers(expected: SyntaxNode): string[] {
  const literals = literalsIn(expected);
  if (!compound.test(expected.name)) return literals;
  // An empty list is an answer too, although no code is known by it.
  return [wholeOf(expected) ?? "[]", ...literals.filter(isDistinctive)];
}

/** False for values that ordinary code compares with and that many tests expect. */
export function isDistinctive(literal: string): boolean {
  return !/^(-?[01](\.0*)?|true|false|null|""|".")$/.test(literal);
}

/** False for values that ordinary code has and tests use by chance. */
export function isUnusual(literal: string): boolean {
  return !/^(?:-?\d(?:\.0*)?|-?10+|true|false|null|"[\s\S]?"|"\\\\[^ux]"|"\\\\(?:u[\da-f]{4}|x[\da-f]{2})")$/iu.test(
    literal,
  );
}

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
    // A plain name as a key is a row's field, not an input.
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
