/**
 * Tells whether a change of a Go test file does more than add: every declaration of the base is still there, as it was or checking more, and what is new
 * does nothing to the others. By syntax tree, without the tests' names or assertions, which are read by line. Pure.
 */
import { childOf, partsOf, printSyntax, sourceText, textsOf } from "@aedev/host/syntax/print-syntax";
import { readSyntax, type SyntaxNode, type SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { changesOthers, type GrowthForm, isGrownPiece, pieceOfNodes, TableNames } from "./syntax/growth.ts";

/** False if it only adds; true also for a text that can't be read and for an empty base. */
export function changesMoreThanGoTests(before: string, after: string): boolean {
  const [old, young] = [readGo(before), readGo(after)];
  if (old.errors.length + young.errors.length > 0 || before === "") return true;
  if (directives(before).join("\n") !== directives(after).join("\n")) return true;
  const imports = new Set(importsOf(young));
  if (!importsOf(old).every((one) => imports.has(one))) return true;
  const added = new Set(declarations(young));
  const known = Map.groupBy(added, ({ key }) => key);
  for (const declaration of declarations(old)) {
    const kept = known.get(declaration.key)?.find((other) => added.has(other) && isKept(declaration, other));
    if (kept === undefined) return true;
    added.delete(kept);
  }
  const types = new Set([...added].flatMap((declaration) => ownTypes(declaration)));
  const fresh = importsOf(young).filter((one) => !importsOf(old).includes(one));
  return (
    fresh.some((one) => /^[._]\s|"C"/u.test(one)) || ![...added].every((declaration) => isHarmless(declaration, types))
  );
}

/**
 * The grammar does not insert a semicolon at a line break after `true`, `false`, `nil` or `iota`, as Go does, so it is added here. The comment with it tells it from a
 * semicolon of the file's own, which matters inside a raw string.
 */
function readGo(text: string): SyntaxTree {
  return readSyntax(text.replaceAll(/\b(true|false|nil|iota)(?=[ \t]*(?:\/\/[^\n]*)?\n)/gu, "$1;/*;*/"), "a.go");
}

interface Declaration {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
  readonly form: GrowthForm;
  /** Its kind and its name, or all that it names. */
  readonly key: string;
}

function declarations(tree: SyntaxTree): Declaration[] {
  const form = goGrowth(tree);
  return partsOf(tree.root)
    .filter(({ name }) => name !== "ImportDecl")
    .map((node) => ({
      tree,
      node,
      form,
      key: `${node.name} ${definedIn(node, tree).join(" ")} ${receiverOf(node, tree)}`,
    }));
}

/** Each import as it is written: its name, if it has one, and its path. */
function importsOf(tree: SyntaxTree): string[] {
  const specs = (node: SyntaxNode): SyntaxNode[] =>
    node.name === "ImportSpec" ? [node] : node.children.flatMap(specs);
  return specs(tree.root).map((spec) => sourceText(tree, spec).replaceAll(/\s+/gu, " "));
}

/** Comments that the compiler or the runner reads, such as build constraints and the output of examples, each with the line behind it. */
function directives(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.flatMap((line, index) => {
    if (/^\/\/\s*(?:unordered\s+)?output:/iu.test(line)) {
      const end = lines.findIndex((other, at) => at > index && !other.startsWith("//"));
      return lines.slice(index, end === -1 ? undefined : end);
    }
    return /^\/\/(?:go:|export |line |\s*\+build )|^#cgo|^\/\*/u.test(line) ? [line, lines[index + 1] ?? ""] : [];
  });
}

/** The same, with more rows, or a test with more statements behind those that it had. */
function isKept({ tree, node, form }: Omit<Declaration, "key">, other: Declaration): boolean {
  if (printSyntax(tree, node) === printSyntax(other.tree, other.node)) return true;
  if (
    !isTest(node, tree) ||
    /\b(?:recover|defer|Cleanup|Parallel)\b|\bgo\s+func\b/u.test(sourceText(other.tree, other.node))
  )
    return false;
  const body = childOf(other.node, "Block") ?? null;
  const piece = pieceOfNodes([node], { tree, form, body: childOf(node, "Block") ?? null });
  const extra = statementsOf(other).slice(statementsOf({ node, form }).length);
  const names = textsOf(tree, node, /^DefName$/u);
  if (!extra.every((statement) => isLocal(statement, other, names))) return false;
  const shortened = pieceOfNodes([other.node], { ...other, body, without: new Set(extra) });
  return isGrownPiece(piece, shortened);
}

/** Defines or sets plain names of the test; any other statement may reach more. */
function isLocal(node: SyntaxNode, { tree }: Declaration, names: ReadonlySet<string>): boolean {
  if (changesOthers(tree, node) || sourceText(tree, node).includes("&")) return false;
  if (node.name === "VarDecl") return true;
  const at = node.children.findIndex(({ name }) => name === "=");
  const targets = node.children.slice(0, at).filter(({ name }) => name !== ",");
  return (
    node.name === "Assignment" &&
    at > 0 &&
    targets.every((target) => {
      const name = sourceText(tree, target);
      return target.name === "VariableName" && (name === "_" || names.has(name));
    })
  );
}

/** Statements of a function that are no rows. */
function statementsOf({ node, form }: Pick<Declaration, "node" | "form">): SyntaxNode[] {
  return partsOf(childOf(node, "Block")).filter((statement) => !form.isCheck(statement));
}

const testName = /^(?:Test|Benchmark|Fuzz|Example)(?![a-z])/u;

function isTest(node: SyntaxNode, tree: SyntaxTree): boolean {
  const name = node.name === "FunctionDecl" ? childOf(node, "DefName") : undefined;
  return name !== undefined && testName.test(sourceText(tree, name)) && sourceText(tree, name) !== "TestMain";
}

/** A declaration that does nothing to what is there: no other meaning of a known name, no method of a known type, nothing that runs as the program starts. */
function isHarmless({ tree, node }: Declaration, types: ReadonlySet<string>): boolean {
  const isNew = definedIn(node, tree).every((name) => !predeclared.has(name) && !packagesOfMakers.test(name));
  switch (node.name) {
    case "FunctionDecl":
      return isNew && !/^(?:init|main|TestMain)$/u.test(definedIn(node, tree)[0] ?? "");
    case "TypeDecl":
    case "ConstDecl":
      return isNew;
    case "VarDecl":
      return isNew && !callsIn(node, tree) && !sourceText(tree, node).includes("<-");
    case "MethodDecl":
      return types.has(receiverOf(node, tree));
    default:
      return false;
  }
}

/** Types that a declaration makes; another name for a type that is there makes none. */
function ownTypes({ node, tree }: Declaration): string[] {
  if (node.name !== "TypeDecl" || /^type\s+\w+\s*=|^\s*\w+\s*=/mu.test(sourceText(tree, node))) return [];
  return definedIn(node, tree);
}

/** The type of a method's receiver; empty for anything but a plain name, or a pointer to one. */
function receiverOf(node: SyntaxNode, tree: SyntaxTree): string {
  if (node.name !== "MethodDecl") return "";
  return /^\(\s*(?:\w+\s+)?\*?\s*(\w+)\s*\)$/u.exec(sourceText(tree, childOf(node, "Parameters") ?? node))?.[1] ?? "";
}

function definedIn(node: SyntaxNode, tree: SyntaxTree): string[] {
  if (node.name === "FunctionDecl" || node.name === "MethodDecl")
    return [sourceText(tree, childOf(node, "DefName", "FieldName") ?? node)];
  const specs = partsOf(node).flatMap((part) => (part.name === "SpecList" ? partsOf(part) : [part]));
  return specs
    .flatMap((spec) => spec.children.filter(({ name }) => name === "DefName"))
    .map((name) => sourceText(tree, name));
}

/** The packages that `makers` names: a declaration under such a name would make something else of its calls. */
const packagesOfMakers = /^(?:errors|fmt|regexp|time|big|strings)$/u;
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
  const isPlain = (node: SyntaxNode) => !acts(node) && !changesOthers(tree, node);
  return {
    tables: loopedTables(tree),
    isCheck: (statement) =>
      isCheck(statement, tree) && isPlain(statement) && !sourceText(tree, statement).includes("&"),
    isPlain: (element) => !changesOthers(tree, element),
  };
}

const acts = (node: SyntaxNode): boolean =>
  /^(?:Assignment|IncDecStatement|GoStatement|SendStatement|FunctionLiteral|RangeClause)$/u.test(node.name) ||
  node.children.some(acts);

const claim = /^(?:assert|require|qt)\.[A-Z]\w*$|^(?:t|tb|b)\.(?:Error|Errorf|Fatal|Fatalf|Log|Logf|Fail|FailNow)$/u;

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

function checksSomething(node: SyntaxNode, tree: SyntaxTree): boolean {
  const callee = node.name === "CallExpr" ? node.children[0] : undefined;
  if (callee !== undefined && (claim.test(sourceText(tree, callee)) || /\.Run$/u.test(sourceText(tree, callee))))
    return true;
  return node.children.some((child) => checksSomething(child, tree));
}

/** Ends the loop, or more than it. The grammar has one name for `break`, `continue` and `goto`. */
function leaves(node: SyntaxNode, tree: SyntaxTree): boolean {
  if (node.name === "FunctionLiteral") return false;
  if (node.name === "GotoStatement") return sourceText(tree, node) !== "continue";
  return node.name === "ReturnStatement" || node.children.some((child) => leaves(child, tree));
}

/** What a loop goes through without its numbers, checking each. */
function loopedIn(node: SyntaxNode, tree: SyntaxTree): SyntaxNode | undefined {
  const clause = node.name === "ForStatement" ? childOf(node, "RangeClause") : undefined;
  const body = childOf(node, "Block");
  if (clause === undefined || body === undefined || !checksSomething(body, tree) || leaves(body, tree))
    return undefined;
  const at = clause.children.findIndex((child) => child.name === "range");
  const looped = clause.children[at + 1];
  const isKeyed = looped !== undefined && /^map\b/u.test(sourceText(tree, looped));
  return isKeyed || sourceText(tree, clause.children[0] ?? clause) === "_" ? looped : undefined;
}

/** Lists in `range […]`, and those under a name of a function that it uses in no other way. Others may use what stands outside of functions. */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const tables = new Set<SyntaxNode>();
  for (const declaration of partsOf(tree.root)) {
    const named = new TableNames(sourceText(tree, declaration));
    const visit = (node: SyntaxNode): void => {
      const looped = loopedIn(node, tree);
      const literal = childOf(looped, "LiteralValue");
      if (literal !== undefined) tables.add(literal);
      if (looped?.name === "VariableName") named.use(sourceText(tree, looped));
      const [definition, sign, value] = node.children;
      const isOne =
        /^(?:VarDecl|VarSpec)$/u.test(node.name) && /^:?=$/u.test(sign?.name ?? "") && node.children.length === 3;
      const table = isOne ? childOf(value, "LiteralValue") : undefined;
      if (table !== undefined && definition !== undefined) named.bind(sourceText(tree, definition), table);
      for (const child of node.children) visit(child);
    };
    visit(declaration);
    if (declaration.name === "FunctionDecl") for (const table of named.tables()) tables.add(table);
  }
  return tables;
}
