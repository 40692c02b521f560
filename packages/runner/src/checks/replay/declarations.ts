/** What a file of JavaScript, TypeScript, Python or Go declares at its top, and what each declaration mentions. Pure. */
import { sha256 } from "@aedev/host/sha256";
import { languageOf } from "@aedev/languages";
import { goDefined } from "@aedev/languages/go/go-syntax";
import { declaredBy, isVariableDeclaration } from "@aedev/languages/javascript/javascript-syntax";
import { isComment, partsIn, partsOf, sourceText, textsOf } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";

export interface Declaration {
  readonly name: string;
  /** A function, which gives what it gives by what it mentions. */
  readonly isFunction: boolean;
  /** Of the whole text, with decorators. */
  readonly digest: string;
  readonly mentions: readonly string[];
}

const nameNode = /^(?:package_)?identifier$/u;
const functionNode = /^(?:(?:generator_)?function_declaration|function_definition)$/u;

/** One for each name that a statement at the top of the file gives; what gives none has the empty name. */
export function declarationsIn(text: string, path: string): Declaration[] {
  const tree = readSyntax(text, path);
  return tree.root.children.filter((node) => !isComment(node)).flatMap((node) => declarationsOf(node, tree, path));
}

function declarationsOf(statement: SyntaxNode, tree: SyntaxTree, path: string): Declaration[] {
  const inner = statement.children.find(({ name }) => /_(?:declaration|definition)$|assignment$/u.test(name));
  const node = /^(?:export|decorated|expression)_/u.test(statement.name) ? (inner ?? statement) : statement;
  const mentions = [...new Set(textsOf(tree, statement, /^(?:\w+_)?identifier(?:_pattern)?$/u))];
  const digest = sha256(sourceText(tree, statement));
  const isScript = languageOf(path)?.name === "javascript";
  const given = isScript ? scriptNames(node) : [...givenNames(node), ...goDefined(node)];
  // Any word of an import can be a name that it gives, and any word of a class one of its members.
  const isNamedByWords = /^(?:(?:abstract_)?class_|(?:\w+_)?import_)/u.test(node.name);
  const words = isNamedByWords ? wordsOf(sourceText(tree, node)) : [];
  const names = [...new Set([...given.map((one) => sourceText(tree, one)), ...words])];
  const isFunction = functionNode.test(node.name);
  if (names.length === 0) return [{ name: "", isFunction: false, digest, mentions }];
  return names.map((name) => ({ name, isFunction, digest, mentions }));
}

/** The names that a declaration of Python or Go gives, those of a pattern too. */
function givenNames({ children }: SyntaxNode): SyntaxNode[] {
  return children.flatMap((child) => {
    if (child.field === "right" && child.name !== "assignment") return [];
    if (nameNode.test(child.name)) return [child];
    return /_pattern$|^(?:pattern_list|assignment)$/u.test(child.name) ? givenNames(child) : [];
  });
}

const scriptNames = (node: SyntaxNode): SyntaxNode[] =>
  isVariableDeclaration(node) ? partsOf(node).flatMap(declaredBy) : partsIn(node, "name");

const wordsOf = (text: string) => text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
