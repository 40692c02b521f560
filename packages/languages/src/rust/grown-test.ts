/** Recognizes Rust tests and macros that a change only makes longer. Pure. */

import { isGrownPiece, pieceOf } from "../shared/growth.ts";
import type { Piece } from "../shared/test-file.ts";
import { childOf, fieldOf, isComment, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { helpersIn, isAlone, isHarmlessStatement, leavesNames } from "./added-statements.ts";
import { changeableNames } from "./code-text.ts";
import { attributesOf, expressionIn, marksTest, mustPanic } from "./rust-tests.ts";
import { rustGrowth, sizesOfTables } from "./test-tables.ts";

interface Code {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
}
interface Callable extends Code {
  readonly attributes: readonly SyntaxNode[];
}

/** Whether code is the same or has more rows in lists that are only looped over. `known`: names in the base's file. */
export const isGrownCode = (old: Code, young: Code, known: ReadonlySet<string>): boolean =>
  isGrownPiece(pieceIn(old, known), pieceIn(young, known));

const addedMax = 500;
const pieces = new WeakMap<SyntaxNode, Piece>();

/** The piece of a node, computed once. */
function pieceIn({ tree, node }: Code, known: ReadonlySet<string>): Piece {
  const form = rustGrowth(tree, known);
  const piece = pieces.get(node) ?? pieceOf(node, { form }, { inserted: sizesOfTables(node, form.tables) });
  pieces.set(node, piece);
  return piece;
}

/**
 * Whether a test keeps its signature and all old statements in order, and its new statements only check and do not affect the old ones. A test with a result
 * may get nothing after its last statement, and a `should_panic` test nothing at all. `known`: names in the base's file.
 */
export function isGrownTest(old: Callable, young: Callable, known: ReadonlySet<string>): boolean {
  const [body, newBody] = [old, young].map(({ node }) => fieldOf(node, "body"));
  if (
    body === undefined ||
    newBody === undefined ||
    !isTest(old) ||
    mustPanic(old.attributes) ||
    headOf(old, body) !== headOf(young, newBody)
  )
    return false;
  const kept = partsOf(body);
  const isUnit = fieldOf(old.node, "return_type") === undefined;
  // Without a result, the last statement's semicolon does not matter.
  const codeIn = ({ tree }: Code, statement: SyntaxNode) => ({
    tree,
    node: isUnit && attributesOf(statement).length === 0 ? expressionIn(statement) : statement,
  });
  const runs: SyntaxNode[][] = [...kept, null].map(() => []);
  let at = 0;
  for (const statement of partsOf(newBody)) {
    const expected = kept[at];
    if (expected !== undefined && isGrownCode(codeIn(old, expected), codeIn(young, statement), known)) at += 1;
    else runs[at]?.push(statement);
  }
  if (at < kept.length || runs.flat().length > addedMax) return false;
  const context = {
    tree: young.tree,
    known,
    mutable: changeableNames(old.node),
    helpers: helpersIn(body),
  };
  return runs.every((statements, place) => {
    const rest = kept.slice(place);
    if (statements.length === 0) return true;
    if (!statements.every((statement) => isHarmlessStatement(statement, context))) return false;
    if (rest.length === 0) return isUnit;
    return isAlone(statements, context) && leavesNames(statements, { rest });
  });
}

/** Whether a test runner calls this function. */
export const isTest = ({ node, attributes }: Callable) => node.name === "function_item" && marksTest(attributes);

const headOf = ({ node }: Code, body: SyntaxNode) => printSyntax(node, new Set([body]));

interface Invocation {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
}
interface Row {
  /** The kinds of the row's tokens. */
  readonly form: string;
  readonly printed: string;
  /** The name that the row defines; null if it is unknown. */
  readonly name: string | null;
}

/** Whether every old row is still there in order, and each new one has the form of an old one and a name unknown to the base. */
export function isGrownMacro(old: Invocation, young: Invocation, known: ReadonlySet<string>): boolean {
  const [rows, all] = [rowsOf(old), rowsOf(young)];
  if (rows === null || all === null) return false;
  const forms = new Set(rows.map(({ form }) => form));
  let at = 0;
  for (const { form, printed, name } of all) {
    if (printed === rows[at]?.printed) at += 1;
    else if (!forms.has(form) || name === null || known.has(name) || reachesFar(printed)) return false;
  }
  return at === rows.length;
}

/** Whether a new invocation of a macro defines only new names: `quickcheck! { fn name(…) { … } }`, `case! { name, … }`. */
export function definesOnlyNew({ tree, node }: Invocation, known: ReadonlySet<string>): boolean {
  const rows = rowsOf({ tree, node }) ?? [];
  const [first] = tokensOf(node);
  const names = rows.length > 0 ? rows.map(({ name }) => name) : [nameOf(first === undefined ? [] : [first])];
  return !reachesFar(textOf(node)) && names.every((name) => name !== null && !known.has(name));
}

/** Whether the text may define something that counts beyond its own names. */
const reachesFar = (text: string) =>
  /\b(?:impl|extern|macro_rules|macro_use|macro_export|no_mangle|link_section|export_name|ctor)\b/u.test(text);

/** The tokens in a macro's brackets. */
const tokensOf = (node: SyntaxNode): SyntaxNode[] =>
  (childOf(node, "token_tree")?.children ?? []).slice(1, -1).filter((token) => !isComment(token));

/** The kind of a token: names, numbers and strings have one kind each; a bracket or another sign is its own kind. */
const kindOf = (token: SyntaxNode): string => {
  if (token.name === "token_tree") return token.children[0]?.name ?? "";
  return isNameLike(token) ? "name" : token.name;
};

const isNameLike = (token: SyntaxNode) =>
  token.children.length === 0 && /^(?:r#)?[\p{L}_][\p{L}\p{N}_]*$/u.test(textOf(token));

/** Rows such as `name(value, expected)`, `name { … }` or `fn name(…) -> T { … }`, with attributes and separators; null if the macro has any other text. */
function rowsOf({ node }: Invocation): Row[] | null {
  const tokens = tokensOf(node);
  const rows: SyntaxNode[][] = [];
  let row: SyntaxNode[] = [];
  for (const [index, token] of tokens.entries()) {
    const isBetween = row.length === 0 && rows.length > 0 && /^[,;]$/u.test(token.name);
    if (!isBetween) row.push(token);
    if (token.name !== "token_tree" || tokens[index - 1]?.name === "#" || continuesRow(tokens[index + 1])) continue;
    rows.push(row);
    row = [];
  }
  return row.length === 0 ? rows.map((one) => readRow(one)) : null;
}

/** Whether a row continues after a bracket, as `fn name(…) -> T { … }` does after its parameters. */
const continuesRow = (next: SyntaxNode | undefined) => next !== undefined && /^(?:\{|->|=>)$/u.test(kindOf(next));

function readRow(row: readonly SyntaxNode[]): Row {
  const plain = row.filter((token, index) => token.name !== "#" && row[index - 1]?.name !== "#");
  return {
    form: plain.map((token) => kindOf(token)).join(" "),
    printed: row.map((token) => printSyntax(token)).join(" "),
    name: nameOf(plain),
  };
}

function nameOf(row: readonly SyntaxNode[]): string | null {
  const first = row.find((token) => !/^(?:pub|async|fn)$/u.test(textOf(token)));
  const name = first !== undefined && isNameLike(first) ? textOf(first) : null;
  return name === null || /^(?:use|mod|impl|unsafe|static|const|type|trait|macro_rules)$/u.test(name) ? null : name;
}
