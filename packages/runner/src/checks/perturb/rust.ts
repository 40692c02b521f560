/**
 * Reads a Rust file for perturbation: functions marked as tests, and the assertion macros in them. Only edits that compile whatever the types are.
 * Code outside of tests is never altered, because files of code have tests too. Pure; the source is hostile, see syntax-tree.ts.
 */

import { attributesOf, isForTestsOnly, marksTest } from "@aedev/languages/rust/rust-tests";
import { childOf, sourceText, textsOf } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import {
  type Alteration,
  type AssertionSite,
  assertionsIn,
  type HelperSite,
  type NoAlteration,
  negation,
  opposite,
  type TestSite,
  type TestSource,
} from "./alteration.ts";

const renamed = new Map([
  ["assert_eq", "assert_ne"],
  ["assert_ne", "assert_eq"],
  ["debug_assert_eq", "debug_assert_ne"],
  ["debug_assert_ne", "debug_assert_eq"],
]);
const asserting = /^(debug_)?assert$/;

export function readRustSource(tree: SyntaxTree, path: string): TestSource {
  const tests: TestSite[] = [];
  const helpers: HelperSite[] = [];
  const visit = (node: SyntaxNode, attributes: readonly SyntaxNode[], inTests: boolean): void => {
    if (node.name === "FunctionItem") {
      const name = sourceText(tree, childOf(node, "BoundIdentifier") ?? node);
      const panics = attributes.find((one) => /^#?\[\s*should_panic\b/.test(sourceText(tree, one)));
      const body = childOf(node, "Block") ?? node;
      const assertions =
        panics === undefined ? assertionsIn(body, (one) => macro(one, tree), isGuard) : [expectedPanic(panics, tree)];
      const mentions = textsOf(tree, body, /^(Identifier|FieldIdentifier)$/);
      if (marksTest(tree, attributes)) tests.push({ name, assertions, mentions });
      else if (inTests) helpers.push({ names: [name], assertions, mentions });
      return;
    }
    const isInside = inTests || attributesOf(node).some((one) => isForTestsOnly(tree, one));
    for (const child of node.children) visit(child, attributesOf(node), isInside);
  };
  visit(tree.root, [], /(^|\/)tests\//.test(path));
  return { tests, helpers };
}

function isGuard(parent: SyntaxNode, child: SyntaxNode): boolean {
  return child.name === "Block" && /^(IfExpression|MatchArm)$/.test(parent.name);
}

function macro(node: SyntaxNode, tree: SyntaxTree): Alteration | NoAlteration | null {
  if (node.name !== "MacroInvocation") return null;
  const path = node.children[0];
  const nameNode = path?.name === "ScopedIdentifier" ? path.children.at(-1) : path;
  if (nameNode === undefined) return null;
  const name = sourceText(tree, nameNode);
  const other = renamed.get(name);
  if (other !== undefined) return negation([{ from: nameNode.from, to: nameNode.to, text: other }]);
  if (!asserting.test(name)) return /^assert_\w+$/.test(name) ? "no-safe-alteration" : null;
  const tokens = node.children.find(({ name: kind }) => /Tokens$/.test(kind));
  const inner = (tokens?.children ?? []).slice(1, -1);
  const comma = inner.findIndex(({ name: kind }) => kind === ",");
  const condition = comma === -1 ? inner : inner.slice(0, comma);
  const [first, last] = [condition[0], condition.at(-1)];
  if (first === undefined || last === undefined) return "no-safe-alteration";
  return opposite(first, last);
}

/** Without the attribute, the panic is a failure. */
function expectedPanic(attribute: SyntaxNode, tree: SyntaxTree): AssertionSite {
  const from = tree.text.lastIndexOf("#", attribute.from);
  const start = from === -1 || tree.text.slice(from + 1, attribute.from).trim() !== "" ? attribute.from : from;
  return { at: attribute.from, alteration: negation([{ from: start, to: attribute.to, text: "" }]), guarded: false };
}
