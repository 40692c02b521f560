/**
 * Reads a Python test file for perturbation: pytest functions and unittest methods, their assertions, and how each is made to fail. Pure.
 */

import { assertionsIn, type HelperSite, type TestSite, type TestSource } from "../shared/alteration.ts";
import { childOf, fieldOf, namesIn, nodesIn, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { readPythonClaim } from "./altered-claims.ts";

export function readPythonSource(tree: SyntaxTree, { seed }: { readonly seed: string }): TestSource {
  const tests: TestSite[] = [];
  const helpers: HelperSite[] = [];
  const reading = { tree, seed };
  const visit = (node: SyntaxNode, isTestPlace: boolean): void => {
    if (node.name !== "function_definition") {
      for (const child of node.children) visit(child, isTestPlace);
      return;
    }
    const name = textOf(fieldOf(node, "name") ?? node);
    const assertions = assertionsIn(
      fieldOf(node, "body") ?? node,
      (inner) => readPythonClaim(inner, reading),
      (parent, child) => isGuard(parent, child),
    );
    const mentions = new Set([...namesIn(node), ...methodNames(node)]);
    // A function inside a test belongs to the test, whatever its name.
    if (isTestPlace && /^test/.test(name)) tests.push({ name, assertions, mentions });
    else helpers.push({ names: [name], assertions, mentions });
  };
  visit(tree.root, true);
  return { tests, helpers };
}

/** The methods that code calls, such as `check` in `self.check()`. */
function methodNames(root: SyntaxNode): string[] {
  const names: string[] = [];
  for (const node of nodesIn(root)) {
    const property = node.name === "call" ? fieldOf(fieldOf(node, "function"), "attribute") : undefined;
    if (property !== undefined) names.push(textOf(property));
  }
  return names;
}

function isGuard(parent: SyntaxNode, child: SyntaxNode): boolean {
  if (parent.name === "if_statement") return child.field === "consequence" || child.field === "alternative";
  if (parent.name === "case_clause") return child.field === "consequence";
  if (parent.name === "conditional_expression") return true;
  if (parent.name === "try_statement") return parent.children.some(({ name }) => name.startsWith("except"));
  const managers = childOf(parent, "with_clause");
  return (
    managers !== undefined && child.name === "block" && /\b(suppress|raises|assertRaises)\b/.test(textOf(managers))
  );
}
