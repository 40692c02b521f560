/** Reads parts of Go's syntax that several rules need. Pure. */
import { childOf, partsOf, sourceText } from "./print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "./syntax-tree.ts";

export interface GoImport {
  /** The name that the file uses it by, `.` and `_` too; without a written one, what its path usually means: `rand` for `math/rand/v2`. */
  readonly name: string;
  /** Without its quotes. */
  readonly path: string;
  /** Where it stands in the text. */
  readonly at: number;
}

/** All imports of a file, in order. */
export function goImports(tree: SyntaxTree): GoImport[] {
  const specs = (node: SyntaxNode): SyntaxNode[] =>
    node.name === "ImportSpec" ? [node] : node.children.flatMap(specs);
  const declarations = tree.root.children.filter(({ name }) => name === "ImportDecl");
  return declarations.flatMap(specs).map((spec) => {
    const path = childOf(spec, "String") ?? spec;
    const name = tree.text.slice(spec.from, path.from).trim();
    const imported = sourceText(tree, path).slice(1, -1);
    return { name: name === "" ? usualName(imported) : name, path: imported, at: spec.from };
  });
}

function usualName(path: string): string {
  const last =
    path
      .replace(/\/v\d+$/u, "")
      .split("/")
      .at(-1) ?? "";
  return last.replace(/\.v\d+$/u, "");
}

/** `a` of `a.b[c].d()`, `*a` and `(a)[1:]`. */
export function goRootOf(node: SyntaxNode): SyntaxNode {
  let at = node;
  while (/^(?:SelectorExpr|IndexExpr|SliceExpr|CallExpr|ParenthesizedExpr|UnaryExp)$/u.test(at.name)) {
    const inner = partsOf(at).find(({ name }) => name !== "DerefOp");
    if (inner === undefined) return at;
    at = inner;
  }
  return at;
}
