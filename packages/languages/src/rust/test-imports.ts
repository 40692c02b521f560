/** What `use` declarations of Rust bring in. Pure. */
import { childOf, fieldOf, partsOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { codeOf } from "./code-text.ts";

export interface RustImport {
  /** The path, with how public it is. */
  readonly path: string;
  /** Under which name it is there; `*` for everything of a module, `_` for a trait's methods only. */
  readonly name: string;
}

/** The single imports of `pub use a::{self, b as c, d::*};`. */
export function importsOf(declaration: SyntaxNode): RustImport[] {
  const textOf = (node: SyntaxNode | undefined) =>
    node === undefined ? "" : codeOf(node).replaceAll(/\s+|\br#(?=\w)/gu, "");
  const leaves = (node: SyntaxNode, before: string): RustImport[] => {
    if (node.name === "use_list") return partsOf(node).flatMap((part) => leaves(part, before));
    const list = fieldOf(node, "list");
    if (list !== undefined) return leaves(list, `${before}${textOf(fieldOf(node, "path"))}::`);
    const alias = fieldOf(node, "alias");
    const path = `${before}${textOf(alias === undefined ? node : fieldOf(node, "path"))}`.replace(/::self$/u, "");
    return [{ path, name: textOf(alias) || (path.split("::").at(-1) ?? "") }];
  };
  const visibility = textOf(childOf(declaration, "visibility_modifier"));
  const argument = fieldOf(declaration, "argument");
  return (argument === undefined ? [] : leaves(argument, "")).map(({ path, name }) => ({
    path: `${visibility} ${path}`,
    name,
  }));
}
