/**
 * Tells whether a change of a Go test file does more than add: every declaration of the base is still there, as it was or checking more, and what is new
 * does nothing to the others. By syntax tree, without the tests' names or assertions, which are read by line. Pure.
 */
import { childOf, partsOf, printSyntax, sourceText } from "@aedev/host/syntax/print-syntax";
import { readSyntax, type SyntaxNode, type SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { changesOthers, type GrowthForm, haveGrown, isGrownPiece, pieceOfNodes } from "./syntax/growth.ts";

/** False if it only adds; true also for a text that can't be read. */
export function changesMoreThanGoTests(before: string, after: string): boolean {
  const [old, young] = [readGo(before), readGo(after)];
  if (old.errors.length + young.errors.length > 0 || before === "") return true;
  if (directives(before).join("\n") !== directives(after).join("\n")) return true;
  const added = declarations(young);
  for (const declaration of declarations(old)) {
    const index = added.findIndex((other) => isKept(declaration, other));
    if (index === -1 && !isImport(declaration.node)) return true;
    if (index !== -1) added.splice(index, 1);
  }
  const types = new Set(added.flatMap(({ node, tree }) => (node.name === "TypeDecl" ? definedIn(node, tree) : [])));
  return !added.every((declaration) => isHarmless(declaration, types));
}

/** The grammar does not know that a line's end behind these ends a statement; a semicolon there means the same. */
function readGo(text: string): SyntaxTree {
  return readSyntax(text.replaceAll(/\b(true|false|nil|iota)(?=[ \t]*(?:\/\/[^\n]*)?\n)/gu, "$1;"), "a.go");
}

interface Declaration {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
  readonly form: GrowthForm;
}

function declarations(tree: SyntaxTree): Declaration[] {
  const form = goGrowth(tree);
  return partsOf(tree.root).map((node) => ({ tree, node, form }));
}

/** Comments that the compiler reads, such as build constraints. */
function directives(text: string): string[] {
  return text.split("\n").filter((line) => /^\/\/(?:go:|export |line |\s*\+build )|^#cgo/u.test(line));
}

const isImport = ({ name }: SyntaxNode) => name === "ImportDecl";

/** The same, with more rows, or a test with more statements behind those that it had. */
function isKept({ tree, node, form }: Declaration, other: Declaration): boolean {
  if (node.name !== other.node.name) return false;
  if (printSyntax(tree, node) === printSyntax(other.tree, other.node)) return true;
  if (isImport(node)) return false;
  const piece = pieceOfNodes([node], { tree, form });
  if (isGrownPiece(piece, pieceOfNodes([other.node], other))) return true;
  const steps = stepsOf({ tree, node, form });
  const later = stepsOf(other).slice(steps.length);
  if (!isTest(node, tree) || steps.length === 0 || later.length === 0) return false;
  if (later.some((step) => /\b(?:goto|Skip\w*)\b/u.test(sourceText(other.tree, step)))) return false;
  const [frame, longer] = [piece.growth?.(), pieceOfNodes([other.node], other).growth?.()];
  const cut = pieceOfNodes([other.node], { ...other, without: new Set(later) }).growth?.();
  if (frame === undefined || longer === undefined || cut === undefined || frame.frame.digest !== cut.frame.digest)
    return false;
  const rowsOf = ({ rows }: typeof frame) =>
    rows.map(({ place, digest, mayBeNew }) => [`${place} ${digest}`, mayBeNew] as const);
  return haveGrown(rowsOf(frame), rowsOf(longer));
}

/** Statements of a function that are no rows. */
function stepsOf({ node, form }: Pick<Declaration, "tree" | "node" | "form">): SyntaxNode[] {
  return partsOf(childOf(node, "Block")).filter((statement) => !form.isCheck(statement));
}

const testName = /^(?:Test|Benchmark|Fuzz|Example)(?![a-z])/u;

function isTest(node: SyntaxNode, tree: SyntaxTree): boolean {
  const name = node.name === "FunctionDecl" ? childOf(node, "DefName") : undefined;
  return name !== undefined && testName.test(sourceText(tree, name)) && sourceText(tree, name) !== "TestMain";
}

/** A declaration that does nothing to what is there: no other meaning of a known name, no method of a known type, nothing that runs as the program starts. */
function isHarmless({ tree, node }: Declaration, types: ReadonlySet<string>): boolean {
  const names = definedIn(node, tree);
  switch (node.name) {
    case "ImportDecl":
      return !/(?:^|[\s(])[._]\s+["`]/u.test(sourceText(tree, node)) && !/"C"/u.test(sourceText(tree, node));
    case "FunctionDecl":
      return names.every((name) => !predeclared.has(name) && !/^(?:init|main|TestMain)$/u.test(name));
    case "TypeDecl":
    case "ConstDecl":
      return names.every((name) => !predeclared.has(name));
    case "VarDecl":
      return names.every((name) => !predeclared.has(name)) && !callsIn(node, tree);
    case "MethodDecl": {
      const receiver = /^\(\s*(?:\w+\s+)?\*?\s*(\w+)/u.exec(sourceText(tree, childOf(node, "Parameters") ?? node));
      return types.has(receiver?.[1] ?? "");
    }
    default:
      return false;
  }
}

function definedIn(node: SyntaxNode, tree: SyntaxTree): string[] {
  if (node.name === "FunctionDecl") return [sourceText(tree, childOf(node, "DefName") ?? node)];
  const specs = partsOf(node).flatMap((part) => (part.name === "SpecList" ? partsOf(part) : [part]));
  return specs
    .flatMap((spec) => spec.children.filter(({ name }) => name === "DefName"))
    .map((name) => sourceText(tree, name));
}

/** Calls that make a value and nothing else. */
const makers =
  /^(?:make|new|len|errors\.New|fmt\.(?:Errorf|Sprintf)|regexp\.MustCompile|time\.(?:Date|Duration)|big\.NewInt|strings\.Repeat)$/u;

function callsIn(node: SyntaxNode, tree: SyntaxTree): boolean {
  if (node.name === "FunctionLiteral") return false;
  const [callee] = node.children;
  if (node.name === "CallExpr" && callee !== undefined && !makers.test(sourceText(tree, callee))) return true;
  return node.children.some((child) => callsIn(child, tree));
}

const predeclared: ReadonlySet<string> = new Set(
  (
    "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr " +
    "true false iota nil append cap clear close complex copy delete imag len make max min new panic print println real recover"
  ).split(" "),
);

function goGrowth(tree: SyntaxTree): GrowthForm {
  const isPlain = (node: SyntaxNode) => !assigns(node) && !changesOthers(tree, node);
  return {
    tables: loopedTables(tree),
    blocks: /^Block$/u,
    isCheck: (statement) => isCheck(statement, tree) && isPlain(statement),
    isPlain,
  };
}

const assigns = (node: SyntaxNode): boolean =>
  /^(?:Assignment|IncDecStatement|GoStatement|SendStatement)$/u.test(node.name) || node.children.some(assigns);

const claim = /^(?:assert|require|qt)\.[A-Z]\w*$|^\w+\.(?:Error|Errorf|Fatal|Fatalf|Log|Logf|Fail|FailNow|Helper)$/u;

/** `assert.Equal(…)`, and an `if` that only reports. */
function isCheck(statement: SyntaxNode, tree: SyntaxTree): boolean {
  if (statement.name === "ExprStatement") {
    const callee = childOf(statement, "CallExpr")?.children[0];
    return callee !== undefined && claim.test(sourceText(tree, callee));
  }
  if (statement.name !== "IfStatement" || childOf(statement, "else") !== undefined) return false;
  const inner = partsOf(childOf(statement, "Block"));
  return inner.length > 0 && inner.every((one) => one.name === "ExprStatement" && isCheck(one, tree));
}

/** Lists in `range […]`, and those under a name that is used in no other way but for its length. */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const tables = new Set<SyntaxNode>();
  const named = new Map<string, { defined: number; values: SyntaxNode[]; uses: number; mentions: number }>();
  const at = (node: SyntaxNode) => {
    const name = sourceText(tree, node);
    const found = named.get(name) ?? { defined: 0, values: [], uses: 0, mentions: 0 };
    named.set(name, found);
    return found;
  };
  const visit = (node: SyntaxNode): void => {
    const { name, children } = node;
    const looped =
      name === "RangeClause" ? children[children.findIndex((child) => child.name === "range") + 1] : undefined;
    const literal = childOf(looped, "LiteralValue");
    if (literal !== undefined) tables.add(literal);
    if (looped?.name === "VariableName") at(looped).uses += 1;
    const isLength = name === "CallExpr" && children[0] !== undefined && sourceText(tree, children[0]) === "len";
    const [measured] = isLength ? partsOf(childOf(node, "Arguments")) : [];
    if (measured?.name === "VariableName") at(measured).uses += 1;
    if (name === "VariableName") at(node).mentions += 1;
    if (name === "DefName") at(node).defined += 1;
    const [definition, sign, value] = children;
    const isOne =
      /^(?:VarDecl|VarSpec)$/u.test(name) && definition?.name === "DefName" && /^(?::=|=)$/u.test(sign?.name ?? "");
    const table = isOne && children.length === 3 ? childOf(value, "LiteralValue") : undefined;
    if (table !== undefined && definition !== undefined) at(definition).values.push(table);
    for (const child of children) visit(child);
  };
  visit(tree.root);
  for (const { defined, values, uses, mentions } of named.values())
    if (values.length > 0 && values.length === defined && mentions > 0 && uses === mentions)
      for (const value of values) tables.add(value);
  return tables;
}
