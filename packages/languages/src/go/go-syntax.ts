/**
 * Reads parts of Go's syntax that several rules need. Pure.
 */

import { changesOthersBy } from "../shared/growth.ts";
import { childOf, fieldOf, partsIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

export interface GoImport {
  /** The explicit name, including `.` and `_`; null if there is none. */
  readonly written: string | null;
  /** The written name, or the usual one for the path: `rand` for `math/rand/v2`. Only the package's own files know its real name. */
  readonly name: string;
  /** The import path without quotes. */
  readonly path: string;
  /** Offset of the import spec in the source. */
  readonly at: number;
}

/** All imports of a file, in order. */
export function goImports(tree: SyntaxTree): GoImport[] {
  const declarations = tree.root.children.filter(({ name }) => name === "import_declaration");
  return declarations.flatMap(goSpecs).map((spec) => {
    const path = unquoted(textOf(fieldOf(spec, "path") ?? spec));
    const name = fieldOf(spec, "name");
    const written = name === undefined ? null : textOf(name);
    return { written, name: written ?? usualName(path), path, at: spec.from };
  });
}

/** Decodes escapes in an import path. Unknown escapes are kept, so that the path matches no known package. */
function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith("`")) return inner;
  return inner.replaceAll(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U0000([\da-fA-F]{4})|([0-7]{3}))/gu,
    (_, hex, wide, wider, octal) =>
      String.fromCodePoint(octal === undefined ? Number.parseInt(hex ?? wide ?? wider, 16) : Number.parseInt(octal, 8)),
  );
}

function usualName(path: string): string {
  const last =
    path
      .replace(/\/v(?:[2-9]|\d\d+)$/u, "")
      .split("/")
      .at(-1) ?? "";
  return last.replace(/\.v\d+$/u, "");
}

/** Import paths by local name. Of two paths for one name, an explicit name wins, then a path equal to it, the standard library, a path that ends with it. */
export function goPackages(tree: SyntaxTree): Map<string, string> {
  const rank = ({ written, name, path }: GoImport) => {
    if (written !== null) return 4;
    if (path === name) return 3;
    return /^[^./]+(?:\/|$)/u.test(path) ? 2 : path.endsWith(name) ? 1 : 0;
  };
  const ranked = goImports(tree).toSorted((one, other) => rank(one) - rank(other));
  return new Map(ranked.map(({ name, path }) => [name, path]));
}

/** The leftmost operand: `a` in `a.b[c]`, `*a` and `(a)[1:]`; with `throughCalls`, also in `a.b().c`. */
export function goRootOf(node: SyntaxNode, { throughCalls = false } = {}): SyntaxNode {
  let at = node;
  for (;;) {
    const inner = insideOf(at, throughCalls);
    if (inner === undefined) return at;
    at = inner;
  }
}

function insideOf(node: SyntaxNode, throughCalls: boolean): SyntaxNode | undefined {
  if (node.name === "parenthesized_expression") return partsOf(node)[0];
  if (node.name === "call_expression") return throughCalls ? fieldOf(node, "function") : undefined;
  return /^(?:selector|index|slice|unary)_expression$/u.test(node.name) ? fieldOf(node, "operand") : undefined;
}

/** The operator of a unary expression, such as `&` in `&x`; undefined for any other node. */
export const goSign = (node: SyntaxNode): string | undefined =>
  node.name === "unary_expression" ? fieldOf(node, "operator")?.name : undefined;

/** A text, a number or a rune. */
export const isGoLiteral = ({ name }: SyntaxNode): boolean =>
  /^(?:(?:interpreted|raw)_string|rune|int|float|imaginary)_literal$/u.test(name);

/** The specs of a declaration, with or without parentheses: `a = 1` and `b = 2` in `var (a = 1; b = 2)`. */
export function goSpecs(declaration: SyntaxNode): SyntaxNode[] {
  return partsOf(declaration)
    .flatMap((part) => (part.name.endsWith("_spec_list") ? partsOf(part) : [part]))
    .filter(({ name }) => /_(?:spec|alias)$/u.test(name));
}

const named = /_spec$|^(?:type_alias|(?:function|method|(?:variadic_|type_)?parameter)_declaration)$/u;

/** The names that a node itself defines, as a declaration, a parameter or the left side of `:=`. */
export function goDefined(node: SyntaxNode): SyntaxNode[] {
  if (named.test(node.name)) return partsIn(node, "name");
  return childOf(node, ":=") === undefined ? [] : [...partsIn(node, "left"), ...partsIn(node, "alias")];
}

/** The variables, functions and packages that a node mentions, without members and without names that it defines. */
export function goUsedIn(node: SyntaxNode): SyntaxNode[] {
  if (/^(?:package_)?identifier$/u.test(node.name)) return [node];
  const defined = goDefined(node);
  return node.children.flatMap((child) => (defined.includes(child) ? [] : goUsedIn(child)));
}

/** All names that a node defines at any depth; with `isOuter`, not those inside function literals. */
export function goDefinitionsIn(node: SyntaxNode, { isOuter = false } = {}): SyntaxNode[] {
  if (isOuter && node.name === "func_literal") return [];
  return [...goDefined(node), ...node.children.flatMap((child) => goDefinitionsIn(child, { isOuter }))];
}

/** Whether a piece of a test file may change more than its own row. */
export const goChangesOthers = changesOthersBy(goDefined);

export const predeclared: ReadonlySet<string> = new Set(
  (
    "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr " +
    "true false iota nil append cap clear close complex copy delete imag len make max min new panic print println real recover"
  ).split(" "),
);
