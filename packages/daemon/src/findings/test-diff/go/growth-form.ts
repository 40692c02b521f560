/** What of a Go test file can become more: tables that are only gone through, and statements that only check something. */
import { goRootOf } from "@aedev/languages/go/go-syntax";
import { childOf, partsOf, printSyntax, sourceText, textsOf } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { changesOthers, type GrowthForm, TableNames } from "../syntax/growth.ts";
import { callsHelper, isCheck, isClaim, isRun, ofTester } from "./claims.ts";

export function goGrowth(tree: SyntaxTree): GrowthForm {
  // Through an address what is called can set something, a channel gives each value once, and `copy` and `append` write into what they get.
  const onlyReads = (node: SyntaxNode) =>
    !hasEffect(node) &&
    !advances(node, tree) &&
    !changesOthers(tree, node) &&
    !takesAddress(node, tree) &&
    !/<-|\b(?:copy|append)\(/u.test(sourceText(tree, node));
  return {
    tables: loopedTables(tree),
    isCheck: (statement) => isCheck(statement, tree) && onlyReads(statement),
    isPlain: (element) => !changesOthers(tree, element) && !mayChangeShared(element, tree),
  };
}

const writing = /^(?:Assignment|IncDecStatement|GoStatement|SendStatement)$/u;
export const hasEffect = (node: SyntaxNode): boolean =>
  writing.test(node.name) || node.name === "RangeClause" || isActing(node) || node.children.some(hasEffect);

/** A function literal that does more than return a value. */
function isActing(node: SyntaxNode): boolean {
  if (node.name !== "FunctionLiteral") return false;
  const [statement, ...others] = partsOf(childOf(node, "Block"));
  return statement?.name !== "ReturnStatement" || others.length > 0;
}

/** Whether a function literal in a node does more than return a value. */
export const hasActingFunction = (node: SyntaxNode): boolean => isActing(node) || node.children.some(hasActingFunction);

/** A function that sets something, or the address of something that others have too. */
function mayChangeShared(node: SyntaxNode, tree: SyntaxTree): boolean {
  return takesAddress(node, tree) || writes(node);
}
const writes = (node: SyntaxNode): boolean => writing.test(node.name) || node.children.some(writes);

/** `&x`; the address of a new value is nobody else's. */
export function takesAddress(node: SyntaxNode, tree: SyntaxTree): boolean {
  const isAddress = node.name === "UnaryExp" && /^&(?!\s*[\w.]+(?:\[[\w.]+\])?\s*\{)/u.test(sourceText(tree, node));
  return isAddress || node.children.some((child) => takesAddress(child, tree));
}

/** Whether a node calls what gives each value once, such as an iterator, by its name. */
export const advances = (node: SyntaxNode, tree: SyntaxTree): boolean =>
  (/^(?:FieldName|VariableName)$/u.test(node.name) &&
    /^(?:[Tt]ry)?(?:[Nn]ext|[Ss]can|[Rr]ecv|[Rr]eceive|[Tt]ake|[Pp]oll|[Aa]dvance|[Cc]onsume|[Ss]eek)(?:$|[A-Z])/u.test(
      sourceText(tree, node),
    )) ||
  node.children.some((child) => advances(child, tree));

function checksSomething(node: SyntaxNode, tree: SyntaxTree): boolean {
  return (
    (node.name === "CallExpr" && (isClaim(node, tree) || callsHelper(node, tree))) ||
    node.children.some((child) => checksSomething(child, tree))
  );
}

/** Ends a loop or a test before its end. The grammar has one name for `break`, `continue` and `goto`. */
function endsEarly(node: SyntaxNode, tree: SyntaxTree): boolean {
  if (node.name === "FunctionLiteral") return false;
  if (node.name === "GotoStatement") return sourceText(tree, node) !== "continue";
  const isEnd =
    node.name === "CallExpr" &&
    /\.(?:Skip|Skipf|SkipNow|Goexit|Exit)$/u.test(sourceText(tree, node.children[0] ?? node));
  return isEnd || node.name === "ReturnStatement" || node.children.some((child) => endsEarly(child, tree));
}

/** The value that a loop iterates over if it checks each element on its own. `isKeyed`: the loop names the key. */
function loopedIn(node: SyntaxNode, tree: SyntaxTree): { looped: SyntaxNode; isKeyed: boolean } | undefined {
  const clause = node.name === "ForStatement" ? childOf(node, "RangeClause") : undefined;
  const body = childOf(node, "Block");
  if (clause === undefined || body === undefined || !checksSomething(body, tree) || endsEarly(body, tree))
    return undefined;
  if (assignsLoopVariables(clause, tree) || sharesState(node, tree)) return undefined;
  const at = clause.children.findIndex((child) => child.name === "range");
  const looped = clause.children[at + 1];
  return looped === undefined
    ? undefined
    : { looped, isKeyed: !/^_?$/u.test(sourceText(tree, clause.children[0] ?? clause)) };
}

/** Without `:=` a loop sets variables that others have too. */
export function assignsLoopVariables(clause: SyntaxNode, tree: SyntaxTree): boolean {
  const at = clause.children.findIndex(({ name }) => name === "=");
  const targets = clause.children.slice(0, Math.max(at, 0));
  return targets.some((target) => !/^[_,]?$/u.test(sourceText(tree, target)));
}

/** What one row does can be seen by the next: the loop sets, sends, counts or calls something that it did not define itself before. */
function sharesState(loop: SyntaxNode, tree: SyntaxTree): boolean {
  const own = new Set<string>();
  const isOwn = (node: SyntaxNode | undefined) => {
    const root = node === undefined ? undefined : goRootOf(node, { throughCalls: true });
    return root?.name === "VariableName" && own.has(sourceText(tree, root));
  };
  const visit = (node: SyntaxNode, isInSubtest: boolean): boolean => {
    const [first] = node.children;
    if (/^(?:GoStatement|SendStatement)$/u.test(node.name)) return true;
    if (node.name === "DeferStatement" && !isInSubtest) return true;
    if (node.name === "UnaryExp" && /^<-/u.test(sourceText(tree, node))) return true;
    if (node.name === "IncDecStatement" && !isOwn(first)) return true;
    if (targetsOf(node).some((target) => sourceText(tree, target) !== "_" && !isOwn(target))) return true;
    if (node.name === "ExprStatement" && !affectsOnlyItsRow(node, { tree, isOwn, isInSubtest })) return true;
    if (node.name === "RangeClause" && assignsLoopVariables(node, tree)) return true;
    const isSubtest = node.name === "CallExpr" && isRun(first, tree);
    const isShared = node.children.some((child) => visit(child, isInSubtest || isSubtest));
    // An alias of a shared value is not local to the row.
    if (node.name === "DefName") own.add(sourceText(tree, node));
    if (node.name === "VarDecl" && isAlias(node, isOwn))
      for (const name of textsOf(tree, node, /^DefName$/u)) own.delete(name);
    return isShared;
  };
  return visit(loop, false);
}

/** `p := &x`, `m := seen`: what is set through it is set for others too. */
function isAlias(definition: SyntaxNode, isOwn: (node: SyntaxNode | undefined) => boolean): boolean {
  const at = definition.children.findIndex(({ name }) => /^:?=$/u.test(name));
  return definition.children.slice(at + 1).some((value) => {
    const isAddress = value.name === "UnaryExp" && value.children[0]?.name === "DerefOp";
    const target = isAddress ? value.children[1] : value;
    const isName = target !== undefined && /^(?:VariableName|SelectorExpr|IndexExpr)$/u.test(target.name);
    return isName && !isOwn(target);
  });
}

/** What an assignment sets, also `a += 1`; empty for any other node. */
export function targetsOf(node: SyntaxNode): SyntaxNode[] {
  if (node.name !== "Assignment") return [];
  const at = node.children.findIndex(({ name }) => name === "=" || name === "UpdateOp");
  return node.children.slice(0, Math.max(at, 0)).filter(({ name }) => name !== ",");
}

interface Statement {
  readonly tree: SyntaxTree;
  readonly isOwn: (node: SyntaxNode | undefined) => boolean;
  readonly isInSubtest: boolean;
}

/** A call whose result nobody takes: of the test itself, of a function that does not change anything by its name, or of something of the loop's own. */
function affectsOnlyItsRow(statement: SyntaxNode, { tree, isOwn, isInSubtest }: Statement): boolean {
  const call = childOf(statement, "CallExpr");
  const callee = call?.children[0];
  if (call === undefined || callee === undefined) return false;
  const name = sourceText(tree, callee);
  if (/^(?:delete|clear|copy|close)$/u.test(name)) return false;
  if (ofTester.test(name)) return isInSubtest || !/\.(?:Setenv|Chdir)$/u.test(name);
  if (isClaim(call, tree)) return true;
  if (callsHelper(call, tree)) return !changesOthers(tree, callee);
  return isOwn(callee) || (callee.name === "VariableName" && !changesOthers(tree, callee));
}

/** The rows of `[]T{…}`, and those of `map[K]V{…}` if no key can be the same as another. A list's key is a row's number, which depends on the rows before it. */
function tableIn(value: SyntaxNode | undefined, { tree, isKeyed }: { tree: SyntaxTree; isKeyed: boolean }) {
  const literal = childOf(value, "LiteralValue");
  if (childOf(value, "SliceType", "ArrayType") !== undefined) return isKeyed ? undefined : literal;
  // What a named type is, is not known.
  if (childOf(value, "MapType") === undefined) return undefined;
  return literal !== undefined && hasOwnKeys(literal, tree) ? literal : undefined;
}

/** The compiler refuses a plain key that stands there twice; of two that are composed, the second would win. */
function hasOwnKeys(table: SyntaxNode, tree: SyntaxTree): boolean {
  const keys = partsOf(table).map((element) => plainKey(childOf(element, "Key"), tree));
  const sizes = new Set(keys.map((key) => key?.length));
  return !keys.includes(null) && sizes.size <= 1 && new Set(keys.map((key) => key?.join(" "))).size === keys.length;
}

/** The source of the literals that make up a key; null if it contains anything else. An array literal may omit trailing elements. */
function plainKey(key: SyntaxNode | undefined, tree: SyntaxTree): string[] | null {
  const [value] = partsOf(key);
  if (value === undefined) return null;
  // The compiler refuses a text or number that stands there twice, however it is written; not so in a composed key.
  if (/^(?:String|Rune|Number)$/u.test(value.name)) return [sourceText(tree, value)];
  if (value.children.length === 0) return isPlainLiteral(value, tree) ? [sourceText(tree, value)] : null;
  const fields = partsOf(value.name === "LiteralValue" ? value : childOf(value, "LiteralValue"));
  const texts = fields.map((field) => {
    const [text, ...others] = partsOf(field);
    return text !== undefined && others.length === 0 && isPlainLiteral(text, tree) ? sourceText(tree, text) : null;
  });
  const known = texts.filter((text) => text !== null);
  return known.length === 0 || known.length < texts.length ? null : known;
}

/** Written in the one way that a value has. */
function isPlainLiteral(node: SyntaxNode, tree: SyntaxTree): boolean {
  return node.children.length === 0 && /^(?:"[^"\\]*"|0|[1-9]\d*|true|false)$/u.test(sourceText(tree, node));
}

/**
 * Lists and maps in `range …`, and those under a name of a function, or of the file, that is used in no other way there. Loops in functions that are no subtests may
 * have to panic.
 */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const functions = partsOf(tree.root).filter(({ name }) => /^(?:Function|Method)Decl$/u.test(name));
  return new Set([
    ...functions.flatMap((declaration) => tablesIn(declaration, () => true, tree)),
    ...tablesIn(tree.root, (node) => !functions.includes(node), tree),
  ]);
}

/** `isOpen`: whether names that are bound in a node count. */
function tablesIn(root: SyntaxNode, isOpen: (node: SyntaxNode) => boolean, tree: SyntaxTree): SyntaxNode[] {
  const text = printSyntax(tree, root);
  const [keyed, unkeyed] = [new TableNames(text), new TableNames(text)];
  const found: SyntaxNode[] = [];
  const visit = (node: SyntaxNode, binds: boolean): void => {
    if (node.name === "CallExpr" && !isRun(node.children[0], tree) && hasEffect(node)) return;
    const loop = loopedIn(node, tree);
    if (loop !== undefined) {
      const literal = tableIn(loop.looped, { tree, isKeyed: loop.isKeyed });
      if (literal !== undefined) found.push(literal);
      if (loop.looped.name === "VariableName") (loop.isKeyed ? keyed : unkeyed).use(sourceText(tree, loop.looped));
    }
    const [definition, sign, value] = node.children;
    const isOne =
      /^(?:VarDecl|VarSpec)$/u.test(node.name) && /^:?=$/u.test(sign?.name ?? "") && node.children.length === 3;
    if (binds && isOne && definition !== undefined)
      for (const [names, isKeyed] of [
        [keyed, true],
        [unkeyed, false],
      ] as const) {
        const table = tableIn(value, { tree, isKeyed });
        if (table !== undefined) names.bind(sourceText(tree, definition), table);
      }
    for (const child of node.children) visit(child, binds && isOpen(child));
  };
  visit(root, true);
  return [...found, ...keyed.tables(), ...unkeyed.tables()];
}
