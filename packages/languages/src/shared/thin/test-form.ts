/**
 * How tests are written in a language of which nothing but its test files is read: plain data, by the grammar's names of nodes.
 *
 * Folder: reads tests by their form alone.
 */
import { fieldOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";

/** What a piece of a test calls, such as `assertEquals`, or is marked with, such as `@Test`; null for any other. */
type LabelOf = (node: SyntaxNode) => string | null;

/** What counts in a text with tests, by label. */
export interface SignForm {
  readonly labelOf: LabelOf;
  readonly assertion: RegExp;
  readonly skip: RegExp;
  /** Leaves out all other tests. */
  readonly only?: RegExp;
}

export interface TestForm extends SignForm {
  /** Classes, and calls that group tests: a test may be added in them. Nodes without a label are known by their names, here and below. */
  readonly groups: RegExp;
  readonly method: string;
  /** Methods that are tests, by their own names or by their marks. */
  readonly testName: RegExp;
  readonly testMark?: RegExp;
  /** Calls that are tests, with a block. */
  readonly testCall?: RegExp;
  /** Imports, by their text, that change nothing if their names are new. */
  readonly harmlessImport?: RegExp;
  /** What in a test may act on other tests. */
  readonly reaching?: RegExp;
  /** The text as the grammar can read it, with each piece in its place. */
  readonly readable?: (text: string) => string;
}

const labelCharactersMax = 200;

/** `labels`: the field with the label for each name of a node, `` for its first piece; `@` makes it a mark. */
export function labelled(labels: Readonly<Record<string, string>>): LabelOf {
  const known = new Map(Object.entries(labels));
  return (node) => {
    const field = known.get(node.name);
    if (field === undefined) return null;
    const plain = field.replace("@", "");
    const piece = plain === "" ? (node.children[0] ?? node) : fieldOf(node, plain);
    if (piece === undefined) return null;
    const text = textOf(piece).slice(-labelCharactersMax).replaceAll(/\s/gu, "");
    return field.startsWith("@") ? `@${text}` : text;
  };
}
