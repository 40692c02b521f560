/** Tells whether a macro that stands for items, such as a table of tests, adds rows or tests to those that are there. Pure. */
import { printSyntax, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";

interface Invocation {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
}
interface Row {
  /** The kinds of its tokens. */
  readonly form: string;
  readonly printed: string;
  /** What it defines; null if that is not known. */
  readonly name: string | null;
}

/** Every old row is there in its order, and each new one looks like one of them and has a name that the base does not know. */
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

/** Whether another invocation of a macro defines something under new names only: `quickcheck! { fn name(…) { … } }`, `case! { name, … }`. */
export function definesOnlyNew({ tree, node }: Invocation, known: ReadonlySet<string>): boolean {
  const rows = rowsOf({ tree, node }) ?? [];
  const [first] = tokensOf(tree, node);
  const names = rows.length > 0 ? rows.map(({ name }) => name) : [nameOf(tree, first === undefined ? [] : [first])];
  return !reachesFar(sourceText(tree, node)) && names.every((name) => name !== null && !known.has(name));
}

/** Whether the text may define anything that counts beyond its own names. */
const reachesFar = (text: string) =>
  /\b(?:impl|extern|macro_rules|macro_use|macro_export|no_mangle|link_section|export_name|ctor)\b/u.test(text);

const bracket = /^(?:Parenthesized|Bracketed|Braced)Tokens$/u;

/** What stands in a macro's brackets. The parser makes no nodes for signs such as `#` and `@`, so they are added here. */
function tokensOf(tree: SyntaxTree, node: SyntaxNode): SyntaxNode[] {
  const body = node.children.find(({ name }) => bracket.test(name));
  return body === undefined ? [] : withSigns(tree, body).slice(1, -1);
}

function withSigns(tree: SyntaxTree, { from, children }: SyntaxNode): SyntaxNode[] {
  let at = from;
  return children.flatMap((child) => {
    const sign = tree.text.slice(at, child.from).trim();
    const node = { name: sign, from: at, to: child.from, children: [] };
    at = child.to;
    return [...(sign === "" ? [] : [node]), ...(/Comment$/u.test(child.name) ? [] : [child])];
  });
}

/** Its text without comments and blanks, but with all signs. */
const printToken = (tree: SyntaxTree, node: SyntaxNode): string =>
  bracket.test(node.name)
    ? withSigns(tree, node)
        .map((child) => printToken(tree, child))
        .join(" ")
    : printSyntax(tree, node) || node.name;

/** `name(value, expected)`, `name { … }` or `fn name(…) -> T { … }`, with attributes before it and a comma or semicolon behind it; null if the macro's text is anything else. */
function rowsOf({ tree, node }: Invocation): Row[] | null {
  const tokens = tokensOf(tree, node);
  const rows: SyntaxNode[][] = [];
  let row: SyntaxNode[] = [];
  for (const [index, token] of tokens.entries()) {
    const isBetween = row.length === 0 && rows.length > 0 && /^[,;]$/u.test(token.name);
    if (!isBetween) row.push(token);
    if (!bracket.test(token.name) || isMark(tree, token) || goesOn(tokens[index + 1])) continue;
    rows.push(row);
    row = [];
  }
  return row.length === 0 ? rows.map((one) => readRow(tree, one)) : null;
}

/** `[test]` of `#[test]`. */
const isMark = (tree: SyntaxTree, token: SyntaxNode | undefined) =>
  token?.name === "BracketedTokens" && /#[ \t]?$/u.test(tree.text.slice(Math.max(0, token.from - 2), token.from));

/** In `fn name(…) -> T { … }` the first bracket is not the end. */
const goesOn = (next: SyntaxNode | undefined) => next !== undefined && /^(?:BracedTokens|->|=>)$/u.test(next.name);

function readRow(tree: SyntaxTree, row: readonly SyntaxNode[]): Row {
  const plain = row.filter(
    (token, index) => !isMark(tree, token) && !(token.name === "#" && isMark(tree, row[index + 1])),
  );
  return {
    form: plain.map(({ name }) => name).join(" "),
    printed: row.map((token) => printToken(tree, token)).join(" "),
    name: nameOf(tree, plain),
  };
}

function nameOf(tree: SyntaxTree, row: readonly SyntaxNode[]): string | null {
  const first = row.find((token) => !/^(?:pub|async|fn)$/u.test(sourceText(tree, token)));
  const name = first?.name === "Identifier" ? sourceText(tree, first) : null;
  return name === null || /^(?:use|mod|impl|unsafe|static|const|type|trait|macro_rules)$/u.test(name) ? null : name;
}
