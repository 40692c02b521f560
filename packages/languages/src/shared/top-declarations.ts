/** Lists the top-level declarations of a file and the names that each mentions. Pure. */
import { isComment, textOf, textsOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

export interface TopDeclaration {
  readonly name: string;
  /** A function, whose result can depend on everything that it mentions. */
  readonly isFunction: boolean;
  /** The statement's whole text, with decorators. */
  readonly text: string;
  readonly mentions: readonly string[];
}

const nameNode = /^(?:package_)?identifier$/u;
const functionNode = /^(?:(?:generator_)?function_declaration|function_definition)$/u;

/** One declaration for each name that a top-level statement binds; a statement that binds none has the empty name. */
export function topDeclarations(tree: SyntaxTree, namesOf: (node: SyntaxNode) => SyntaxNode[]): TopDeclaration[] {
  return tree.root.children.filter((node) => !isComment(node)).flatMap((node) => declarationsOf(node, namesOf));
}

function declarationsOf(statement: SyntaxNode, namesOf: (node: SyntaxNode) => SyntaxNode[]): TopDeclaration[] {
  const inner = statement.children.find(({ name }) => /_(?:declaration|definition)$|assignment$/u.test(name));
  const node = /^(?:export|decorated|expression)_/u.test(statement.name) ? (inner ?? statement) : statement;
  const mentions = [...new Set(textsOf(statement, /^(?:\w+_)?identifier(?:_pattern)?$/u))];
  const text = textOf(statement);
  // Any word of an import can be a name that it binds, and any word of a class can name a member.
  const isNamedByWords = /^(?:(?:abstract_)?class_|(?:\w+_)?import_)/u.test(node.name);
  const words = isNamedByWords ? wordsOf(textOf(node)) : [];
  const names = [...new Set([...namesOf(node).map(textOf), ...words])];
  const isFunction = functionNode.test(node.name);
  if (names.length === 0) return [{ name: "", isFunction: false, text, mentions }];
  return names.map((name) => ({ name, isFunction, text, mentions }));
}

/** The names that a declaration of Python or Go binds, also by a pattern. */
export function givenNames({ children }: SyntaxNode): SyntaxNode[] {
  return children.flatMap((child) => {
    if (child.field === "right" && child.name !== "assignment") return [];
    if (nameNode.test(child.name)) return [child];
    return /_pattern$|^(?:pattern_list|assignment)$/u.test(child.name) ? givenNames(child) : [];
  });
}

const wordsOf = (text: string) => text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
