/**
 * Reads one Python test file: pytest functions and classes, and unittest classes, with decorators, fixtures and set-up.
 */

import { type GrowthForm, pieceOf } from "../shared/growth.ts";
import { literalsIn, tableRows } from "../shared/literals.ts";
import {
  type Assertion,
  type Binding,
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
import { fieldOf, lineFinder, namesIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { findPythonAssertions, isKnownAssertion } from "./assertions.ts";
import { pythonGrowth, pythonStatements } from "./growth-form.ts";
import { blocksOf, importOf, pythonImport } from "./python-syntax.ts";

interface Reading {
  readonly lineOf: (offset: number) => number;
  readonly found: FoundTest[];
  readonly marks: Mark[];
  readonly shared: Assertion[];
  readonly support: Piece[];
  readonly inert: Piece[];
  readonly form: GrowthForm;
  /** The scopes of the test classes read so far, by class name. */
  readonly classes: Map<string, Scope>;
}
const nothing: ReadonlySet<SyntaxNode> = new Set();

export function readPythonTests(tree: SyntaxTree): TestFile {
  const lineOf = lineFinder(tree.text);
  const lists = { found: [], marks: [], shared: [], support: [], inert: [] };
  const reading: Reading = { lineOf, ...lists, form: pythonGrowth(tree), classes: new Map() };
  readScope(partsOf(tree.root), newScope(null, []), reading);
  const { found, marks, shared, support, inert } = reading;
  return {
    tests: completeTests(withoutReplaced(found)),
    marks,
    shared,
    support,
    inert,
    errors: tree.errors,
    rows: tableRows(tree),
    text: tree.text,
  };
}

/** A second definition of a name replaces the first, unless a condition separates them. */
function withoutReplaced(found: readonly FoundTest[]): FoundTest[] {
  const isConditional = ({ scope }: FoundTest) => scope.parent?.path.length === scope.path.length;
  const last = new Map(found.filter((test) => !isConditional(test)).map((test) => [test.name, test]));
  return found.filter((test) => isConditional(test) || last.get(test.name) === test);
}

function readScope(statements: readonly SyntaxNode[], scope: Scope, reading: Reading): void {
  for (const statement of statements) {
    const { definition, decorators } = undecorated(statement);
    const name = definition === null ? "" : textOf(fieldOf(definition, "name") ?? definition);
    if (definition?.name === "class_definition" && isTestClass(definition, name))
      readClass(statement, { definition, decorators, name, scope, reading });
    else if (definition?.name === "function_definition" && /^test/.test(name))
      readTest(statement, { definition, decorators, name, scope, reading });
    else if (/^(?:if|try|with|for)_statement$/.test(statement.name) && holdsTests(statement))
      readAround(statement, scope, reading);
    else readSupport(statement, { definition, decorators, name, scope, reading });
  }
}

function undecorated(statement: SyntaxNode): { definition: SyntaxNode | null; decorators: SyntaxNode[] } {
  const isDecorated = statement.name === "decorated_definition";
  const inner = isDecorated ? fieldOf(statement, "definition") : statement;
  const isDefinition = inner?.name === "function_definition" || inner?.name === "class_definition";
  const decorators = isDecorated ? statement.children.filter(({ name }) => name === "decorator") : [];
  return { definition: isDefinition ? inner : null, decorators };
}

function isTestClass(definition: SyntaxNode, name: string): boolean {
  const bases = fieldOf(definition, "superclasses");
  return /^Test|Tests?$/.test(name) || (bases !== undefined && /Test/.test(textOf(bases)));
}

/** Reads tests inside a condition, a loop, `try` or `with`; the code around counts for each test. */
function readAround(statement: SyntaxNode, scope: Scope, reading: Reading): void {
  const bodies = blocksOf(statement);
  const around = pieceOf(statement, reading, { without: new Set(bodies) });
  reading.support.push(around);
  const inner = newScope(scope, scope.path);
  inner.effects.push(around);
  for (const body of bodies) readScope(partsOf(body), inner, reading);
}

function holdsTests(node: SyntaxNode): boolean {
  return /(^|\s)(def|class)\s+(test|Test)/.test(textOf(node));
}

interface Definition {
  readonly definition: SyntaxNode;
  readonly decorators: readonly SyntaxNode[];
  readonly name: string;
  readonly scope: Scope;
  readonly reading: Reading;
}

function readClass(statement: SyntaxNode, found: Definition): void {
  const { definition, decorators, name, scope, reading } = found;
  const path = [...scope.path, name];
  readDecorators(decorators, namePath(path), reading);
  const given = fieldOf(definition, "superclasses");
  const bases = given === undefined ? [] : [...namesIn(given)];
  const inner = newScope(
    scope,
    path,
    bases.flatMap((base) => reading.classes.get(base) ?? []),
  );
  reading.classes.set(name, inner);
  const body = fieldOf(definition, "body");
  const header = pieceOf(statement, reading, { without: new Set(body === undefined ? [] : [body]) });
  inner.effects.push(header);
  reading.support.push(header);
  reading.inert.push(header);
  readScope(partsOf(body), inner, reading);
}

function readTest(statement: SyntaxNode, found: Definition): void {
  const { definition, decorators, name, scope, reading } = found;
  const owner = namePath([...scope.path, name]);
  const line = reading.lineOf(statement.from);
  readDecorators(decorators, owner, reading);
  readMarks(definition, owner, reading);
  const assertions = findPythonAssertions(definition, { ...reading, without: nothing });
  const body = fieldOf(definition, "body") ?? null;
  const title = fieldOf(definition, "name");
  const pieceWithout = (others: ReadonlySet<SyntaxNode>) =>
    pieceOf(statement, reading, { without: title === undefined ? others : new Set([...others, title]), body });
  reading.found.push({
    scope,
    name: owner,
    title: title === undefined ? null : { text: name, isName: true },
    line,
    piece: pieceWithout(nothing),
    statements: body === null ? null : pythonStatements(partsOf(body), reading, pieceWithout),
    assertions,
    literals: literalsIn(definition),
  });
}

function readSupport(
  statement: SyntaxNode,
  at: Omit<Definition, "definition"> & { definition: SyntaxNode | null },
): void {
  const { definition, decorators, name, scope, reading } = at;

  readMarks(statement, namePath(scope.path), reading);
  reading.shared.push(...findPythonAssertions(statement, { ...reading, without: nothing }));
  const whole = pieceOf(statement, reading);
  const isAutomatic =
    isCalledFor(name, scope) || decorators.some((decorator) => /autouse|\*\*/.test(textOf(decorator)));
  if (definition !== null && !isAutomatic) {
    reading.support.push(whole);
    declare(scope, name, whole);
    // A fixture may have another name than its function.
    for (const decorator of decorators) {
      const alias = /\bname\s*=\s*['"](\w+)['"]/.exec(textOf(decorator))?.[1];
      if (alias !== undefined) declare(scope, alias, whole);
    }
    return;
  }
  const names = isAutomatic ? [] : boundNames(statement, reading);
  const bound = names.some((one) => isCalledFor(one.name, scope)) ? [] : names;
  const pieces = bound.length === 0 ? [whole] : bound.map(({ piece }) => piece);
  reading.support.push(...pieces);
  if (pythonImport.test(statement.name))
    reading.inert.push(...bound.filter((one) => !one.name.includes(".")).map(({ piece }) => piece));
  for (const one of bound) declare(scope, one.name, one.piece);
  if (bound.length === 0) scope.effects.push(whole);
}

function readDecorators(decorators: readonly SyntaxNode[], owner: string, reading: Reading): void {
  for (const decorator of decorators) addMarks(decorator, owner, reading);
}

const markPatterns: readonly [RegExp, Mark["kind"]][] = [
  [
    /\b(mark\s*\.\s*(skip|skipif|xfail)|unittest\s*\.\s*(skip|skipIf|skipUnless|expectedFailure))\b|^@\s*(skip|skipIf|skipUnless|skipif|xfail|expectedFailure)\b/,
    "skip",
  ],
  [/\bmark\s*\.\s*timeout\b|^@\s*timeout\b/, "timeout"],
  [/\bmark\s*\.\s*flaky\b|^@\s*(flaky|retry)\b/, "retries"],
];

/** The mark's stored text is cut and may lack this word, so the whole text is searched. */
const expectedToFail = /\bxfail\b|\bexpectedFailure\b/;

function addMarks(node: SyntaxNode, owner: string, { lineOf, marks }: Reading): void {
  const text = textOf(node);
  for (const [pattern, kind] of markPatterns) {
    if (!pattern.test(text)) continue;
    const number = /\(\s*(?:(?:timeout|reruns|max_runs)\s*=\s*)?(-?[\d._]+|None)/.exec(text)?.[1]?.replace(/_/g, "");
    const value =
      number === undefined
        ? Number.NaN
        : number === "None" || Number(number) <= 0
          ? Number.POSITIVE_INFINITY
          : Number(number);
    marks.push({
      kind,
      owner,
      value: kind === "skip" ? Number.NaN : value,
      line: lineOf(node.from),
      text: text.replace(/\s+/g, " ").slice(0, 100),
      mayFail: expectedToFail.test(text),
    });
  }
}

/** Adds the marks that code sets: `pytest.skip()`, `self.skipTest()`, `pytest.importorskip()`, `pytestmark = …`. */
function readMarks(root: SyntaxNode, owner: string, reading: Reading): void {
  const { lineOf, marks } = reading;
  const visit = (node: SyntaxNode): void => {
    const isMark = node.name === "assignment" && /^pytestmark\b/.test(textOf(node));
    if (isMark || node.name === "decorator") {
      addMarks(node, owner, reading);
      return;
    }
    const callee = node.name === "call" ? node.children[0] : undefined;
    if (
      callee !== undefined &&
      /^(pytest\s*\.\s*(skip|xfail|importorskip|exit)|self\s*\.\s*skipTest|skipTest|skip|xfail|importorskip)$/.test(
        textOf(callee),
      )
    )
      marks.push({
        kind: "skip",
        owner,
        value: Number.NaN,
        line: lineOf(node.from),
        text: textOf(node).slice(0, 100),
        mayFail: expectedToFail.test(textOf(callee)),
      });
    for (const child of node.children) visit(child);
  };
  visit(root);
}

const setUp =
  /^(setUp|tearDown|setUpClass|tearDownClass|asyncSetUp|asyncTearDown|setUpModule|tearDownModule|(setup|teardown)(_(method|class|module|function))?|pytest_\w+|load_tests)$/;

/** Methods that unittest itself calls; helpers of tests have other names. */
const internal =
  /^(?:__\w+__|run|debug|fail|failureException|skipTest|subTest|doCleanups|addCleanup|addTypeEqualityFunc|_(?:call|outcome|baseAssert|getAssert|addSkip|formatMessage|truncateMessage|testMethod)\w*)$/;

/** Whether the test runner or the language calls this name; in a class, also whether it changes how tests run. */
function isCalledFor(name: string, { path }: Scope): boolean {
  if (setUp.test(name) || name === "__test__") return true;
  return path.length > 0 && (internal.test(name) || isKnownAssertion(name));
}

/** The names that an import or a plain assignment binds; empty for a statement that does more. */
function boundNames(statement: SyntaxNode, reading: { readonly form: GrowthForm }): Binding[] {
  if (pythonImport.test(statement.name)) return importedNames(statement);
  const [assignment] = statement.name === "expression_statement" ? statement.children : [];
  const target = assignment?.name === "assignment" ? fieldOf(assignment, "left") : undefined;
  if (target?.name !== "identifier" || /^pytest(mark|_plugins)$/.test(textOf(target))) return [];
  const value = fieldOf(assignment, "right") ?? fieldOf(assignment, "type");
  return value !== undefined && actsAtOnce(value) ? [] : [{ name: textOf(target), piece: pieceOf(statement, reading) }];
}

function importedNames(statement: SyntaxNode): Binding[] {
  const { module, names } = importOf(statement);
  return names.flatMap(({ name: original, own }) => {
    const top = original.split(".")[0] ?? "";
    // A star import may bind any name.
    if (original === "*") return [];
    const binding = (what: string): Piece => ({
      digest: syntaxDigest(`import ${what} ${module ?? ""}`),
      names: new Set<string>(),
      growth: null,
    });
    if (own !== null || top === original) return [{ name: own ?? original, piece: binding(original) }];
    // `import a.b` loads more than `import a` and binds the same name.
    return [
      { name: top, piece: binding(top) },
      { name: original, piece: binding(original) },
    ];
  });
}

/** Whether a node does more than make a value of the standard library, so that it may change what other code sees. */
function actsAtOnce(node: SyntaxNode): boolean {
  if (/^(?:named_expression|=)$/.test(node.name)) return true;
  if (node.name === "call" && !makesValue(node, node.tree)) return true;
  return node.children.some((child) => actsAtOnce(child));
}

/** Functions that only make a value, each with the import that its name needs. */
const makers: readonly (readonly [called: RegExp, imported: RegExp])[] = [
  [/^Path$/, /^from pathlib import (?:\w+, *)*Path\b(?! as)/m],
  [/^pathlib\.Path$/, /^import pathlib$/m],
  [/^os\.path\.(?:join|dirname|abspath|realpath)$/, /^import os(?:\.path)?$/m],
];
/** A chain such as `Path(__file__).resolve()`. */
const ofPath = /^(?:pathlib\.)?Path\([^()]*\)(?:\.parent|\.parents\[\d+\])*\.(?:resolve|absolute|joinpath)$/;

function makesValue({ children: [callee] }: SyntaxNode, tree: SyntaxTree): boolean {
  const name = textOf(callee);
  const [root = ""] = name.split(/[.(]/);
  const known = ofPath.test(name) ? `${root}${name.startsWith("pathlib.") ? ".Path" : ""}` : name;
  return (
    makers.some(([called, imported]) => called.test(known) && imported.test(tree.text)) && isBoundOnce(root, tree.text)
  );
}

/** Whether nothing but the import binds the name. */
function isBoundOnce(name: string, text: string): boolean {
  const mentioned = new RegExp(String.raw`\b${name}\b`, "u");
  const assigned = new RegExp(String.raw`\b${name}\s*[:=,]`, "u");
  const binding = text
    .split("\n")
    .filter((line) => mentioned.test(line))
    .filter((line) => /\b(?:import|as|def|class|global|for)\b/u.test(line) || assigned.test(line));
  return binding.length === 1 && !text.includes("import *");
}
