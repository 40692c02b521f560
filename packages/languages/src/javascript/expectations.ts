/**
 * Reads a JavaScript or TypeScript test file for perturbation: its tests, their assertions, and how each assertion is made to fail. Knows tape,
 * node:test, jest, vitest, mocha, Jasmine and uvu with node:assert, chai and should. Pure.
 */

import {
  type AssertionSite,
  assertionsIn,
  type HelperSite,
  type TestSite,
  type TestSource,
} from "../shared/alteration.ts";
import { fieldOf, namesIn, nodesIn, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { assertionLibrary, type ClaimReading, readClaim } from "./altered-claims.ts";

import { isFunctionDeclaration, isFunctionValue, scriptParameters } from "./javascript-syntax.ts";
import { type LibraryNames, libraryNames, readTestCall, type TestCall } from "./javascript-tests.ts";

export function readJavascriptSource(tree: SyntaxTree, { seed }: { readonly seed: string }): TestSource {
  const library = libraryNames(tree);
  const calls = testCalls(tree, library);
  const without = new Set(calls.map(({ node }) => node));
  const reading: ClaimReading = {
    tree,
    seed,
    receivers: new Set([...importedReceivers(tree), ...calls.flatMap(({ call }) => firstParameter(call))]),
  };
  const claimOf = (node: SyntaxNode, parent: SyntaxNode | null) => readClaim(node, parent, reading);
  const tests = calls.map(({ node, call }): TestSite => {
    const body = call.body ?? node;
    const others = new Set([...without].filter((other) => other !== node));
    return {
      name: call.name,
      assertions: assertionsIn(body, claimOf, isGuard, others),
      mentions: namesIn(node, others),
    };
  });
  return { tests, helpers: helpersIn(tree, without, (body) => assertionsIn(body, claimOf, isGuard, without)) };
}

function testCalls(tree: SyntaxTree, library: LibraryNames) {
  const found: { node: SyntaxNode; call: TestCall }[] = [];
  for (const node of nodesIn(tree.root)) {
    const call = node.name === "call_expression" ? readTestCall(node, library) : null;
    if (call?.kind === "test" && !call.marks.some(({ kind, text }) => kind === "todo" && text === "has no body"))
      found.push({ node, call });
  }
  return found;
}

/** The name of the test's context: `t` in `test("…", (t) => …)`. */
function firstParameter({ body }: TestCall): string[] {
  const [first] = scriptParameters(body);
  return first?.pattern.name === "identifier" ? [textOf(first.pattern)] : [];
}

function importedReceivers(tree: SyntaxTree): string[] {
  return tree.root.children.flatMap((statement) => {
    const text = textOf(statement).slice(0, 2000);
    const names =
      statement.name === "import_statement"
        ? /^import\s+(?:type\s+)?(?:\*\s*as\s+)?(\w+)?[^'"]*from\s*['"]([^'"]+)['"]/.exec(text)
        : /^(?:const|let|var)\s+(\w+)\s*=\s*require\(\s*['"]([^'"]+)['"]\s*\)/.exec(text);
    return names?.[1] !== undefined && assertionLibrary.test(names[2] ?? "") ? [names[1]] : [];
  });
}

/** Whether `child` may not run, or a failure inside it may be swallowed. */
function isGuard(parent: SyntaxNode, child: SyntaxNode): boolean {
  switch (parent.name) {
    case "if_statement":
    case "ternary_expression":
      return child.field !== "condition";
    case "try_statement":
      return fieldOf(parent, "handler") !== undefined;
    case "switch_body":
    case "catch_clause":
      return true;
    default:
      return false;
  }
}

/** Named functions outside of tests that assert something. */
function helpersIn(
  tree: SyntaxTree,
  without: ReadonlySet<SyntaxNode>,
  assertionsOf: (body: SyntaxNode) => AssertionSite[],
): HelperSite[] {
  const helpers: HelperSite[] = [];
  const add = (name: SyntaxNode | undefined, body: SyntaxNode): void => {
    if (name === undefined) return;
    helpers.push({
      names: [textOf(name)],
      assertions: assertionsOf(body),
      mentions: namesIn(body, without),
    });
  };
  for (const node of nodesIn(tree.root, (one) => without.has(one))) {
    const value = fieldOf(node, "value");
    if (isFunctionDeclaration(node) || node.name === "method_definition") add(fieldOf(node, "name"), node);
    if (value !== undefined && isFunctionValue(value)) add(fieldOf(node, "name") ?? fieldOf(node, "key"), value);
  }
  return helpers;
}
