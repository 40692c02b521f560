/**
 * Reads one JavaScript or TypeScript test file: its groups and tests by name path, and what each test depends on in the file.
 */

import { type GrowthForm, pieceOf } from "../shared/growth.ts";
import { literalsIn, tableRows } from "../shared/literals.ts";
import {
  type Assertion,
  completeTests,
  declare,
  type FoundTest,
  type Mark,
  namePath,
  newScope,
  type Piece,
  type Scope,
  syntaxDigest,
  type TestFile,
} from "../shared/test-file.ts";
import {
  fieldOf,
  isComment,
  lineFinder,
  namesIn,
  nodesIn,
  partsOf,
  printSyntax,
  textOf,
} from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { findJavascriptAssertions } from "./assertions.ts";
import { javascriptGrowth, javascriptStatements } from "./growth-form.ts";
import { isVariableDeclaration } from "./javascript-syntax.ts";
import {
  bodyMark,
  bodyStatements,
  type LibraryNames,
  libraryNames,
  linkMarks,
  readTestCall,
  type TestCall,
} from "./javascript-tests.ts";
import { actsAtOnce, importBindings, isImport, variableBindings } from "./test-bindings.ts";

interface Reading {
  readonly lineOf: (offset: number) => number;
  readonly library: LibraryNames;
  readonly found: FoundTest[];
  readonly marks: Mark[];
  readonly shared: Assertion[];
  readonly support: Piece[];
  readonly inert: Piece[];
  readonly form: GrowthForm;
}

export function readJavascriptTests(tree: SyntaxTree): TestFile {
  const reading: Reading = {
    lineOf: lineFinder(tree.text),
    library: libraryNames(tree),
    found: [],
    marks: [],
    shared: [],
    support: [],
    inert: [],
    form: javascriptGrowth(tree),
  };
  const whole = newScope(null, []);
  whole.effects.push(...fileWidePieces(tree));
  readScope(partsOf(tree.root), whole, reading);
  const { found, marks, shared, support, inert } = reading;
  return {
    tests: completeTests(found),
    marks,
    shared,
    support,
    inert,
    errors: tree.errors,
    rows: tableRows(tree),
    text: tree.text,
  };
}

function readScope(statements: readonly SyntaxNode[], scope: Scope, reading: Reading): void {
  for (const statement of statements) {
    const direct = directTest(statement, reading);
    if (direct !== null) {
      readTest(direct.node, { call: direct.call, statement, scope, reading });
      continue;
    }
    const nested = testsWithin(statement, reading);
    if (nested.length === 0) readSupport(statement, scope, reading);
    else readAround(statement, nested, { scope, reading });
  }
}

/** The test call if a statement is nothing else: `it(…)`, `await t.test(…)`, `it(…).timeout(5)`, `export default test(…)`. */
function directTest(statement: SyntaxNode, { library }: Reading): { node: SyntaxNode; call: TestCall } | null {
  if (statement.name !== "expression_statement" && statement.name !== "call_expression") return null;
  let node: SyntaxNode | undefined = statement.name === "call_expression" ? statement : partsOf(statement)[0];
  while (node !== undefined && /^(?:await|unary)_expression$/.test(node.name)) node = partsOf(node).at(-1);
  for (let link = 0; node !== undefined && link < 5; link += 1) {
    const call = readTestCall(node, library);
    if (call !== null) return { node, call };
    node = fieldOf(fieldOf(node, "function"), "object");
  }
  return null;
}

/** A test inside other code. `statement`: the part to leave out of that code, a whole statement if it is only this test. */
interface NestedTest {
  readonly node: SyntaxNode;
  readonly call: TestCall;
  readonly statement: SyntaxNode;
}

function testsWithin(root: SyntaxNode, reading: Reading): NestedTest[] {
  const tests: NestedTest[] = [];
  const visit = (node: SyntaxNode): void => {
    const direct = node.name === "expression_statement" ? directTest(node, reading) : null;
    const call = node.name === "call_expression" ? readTestCall(node, reading.library) : null;
    if (direct !== null) tests.push({ ...direct, statement: node });
    else if (call !== null) tests.push({ node, call, statement: node });
    else for (const child of node.children) visit(child);
  };
  visit(root);
  return tests;
}

/** Tests in a loop, a condition or a function: the surrounding code counts for each of them. */
function readAround(
  statement: SyntaxNode,
  nested: readonly NestedTest[],
  options: { scope: Scope; reading: Reading },
): void {
  const { scope, reading } = options;
  const without = new Set(nested.map((test) => test.statement));
  const around = pieceOf(statement, reading, { without });
  reading.support.push(around);
  reading.shared.push(...findJavascriptAssertions(statement, { ...reading, without }));
  const inner = newScope(scope, scope.path);
  inner.effects.push(around);
  readMarks(statement, { owner: namePath(scope.path), without, reading });
  for (const { node, ...test } of nested) readTest(node, { ...test, scope: inner, reading });
}

function readTest(
  node: SyntaxNode,
  options: { call: TestCall; statement: SyntaxNode; scope: Scope; reading: Reading },
): void {
  const { call, statement, scope, reading } = options;

  const path = [...scope.path, call.name];
  const owner = namePath(path);
  const line = reading.lineOf(node.from);
  for (const mark of [...call.marks, ...linkMarks(node, statement)]) reading.marks.push({ ...mark, owner, line });
  if (call.kind === "group" && call.body !== undefined) {
    const inner = newScope(scope, path);
    const header = pieceOf(statement, reading, { without: new Set([call.body]) });
    inner.effects.push(header);
    reading.support.push(header);
    reading.inert.push(header);
    readScope(bodyStatements(call.body), inner, reading);
    return;
  }
  const nested = call.body === undefined ? [] : testsWithin(call.body, reading);
  const without = new Set(nested.map((test) => test.statement));
  const body = fieldOf(call.body, "body");
  const block = nested.length === 0 && body?.name === "statement_block" ? body : null;
  const { title } = call;
  const pieceWithout = (others: ReadonlySet<SyntaxNode>) =>
    pieceOf(statement, reading, { without: title === undefined ? others : new Set([...others, title]), body: block });
  const piece = pieceWithout(without);
  reading.found.push({
    scope,
    name: owner,
    title: title === undefined ? null : { text: call.name, isName: false },
    line,
    piece,
    statements: block === null ? null : javascriptStatements(block, reading, pieceWithout),
    assertions: findJavascriptAssertions(call.body ?? node, { ...reading, without }),
    literals: literalsIn(call.body ?? node),
  });
  readMarks(call.body ?? node, { owner, without, reading });
  if (nested.length === 0) return;
  const inner = newScope(scope, path);
  inner.effects.push(piece);
  for (const { node: of, ...test } of nested) readTest(of, { ...test, scope: inner, reading });
}

function readMarks(
  root: SyntaxNode,
  options: { owner: string; without: ReadonlySet<SyntaxNode>; reading: Reading },
): void {
  const { owner, without, reading } = options;
  for (const node of nodesIn(root, (one) => without.has(one))) {
    const mark = bodyMark(node);
    if (mark !== null) reading.marks.push({ ...mark, owner, line: reading.lineOf(node.from) });
  }
}

/** Statements that are not tests: a declaration counts for the tests that mention it, anything else for every test of its scope. */
function readSupport(statement: SyntaxNode, scope: Scope, reading: Reading): void {
  readMarks(statement, { owner: namePath(scope.path), without: new Set(), reading });
  reading.shared.push(...findJavascriptAssertions(statement, { ...reading, without: new Set() }));
  const exported = fieldOf(statement, "declaration");
  const inner = exported ?? statement;
  const whole = pieceOf(inner, reading);

  const own = inner.name === "ambient_declaration" ? inner : fieldOf(inner, "name");
  const name = own ?? fieldOf(fieldOf(inner, "value"), "name");
  const bindings = isVariableDeclaration(inner)
    ? variableBindings(inner, reading)
    : inner.name === "import_statement"
      ? importBindings(inner)
      : name === undefined
        ? []
        : [{ name: textOf(name), piece: whole }];
  const pieces = bindings.length === 0 ? [whole] : bindings.map(({ piece }) => piece);
  reading.support.push(...pieces);
  if (isImport(inner)) reading.inert.push(...pieces);
  for (const { name, piece } of bindings) declare(scope, name, piece);
  if (bindings.length === 0 || (isVariableDeclaration(inner) && actsAtOnce(inner))) scope.effects.push(whole);
}

const liftedCall = /^(jest|vi)\s*\.\s*(mock|unmock|deepUnmock|hoisted|setMock)$/;
const choice = /@(jest|vitest)-[\w-]+[^\n*]*/g;

function fileWidePieces(tree: SyntaxTree): Piece[] {
  const found: Piece[] = [];
  for (const node of nodesIn(tree.root)) {
    const callee = fieldOf(node, "function");
    if (callee !== undefined && callee.to - callee.from < 40 && liftedCall.test(textOf(callee)))
      found.push({ digest: syntaxDigest(printSyntax(node)), names: namesIn(node), growth: null });
    if (isComment(node))
      for (const [chosen] of textOf(node).matchAll(choice))
        found.push({ digest: syntaxDigest(chosen.trim()), names: new Set(), growth: null });
  }
  return found;
}
