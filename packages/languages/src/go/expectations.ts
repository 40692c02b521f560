/**
 * Reads a Go test file for perturbation: test functions with their subtests, conditions that lead to `t.Error` and the like, and assertions of testify,
 * quicktest and gomega. It proposes only edits that compile for every type. Pure.
 */

import {
  type Alteration,
  around,
  assertionsIn,
  type HelperSite,
  type NoAlteration,
  negation,
  oppositesOf,
  type TestSite,
  type TestSource,
} from "../shared/alteration.ts";
import { childOf, fieldOf, partsOf, textOf, textsOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { goImports } from "./go-syntax.ts";

const failing = /^(Error|Errorf|Fatal|Fatalf|Fail|FailNow)$/;
const pairs =
  "Equal/NotEqual EqualValues/NotEqualValues True/False Nil/NotNil NoError/Error Contains/NotContains Empty/NotEmpty Zero/NotZero " +
  "Same/NotSame Regexp/NotRegexp Subset/NotSubset Panics/NotPanics " +
  "ErrorIs/NotErrorIs Greater/LessOrEqual Less/GreaterOrEqual FileExists/NoFileExists " +
  "DirExists/NoDirExists";
const opposites = oppositesOf(pairs);

export function readGoSource(tree: SyntaxTree): TestSource {
  const tests: TestSite[] = [];
  const helpers: HelperSite[] = [];
  const alterationOf = alterations(tree);
  for (const declared of tree.root.children) {
    if (!/^(?:function|method)_declaration$/.test(declared.name)) continue;
    const nameNode = fieldOf(declared, "name");
    const body = fieldOf(declared, "body");
    if (nameNode === undefined || body === undefined) continue;
    const name = textOf(nameNode);
    const assertions = assertionsIn(body, alterationOf, isGuard);
    const mentions = textsOf(body, /^(?:field_)?identifier$/);
    if (/^Test(?![a-z])/.test(name)) tests.push({ name, assertions, mentions });
    else helpers.push({ names: [name], assertions, mentions });
  }
  return { tests, helpers };
}

function alterations(tree: SyntaxTree): (node: SyntaxNode) => Alteration | NoAlteration | null {
  // These libraries use testify's names but lack some of the opposites, so the altered file might not compile.
  const isUnsafe = goImports(tree).some(({ path }) => /^(?:gotest\.tools\/|github\.com\/matryer\/is\b)/.test(path));
  return (node) => {
    if (node.name === "if_statement") return failingIf(node);
    if (node.name !== "call_expression") return null;
    const altered = quicktest(node) ?? gomega(node);
    if (altered !== null) return altered;
    const asserted = testify(node);
    return asserted !== null && isUnsafe ? "no-safe-alteration" : asserted;
  };
}

function isGuard(parent: SyntaxNode, child: SyntaxNode): boolean {
  return parent.name === "if_statement" ? child.name === "block" : parent.name.endsWith("_case");
}

/** Negates the condition of `if got != want { t.Errorf(…) }`. */
function failingIf(node: SyntaxNode): Alteration | null {
  const condition = fieldOf(node, "condition");
  const isFailing = partsOf(fieldOf(node, "consequence")).some((statement) => fails(statement));
  return isFailing && condition !== undefined ? negation(around(condition, "!(")) : null;
}

function fails(statement: SyntaxNode): boolean {
  const call = statement.name === "expression_statement" ? childOf(statement, "call_expression") : undefined;
  const selector = fieldOf(call, "function");
  const [receiver, method] = [fieldOf(selector, "operand"), fieldOf(selector, "field")];
  if (receiver === undefined || method === undefined) return false;
  return failing.test(textOf(method)) && /^(t|tb|tt|c|b|s\.T\(\)|suite\.T\(\))$/.test(textOf(receiver));
}

/** Negates the checker of `c.Assert(got, qt.Equals, want)`, `qt.Assert(t, got, qt.Equals, want)` and the newer `qt.Assert(t, qt.Equals(got, want))`. */
function quicktest(node: SyntaxNode): Alteration | null {
  const method = fieldOf(fieldOf(node, "function"), "field");
  if (method === undefined || !/^(?:Assert|Check)$/.test(textOf(method))) return null;
  const checker = partsOf(fieldOf(node, "arguments")).find((one) => /^qt\.[A-Z]\w*(?:$|\()/.test(textOf(one)));
  return checker === undefined ? null : negation(around(checker, "qt.Not("));
}

const gomegaOpposites: Readonly<Record<string, string>> = {
  To: "NotTo",
  NotTo: "To",
  ToNot: "To",
  Should: "ShouldNot",
  ShouldNot: "Should",
};

/** Negates `Expect(got).To(Equal(want))`, but not `Eventually`, which would wait for a failure. */
function gomega(node: SyntaxNode): Alteration | null {
  const selector = fieldOf(node, "function");
  const [callee, method] = [fieldOf(fieldOf(selector, "operand"), "function"), fieldOf(selector, "field")];
  if (callee === undefined || method === undefined || !/(?:^|\.)(?:Expect|Ω)$/u.test(textOf(callee))) return null;
  const text = gomegaOpposites[textOf(method)];
  return text === undefined ? null : negation([{ from: method.from, to: method.to, text }]);
}

/** Replaces `assert.Equal(t, want, got)`, `require.NoError(t, err)` or a suite's `s.Equal(…)` with the opposite. */
function testify(node: SyntaxNode): Alteration | NoAlteration | null {
  const selector = fieldOf(node, "function");
  const [receiver, method] = [fieldOf(selector, "operand"), fieldOf(selector, "field")];
  if (receiver === undefined || method === undefined) return null;
  if (!/^(assert|require|is|r|a|s|suite)(\.(Require|Assert)\(\))?$/.test(textOf(receiver))) return null;
  const name = textOf(method);
  const plain = name.replace(/f$/, "");
  const other = opposites.get(name) ?? opposites.get(plain);
  const isLibrary = /^(assert|require)$/.test(textOf(receiver));
  if (other === undefined)
    return isLibrary && /^[A-Z]/.test(name) && !/^(New|Fail)/.test(name) ? "no-safe-alteration" : null;
  const text = opposites.has(name) ? other : `${other}f`;
  return negation([{ from: method.from, to: method.to, text }]);
}
