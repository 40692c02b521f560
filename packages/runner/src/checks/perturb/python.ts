/**
 * Reads a Python test file for perturbation: pytest functions and unittest methods, their assertions, and how each is made to fail. Pure; the
 * source is hostile, see syntax-tree.ts.
 */
import { childOf, namesIn, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { assertionsIn, type HelperSite, type TestSite, type TestSource } from "./alteration.ts";
import { readPythonClaim } from "./python-assertion.ts";

export function readPythonSource(tree: SyntaxTree, seed: string): TestSource {
  const tests: TestSite[] = [];
  const helpers: HelperSite[] = [];
  const reading = { tree, seed };
  const visit = (node: SyntaxNode, isTestPlace: boolean): void => {
    if (node.name !== "FunctionDefinition") {
      for (const child of node.children) visit(child, isTestPlace);
      return;
    }
    const name = sourceText(tree, childOf(node, "VariableName") ?? node);
    const assertions = assertionsIn(
      childOf(node, "Body") ?? node,
      (inner) => readPythonClaim(inner, reading),
      (parent, child) => isGuard(parent, child, tree),
    );
    const mentions = new Set([...namesIn(tree, node), ...methodNames(tree, node)]);
    // A function inside of a function belongs to it, whatever its name.
    if (isTestPlace && /^test/.test(name)) tests.push({ name, assertions, mentions });
    else helpers.push({ names: [name], assertions, mentions });
  };
  visit(tree.root, true);
  return { tests, helpers };
}

/** Names of methods that are called, such as `self.check`. */
function methodNames(tree: SyntaxTree, root: SyntaxNode): string[] {
  const names: string[] = [];
  const visit = (node: SyntaxNode): void => {
    const callee = node.name === "CallExpression" ? node.children[0] : undefined;
    const property = callee?.name === "MemberExpression" ? callee.children.at(-1) : undefined;
    if (property?.name === "PropertyName") names.push(sourceText(tree, property));
    for (const child of node.children) visit(child);
  };
  visit(root);
  return names;
}

function isGuard(parent: SyntaxNode, child: SyntaxNode, tree: SyntaxTree): boolean {
  if (parent.name === "IfStatement" || parent.name === "MatchClause") return child.name === "Body";
  if (parent.name === "ConditionalExpression") return true;
  if (parent.name === "TryStatement") return childOf(parent, "except") !== undefined;
  const [manager] = parent.name === "WithStatement" ? partsOf(parent).slice(1) : [];
  return (
    manager !== undefined &&
    child.name === "Body" &&
    /\b(suppress|raises|assertRaises)\b/.test(sourceText(tree, manager))
  );
}
