/**
 * Describes how a language writes tests, as plain data about the grammar's nodes, for languages whose test files alone are read.
 *
 * Folder: reads tests by their form alone.
 */
import { fieldOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";

/** The name that a node calls, such as `assertEquals`, or marks with, such as `@Test`; null for any other node. */
type LabelOf = (node: SyntaxNode) => string | null;

/** The labels that count in a text with tests. */
export interface SignForm {
  readonly labelOf: LabelOf;
  readonly assertion: RegExp;
  readonly skip: RegExp;
  /** Marks that leave out all other tests. */
  readonly only?: RegExp;
}

export interface TestForm extends SignForm {
  /** Classes and calls that group tests, so that tests may be added inside. Here and below, a node without a label is known by its name. */
  readonly groups: RegExp;
  readonly method: string;
  /** Names, and marks, of methods that are tests. */
  readonly testName: RegExp;
  readonly testMark?: RegExp;
  /** Calls with a block that are tests. */
  readonly testCall?: RegExp;
  /** The text of imports that change nothing if their names are new. */
  readonly harmlessImport?: RegExp;
  /** Nodes in a test that may act on other tests. */
  readonly reaching?: RegExp;
  /** Rewrites the text for the grammar without moving anything. */
  readonly readable?: (text: string) => string;
}

const labelCharactersMax = 200;

/** `labels`: for each node name the field with its label, or an empty text for its first child; `@` makes it a mark. */
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
