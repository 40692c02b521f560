/** The functions of a file of JavaScript, TypeScript, Python or Go with what each of them mentions. Pure. */

import { sha256 } from "@aedev/host/sha256";
import { readSyntax, type SyntaxNode, type SyntaxTree } from "@aedev/host/syntax/syntax-tree";

export interface FunctionText {
  /** Without its class or receiver. */
  readonly name: string;
  /** Of its text, from its name on. */
  readonly digest: string;
  readonly mentions: readonly string[];
}

const functionNode =
  /^(?:Function(?:Declaration|Definition|Decl)|Method(?:Declaration|Decl)|VariableDeclaration|PropertyDeclaration)$/u;
const nameNode = /^(?:VariableDefinition|VariableName|PropertyDefinition|DefName|FieldName)$/u;
const mentionsMax = 400;

/** Functions, methods and what a variable is made of. A name that stands for several of them is left out. */
export function functionsIn(text: string, path: string): FunctionText[] {
  const tree = readSyntax(text, path);
  const found: FunctionText[] = [];
  collect(tree.root, tree, found);
  const counts = Map.groupBy(found, ({ name }) => name);
  return found.filter(({ name }) => counts.get(name)?.length === 1);
}

function collect(node: SyntaxNode, tree: SyntaxTree, found: FunctionText[]): void {
  if (functionNode.test(node.name)) {
    const name = node.children.find((child) => nameNode.test(child.name));
    if (name !== undefined) {
      const own = tree.text.slice(name.from, node.to);
      const mentions = [...new Set(own.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu))].slice(0, mentionsMax);
      found.push({ name: tree.text.slice(name.from, name.to), digest: sha256(own), mentions });
    }
    if (!node.name.startsWith("Variable")) return;
  }
  // What is inside of a function is part of it.
  for (const child of node.children) collect(child, tree, found);
}
