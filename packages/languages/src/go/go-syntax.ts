/**
 * Reads parts of Go's syntax that several rules need. Pure.
 *
 * Folder: parts of Go's syntax.
 */
import { childOf, partsOf, sourceText } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

export interface GoImport {
  /** The explicit name, including `.` and `_`; null if there is none. */
  readonly written: string | null;
  /** The written name, or what the path usually means: `rand` for `math/rand/v2`. Only the package's own files say what it is. */
  readonly name: string;
  /** Without its quotes. */
  readonly path: string;
  /** Offset of the import spec in the source. */
  readonly at: number;
}

/** All imports of a file, in order. */
export function goImports(tree: SyntaxTree): GoImport[] {
  const specs = (node: SyntaxNode): SyntaxNode[] =>
    node.name === "ImportSpec" ? [node] : node.children.flatMap(specs);
  const declarations = tree.root.children.filter(({ name }) => name === "ImportDecl");
  return declarations.flatMap(specs).map((spec) => {
    const path = unquoted(sourceText(tree, childOf(spec, "String") ?? spec));
    const name = childOf(spec, "DefName", ".");
    const written = name === undefined ? null : sourceText(tree, name);
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

/** Import paths by local name. If two paths map to one name, an explicit name wins, then a path that is the name, then the standard library, then a path that ends with the name. */
export function goPackages(tree: SyntaxTree): Map<string, string> {
  const rank = ({ written, name, path }: GoImport) => {
    if (written !== null) return 4;
    if (path === name) return 3;
    return /^[^./]+(?:\/|$)/u.test(path) ? 2 : path.endsWith(name) ? 1 : 0;
  };
  const ranked = goImports(tree).toSorted((one, other) => rank(one) - rank(other));
  return new Map(ranked.map(({ name, path }) => [name, path]));
}

/** `a` of `a.b[c]`, `*a` and `(a)[1:]`; with `throughCalls` also of `a.b().c`. */
export function goRootOf(node: SyntaxNode, { throughCalls = false } = {}): SyntaxNode {
  const inside = /^(?:SelectorExpr|IndexExpr|SliceExpr|ParenthesizedExpr|UnaryExp)$/u;
  let at = node;
  while (inside.test(at.name) || (throughCalls && at.name === "CallExpr")) {
    const inner = partsOf(at).find(({ name }) => name !== "DerefOp");
    if (inner === undefined) return at;
    at = inner;
  }
  return at;
}
