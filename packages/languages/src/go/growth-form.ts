/** Which parts of a Go test file may grow: tables that are only looped over, and statements that only check. */

import { type GrowthForm, TableNames } from "../shared/growth.ts";
import { childOf, fieldOf, partsIn, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { goChangesOthers, goDefined, goRootOf, goSign, isGoLiteral } from "./go-syntax.ts";
import { callsHelper, isCheck, isClaim, isRun, ofTester } from "./test-claims.ts";

export function goGrowth(tree: SyntaxTree): GrowthForm {
  // A callee can write through an address, a channel gives each value once, and `copy` and `append` write into their arguments.
  const onlyReads = (node: SyntaxNode) =>
    !hasEffect(node) &&
    !advances(node) &&
    !goChangesOthers(node) &&
    !takesAddress(node) &&
    !/<-|\b(?:copy|append)\(/u.test(textOf(node));
  return {
    tables: loopedTables(tree),
    isCheck: (statement) => isCheck(statement) && onlyReads(statement),
    isPlain: (element) => !goChangesOthers(element) && !mayChangeShared(element),
  };
}

const writing = /^(?:assignment|inc|dec|go|send)_statement$/u;
export const hasEffect = (node: SyntaxNode): boolean =>
  writing.test(node.name) || node.name === "range_clause" || isActing(node) || node.children.some(hasEffect);

/** A function literal that does more than return a value. */
function isActing(node: SyntaxNode): boolean {
  if (node.name !== "func_literal") return false;
  const [statement, ...others] = partsOf(fieldOf(node, "body"));
  return statement?.name !== "return_statement" || others.length > 0;
}

/** Whether a function literal in a node does more than return a value. */
export const hasActingFunction = (node: SyntaxNode): boolean => isActing(node) || node.children.some(hasActingFunction);

/** Whether a node writes, or takes an address through which something shared can be changed. */
const mayChangeShared = (node: SyntaxNode): boolean => takesAddress(node) || writes(node);
const writes = (node: SyntaxNode): boolean => writing.test(node.name) || node.children.some(writes);

/** Whether a node has `&x`; `&T{…}` does not count, since nobody else has the new value. */
export function takesAddress(node: SyntaxNode): boolean {
  const isAddress = goSign(node) === "&" && fieldOf(node, "operand")?.name !== "composite_literal";
  return isAddress || node.children.some((child) => takesAddress(child));
}

/** Whether a node names something that gives each value once, such as an iterator's `Next`. */
export const advances = (node: SyntaxNode): boolean =>
  (/^(?:field_)?identifier$/u.test(node.name) &&
    /^(?:[Tt]ry)?(?:[Nn]ext|[Ss]can|[Rr]ecv|[Rr]eceive|[Tt]ake|[Pp]oll|[Aa]dvance|[Cc]onsume|[Ss]eek)(?:$|[A-Z])/u.test(
      textOf(node),
    )) ||
  node.children.some((child) => !goDefined(node).includes(child) && advances(child));

function checksSomething(node: SyntaxNode): boolean {
  return (
    (node.name === "call_expression" && (isClaim(node) || callsHelper(node))) ||
    node.children.some((child) => checksSomething(child))
  );
}

/** Whether a node leaves its loop or test early. */
function endsEarly(node: SyntaxNode): boolean {
  if (node.name === "func_literal") return false;
  if (/^(?:return|break|goto)_statement$/u.test(node.name)) return true;
  if (node.name === "continue_statement") return childOf(node, "label_name") !== undefined;
  const isEnd =
    node.name === "call_expression" && /\.(?:Skip|Skipf|SkipNow|Goexit|Exit)$/u.test(textOf(node.children[0] ?? node));
  return isEnd || node.children.some((child) => endsEarly(child));
}

/** The value that a loop iterates over if it checks each element on its own. `isKeyed`: the loop names the key. */
function loopedIn(node: SyntaxNode): { looped: SyntaxNode; isKeyed: boolean } | undefined {
  const clause = node.name === "for_statement" ? childOf(node, "range_clause") : undefined;
  const body = fieldOf(node, "body");
  if (clause === undefined || body === undefined || !checksSomething(body) || endsEarly(body)) return undefined;
  if (assignsLoopVariables(clause) || sharesState(node)) return undefined;
  const [looped, key] = [fieldOf(clause, "right"), fieldOf(clause, "left")];
  return looped && { looped, isKeyed: key !== undefined && textOf(key) !== "_" };
}

/** Whether a loop sets variables that exist outside it, because its clause has `=` instead of `:=`. */
export function assignsLoopVariables(clause: SyntaxNode): boolean {
  const targets = childOf(clause, "=") === undefined ? [] : partsIn(clause, "left");
  return targets.some((target) => textOf(target) !== "_");
}

/** Whether the next row can see what one row did: the loop sets, sends, counts or calls something that it did not define before. */
function sharesState(loop: SyntaxNode): boolean {
  const own = new Set<string>();
  const isOwn = (node: SyntaxNode | undefined) => {
    const root = node === undefined ? undefined : goRootOf(node, { throughCalls: true });
    return root?.name === "identifier" && own.has(textOf(root));
  };
  const visit = (node: SyntaxNode, isInSubtest: boolean): boolean => {
    const [first] = node.children;
    if (/^(?:go|send)_statement$/u.test(node.name)) return true;
    if (node.name === "defer_statement" && !isInSubtest) return true;
    if (goSign(node) === "<-") return true;
    if (/^(?:inc|dec)_statement$/u.test(node.name) && !isOwn(first)) return true;
    if (targetsOf(node).some((target) => textOf(target) !== "_" && !isOwn(target))) return true;
    if (node.name === "expression_statement" && !affectsOnlyItsRow(node, { isOwn, isInSubtest })) return true;
    if (node.name === "range_clause" && assignsLoopVariables(node)) return true;
    const isSubtest = node.name === "call_expression" && isRun(first);
    const names = goDefined(node).map(textOf);
    for (const name of names) own.add(name);
    const isShared = node.children.some((child) => visit(child, isInSubtest || isSubtest));
    // An alias of a shared value is not local to the row.
    if (isAlias(node, isOwn)) for (const name of names) own.delete(name);
    return isShared;
  };
  return visit(loop, false);
}

/** Whether a definition gives a shared value another name, as `p := &x` and `m := seen` do. */
function isAlias(definition: SyntaxNode, isOwn: (node: SyntaxNode | undefined) => boolean): boolean {
  return valuesOf(definition).some((value) => {
    const isAddress = /^[&*]$/u.test(goSign(value) ?? "");
    const target = isAddress ? fieldOf(value, "operand") : value;
    const isName = target !== undefined && /^(?:identifier|(?:selector|index)_expression)$/u.test(target.name);
    return isName && !isOwn(target);
  });
}

/** The values of a definition of variables. */
const valuesOf = (node: SyntaxNode): SyntaxNode[] =>
  node.name === "short_var_declaration"
    ? partsIn(node, "right")
    : node.name === "var_spec"
      ? partsIn(node, "value")
      : [];

/** The targets of an assignment such as `a = 1` or `a += 1`; empty for any other node. */
export const targetsOf = (node: SyntaxNode): SyntaxNode[] =>
  node.name === "assignment_statement" ? partsIn(node, "left") : [];

interface Statement {
  readonly isOwn: (node: SyntaxNode | undefined) => boolean;
  readonly isInSubtest: boolean;
}

/** Whether a call without a used result concerns its own row only: it calls the test, a variable of the loop, or a function whose name changes nothing. */
function affectsOnlyItsRow(statement: SyntaxNode, { isOwn, isInSubtest }: Statement): boolean {
  const call = childOf(statement, "call_expression");
  const callee = fieldOf(call, "function");
  if (call === undefined || callee === undefined) return false;
  const name = textOf(callee);
  if (/^(?:delete|clear|copy|close)$/u.test(name)) return false;
  if (ofTester.test(name)) return isInSubtest || !/\.(?:Setenv|Chdir)$/u.test(name);
  if (isClaim(call)) return true;
  if (callsHelper(call)) return !goChangesOthers(callee);
  return isOwn(callee) || (callee.name === "identifier" && !goChangesOthers(callee));
}

/** The rows of `[]T{…}` unless the loop uses their numbers, which depend on the rows before, and those of `map[K]V{…}` if no two keys can be equal. */
function tableIn(value: SyntaxNode | undefined, { isKeyed }: { isKeyed: boolean }) {
  const literal = childOf(value, "literal_value");
  const type = fieldOf(value, "type")?.name ?? "";
  if (/^(?:slice|(?:implicit_length_)?array)_type$/u.test(type)) return isKeyed ? undefined : literal;
  // A named type may be anything.
  if (type !== "map_type") return undefined;
  return literal !== undefined && hasOwnKeys(literal) ? literal : undefined;
}

/** Whether no two keys are equal: the compiler refuses a repeated literal, but of two equal composed keys the second would win. */
function hasOwnKeys(table: SyntaxNode): boolean {
  const keys = partsOf(table).map((element) => plainKey(fieldOf(element, "key")));
  const sizes = new Set(keys.map((key) => key?.length));
  return !keys.includes(null) && sizes.size <= 1 && new Set(keys.map((key) => key?.join(" "))).size === keys.length;
}

/** The source of the literals that make up a key; null if it contains anything else. An array literal may omit trailing elements. */
function plainKey(key: SyntaxNode | undefined): string[] | null {
  if (key === undefined) return null;
  // The compiler refuses a repeated string or number in any spelling, but not a repeated composed key.
  if (isGoLiteral(key)) return [textOf(key)];
  const fields = partsOf(key.name === "literal_value" ? key : childOf(key, "literal_value"));
  const texts = (fields.length === 0 ? [key] : fields).map(textOf);
  return texts.every((text) => plainLiteral.test(text)) ? texts : null;
}

/** A literal whose value has no other spelling. */
const plainLiteral = /^(?:"[^"\\]*"|0|[1-9]\d*|true|false)$/u;

/**
 * Lists and maps in `range …`, also behind a name that its function or file uses in no other way. A loop inside a function that is no subtest is left out,
 * because it may be expected to panic.
 */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const functions = partsOf(tree.root).filter(({ name }) => /^(?:function|method)_declaration$/u.test(name));
  return new Set([
    ...functions.flatMap((declaration) => tablesIn(declaration, () => true)),
    ...tablesIn(tree.root, (node) => !functions.includes(node)),
  ]);
}

/** `isOpen`: whether names that a node binds count. */
function tablesIn(root: SyntaxNode, isOpen: (node: SyntaxNode) => boolean): SyntaxNode[] {
  const text = printSyntax(root);
  const [keyed, unkeyed] = [new TableNames(text), new TableNames(text)];
  const found: SyntaxNode[] = [];
  const visit = (node: SyntaxNode, binds: boolean): void => {
    if (node.name === "call_expression" && !isRun(node.children[0]) && hasEffect(node)) return;
    const loop = loopedIn(node);
    if (loop !== undefined) {
      const literal = tableIn(loop.looped, { isKeyed: loop.isKeyed });
      if (literal !== undefined) found.push(literal);
      if (loop.looped.name === "identifier") (loop.isKeyed ? keyed : unkeyed).use(textOf(loop.looped));
    }
    const [definition, ...others] = goDefined(node);
    const [value] = valuesOf(node);
    const isOne = others.length === 0 && fieldOf(node, "type") === undefined;
    if (binds && isOne && definition !== undefined)
      for (const [names, isKeyed] of [
        [keyed, true],
        [unkeyed, false],
      ] as const) {
        const table = tableIn(value, { isKeyed });
        if (table !== undefined) names.bind(textOf(definition), table);
      }
    for (const child of node.children) visit(child, binds && isOpen(child));
  };
  visit(root, true);
  return [...found, ...keyed.tables(), ...unkeyed.tables()];
}
