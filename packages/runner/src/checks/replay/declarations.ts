/** What a file of JavaScript, TypeScript, Python or Go declares at its top, and what each declaration mentions. Pure. */
import { sha256 } from "@aedev/host/sha256";
import { goDefined } from "@aedev/languages/go/go-syntax";
import { isComment, sourceText, textsOf } from "@aedev/languages/tree/print-syntax";
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

const nameNode = /^(?:VariableDefinition|TypeDefinition|package_identifier|identifier)$/u;
const functionNode = /^(?:FunctionDeclaration|function_declaration|function_definition)$/u;

/** One for each name that a statement at the top of the file gives; what gives none has the empty name. */
export function declarationsIn(text: string, path: string): Declaration[] {
  const tree = readSyntax(text, path);
  return tree.root.children.filter((node) => !isComment(node)).flatMap((node) => declarationsOf(node, tree));
}

function declarationsOf(statement: SyntaxNode, tree: SyntaxTree): Declaration[] {
  const inner = statement.children.find(({ name }) => /Declaration$|_definition$|assignment$/u.test(name));
  const node = /^(?:Export|decorated_|expression_)/u.test(statement.name) ? (inner ?? statement) : statement;
  const mentions = [...new Set(textsOf(tree, statement, /Name$|^PropertyDefinition$|^(?:\w+_)?identifier$/u))];
  const digest = sha256(sourceText(tree, statement));
  const given = [...givenNames(node, tree), ...goDefined(node).map((one) => sourceText(tree, one))];
  // Any word of an import can be a name that it gives, and any word of a class one of its members.
  const names = /^(?:Import|Class|class_|(?:\w+_)?import_)/u.test(node.name)
    ? [...new Set([...given, ...wordsOf(sourceText(tree, node))])]
    : given;
  const isFunction = functionNode.test(node.name);
  if (names.length === 0) return [{ name: "", isFunction: false, digest, mentions }];
  return names.map((name) => ({ name, isFunction, digest, mentions }));
}

/** The names that a declaration gives, those of a pattern too. */
function givenNames({ children }: SyntaxNode, tree: SyntaxTree): string[] {
  return children.flatMap((child) => {
    if (child.field === "right" && child.name !== "assignment") return [];
    if (nameNode.test(child.name)) return [sourceText(tree, child)];
    return /Pattern|Property$|_pattern$|^(?:pattern_list|assignment)$/u.test(child.name) ? givenNames(child, tree) : [];
  });
}

const wordsOf = (text: string) => text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
