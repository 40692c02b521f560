/** What of a Go test file can become more: tables that are only gone through, and statements that only check something. */
import { childOf, partsOf, printSyntax, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { changesOthers, type GrowthForm, TableNames } from "../syntax/growth.ts";

export function goGrowth(tree: SyntaxTree): GrowthForm {
  // Through an address, what is called can set something.
  const onlyReads = (node: SyntaxNode) =>
    !acts(node) && !changesOthers(tree, node) && !sourceText(tree, node).includes("&");
  return {
    tables: loopedTables(tree),
    isCheck: (statement) => isCheck(statement, tree) && onlyReads(statement),
    isPlain: (element) => !changesOthers(tree, element),
  };
}

const acts = (node: SyntaxNode): boolean =>
  /^(?:Assignment|IncDecStatement|GoStatement|SendStatement|FunctionLiteral|RangeClause)$/u.test(node.name) ||
  node.children.some(acts);

const claim = /^(?:assert|require|qt)\.[A-Z]\w*$|^(?:t|tb|b)\.(?:Error|Errorf|Fatal|Fatalf|Log|Logf|Fail|FailNow)$/u;
const ownClaim = /^(?:assert|require|expect|check|must)\w*\(\s*(?:t|tb|b)\s*,/iu;

/** `assert.Equal(…)`, `assertEqual(t, …)`, and an `if` that only reports. */
function isCheck(statement: SyntaxNode, tree: SyntaxTree): boolean {
  if (statement.name === "ExprStatement") {
    const call = childOf(statement, "CallExpr");
    return call !== undefined && isClaim(call, tree);
  }
  if (statement.name !== "IfStatement") return false;
  const other = statement.children[statement.children.findIndex(({ name }) => name === "else") + 1];
  if (childOf(statement, "else") !== undefined && (other === undefined || !isCheck(other, tree))) return false;
  const inner = partsOf(childOf(statement, "Block"));
  return inner.length > 0 && inner.every((one) => one.name === "ExprStatement" && isCheck(one, tree));
}

function isClaim(call: SyntaxNode, tree: SyntaxTree): boolean {
  return claim.test(sourceText(tree, call.children[0] ?? call)) || ownClaim.test(sourceText(tree, call));
}

function checksSomething(node: SyntaxNode, tree: SyntaxTree): boolean {
  const callee = node.name === "CallExpr" ? node.children[0] : undefined;
  if (callee !== undefined && (isClaim(node, tree) || /\.Run$/u.test(sourceText(tree, callee)))) return true;
  return node.children.some((child) => checksSomething(child, tree));
}

/** Ends the loop, or more than it. The grammar has one name for `break`, `continue` and `goto`. */
export function leaves(node: SyntaxNode, tree: SyntaxTree): boolean {
  if (node.name === "FunctionLiteral") return false;
  if (node.name === "GotoStatement") return sourceText(tree, node) !== "continue";
  return node.name === "ReturnStatement" || node.children.some((child) => leaves(child, tree));
}

/** What a loop goes through, checking each. `isKeyed`: it names the keys. */
function loopedIn(node: SyntaxNode, tree: SyntaxTree): { looped: SyntaxNode; isKeyed: boolean } | undefined {
  const clause = node.name === "ForStatement" ? childOf(node, "RangeClause") : undefined;
  const body = childOf(node, "Block");
  if (clause === undefined || body === undefined || !checksSomething(body, tree) || leaves(body, tree))
    return undefined;
  const at = clause.children.findIndex((child) => child.name === "range");
  const looped = clause.children[at + 1];
  return looped === undefined ? undefined : { looped, isKeyed: sourceText(tree, clause.children[0] ?? clause) !== "_" };
}

/** The rows of `[]T{…}`, and those of `map[K]V{…}` if no key can be the same as another. A list's key is a row's number, which depends on the rows before it. */
function tableIn(value: SyntaxNode | undefined, { tree, isKeyed }: { tree: SyntaxTree; isKeyed: boolean }) {
  const literal = childOf(value, "LiteralValue");
  if (childOf(value, "MapType") === undefined) return isKeyed ? undefined : literal;
  return literal !== undefined && hasOwnKeys(literal, tree) ? literal : undefined;
}

/** The compiler refuses a plain key that stands there twice; of two that are composed, the second would win. */
function hasOwnKeys(table: SyntaxNode, tree: SyntaxTree): boolean {
  const keys = partsOf(table).map((element) => plainKey(childOf(element, "Key"), tree));
  return !keys.includes(null) && new Set(keys).size === keys.length;
}

/** The texts of a key's literals; null for one that has anything else in it. */
function plainKey(key: SyntaxNode | undefined, tree: SyntaxTree): string | null {
  const [value] = partsOf(key);
  if (value === undefined) return null;
  if (value.children.length === 0) return isPlainLiteral(value, tree) ? sourceText(tree, value) : null;
  const fields = partsOf(value.name === "LiteralValue" ? value : childOf(value, "LiteralValue"));
  const texts = fields.map((field) => {
    const [text, ...others] = partsOf(field);
    return text !== undefined && others.length === 0 && isPlainLiteral(text, tree) ? sourceText(tree, text) : null;
  });
  return texts.length === 0 || texts.includes(null) ? null : texts.join(" ");
}

/** Written in the one way that a value has. */
function isPlainLiteral(node: SyntaxNode, tree: SyntaxTree): boolean {
  return node.children.length === 0 && /^(?:"[^"\\]*"|-?(?:0|[1-9]\d*)|true|false)$/u.test(sourceText(tree, node));
}

/** Lists and maps in `range …`, and those under a name of a function that it uses in no other way. Others may use what stands outside of functions. */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const tables = new Set<SyntaxNode>();
  for (const declaration of partsOf(tree.root)) {
    const text = printSyntax(tree, declaration);
    const [keyed, unkeyed] = [new TableNames(text), new TableNames(text)];
    const visit = (node: SyntaxNode): void => {
      const found = loopedIn(node, tree);
      if (found !== undefined) {
        const { looped, isKeyed } = found;
        const literal = tableIn(looped, { tree, isKeyed });
        if (literal !== undefined) tables.add(literal);
        if (looped.name === "VariableName") (isKeyed ? keyed : unkeyed).use(sourceText(tree, looped));
      }
      const [definition, sign, value] = node.children;
      const isOne =
        /^(?:VarDecl|VarSpec)$/u.test(node.name) && /^:?=$/u.test(sign?.name ?? "") && node.children.length === 3;
      if (isOne && definition !== undefined)
        for (const [names, isKeyed] of [
          [keyed, true],
          [unkeyed, false],
        ] as const) {
          const table = tableIn(value, { tree, isKeyed });
          if (table !== undefined) names.bind(sourceText(tree, definition), table);
        }
      for (const child of node.children) visit(child);
    };
    visit(declaration);
    if (declaration.name === "FunctionDecl")
      for (const table of [...keyed.tables(), ...unkeyed.tables()]) tables.add(table);
  }
  return tables;
}
