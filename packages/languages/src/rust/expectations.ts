/**
 * Reads a Rust file for perturbation: functions marked as tests, and the assertion macros in them. It proposes only edits that compile for every type, and
 * none outside tests, because code files have tests too. Pure.
 */

import {
  type Alteration,
  type AssertionSite,
  around,
  assertionsIn,
  type HelperSite,
  type NoAlteration,
  negation,
  type TestSite,
  type TestSource,
} from "../shared/alteration.ts";
import { childOf, fieldOf, isComment, textOf, textsOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

import { attributesOf, attributeText, isForTestsOnly, marksTest } from "./rust-tests.ts";

const renamed = new Map([
  ["assert_eq", "assert_ne"],
  ["assert_ne", "assert_eq"],
  ["debug_assert_eq", "debug_assert_ne"],
  ["debug_assert_ne", "debug_assert_eq"],
]);
const asserting = /^(debug_)?assert$/;

export function readRustSource(tree: SyntaxTree, { path }: { readonly path: string }): TestSource {
  const tests: TestSite[] = [];
  const helpers: HelperSite[] = [];
  const visit = (node: SyntaxNode, inTests: boolean): void => {
    const attributes = attributesOf(node);
    if (node.name === "function_item") {
      const name = textOf(fieldOf(node, "name") ?? node);
      const panics = attributes.find((one) => /^should_panic\b/.test(attributeText(one)));
      const body = fieldOf(node, "body") ?? node;
      const assertions =
        panics === undefined ? assertionsIn(body, (one) => macro(one), isGuard) : [expectedPanic(panics)];
      const mentions = textsOf(body, /^(field_)?identifier$/);
      if (marksTest(attributes)) tests.push({ name, assertions, mentions });
      else if (inTests) helpers.push({ names: [name], assertions, mentions });
      return;
    }
    const isInside = inTests || attributes.some((one) => isForTestsOnly(one));
    for (const child of node.children) visit(child, isInside);
  };
  visit(tree.root, /(^|\/)tests\//.test(path));
  return { tests, helpers };
}

function isGuard(parent: SyntaxNode, child: SyntaxNode): boolean {
  return child.name === "block" && /^(if_expression|else_clause|match_arm)$/.test(parent.name);
}

function macro(node: SyntaxNode): Alteration | NoAlteration | null {
  const path = fieldOf(node, "macro");
  const nameNode = fieldOf(path, "name") ?? path;
  if (nameNode === undefined) return null;
  const name = textOf(nameNode);
  const other = renamed.get(name);
  if (other !== undefined) return negation([{ from: nameNode.from, to: nameNode.to, text: other }]);
  if (!asserting.test(name)) return /^assert_\w+$/.test(name) ? "no-safe-alteration" : null;
  const tokens = childOf(node, "token_tree")?.children ?? [];
  const inner = tokens.slice(1, -1).filter((token) => !isComment(token));
  const comma = inner.findIndex(({ name: kind }) => kind === ",");
  const condition = comma === -1 ? inner : inner.slice(0, comma);
  const [first, last] = [condition[0], condition.at(-1)];
  if (first === undefined || last === undefined) return "no-safe-alteration";
  return negation(around({ from: first.from, to: last.to }, "!("));
}

/** The edit that removes `#[should_panic]`, so that the panic becomes a failure. */
function expectedPanic({ from, to }: SyntaxNode): AssertionSite {
  return { at: from, alteration: negation([{ from, to, text: "" }]), guarded: false };
}
