/** What `use` declarations of Rust bring in. Pure. */
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { codeOf } from "./code-text.ts";

export interface RustImport {
  /** The path, with how public it is. */
  readonly path: string;
  /** Under which name it is there; `*` for everything of a module, `_` for a trait's methods only. */
  readonly name: string;
}

/** The single imports of `pub use a::{self, b as c, d::*};`. */
export function importsOf(tree: SyntaxTree, declaration: SyntaxNode): RustImport[] {
  const text = codeOf(tree, declaration).replaceAll(/\s+/gu, " ").trim();
  const [, visibility = "", what = ""] = /^((?:pub\b(?: ?\([^)]*\))? ?)?)use\b ?(.*?) ?;?$/u.exec(text) ?? [];
  return leaves(what.replaceAll(/\br#(?=\w)/gu, "")).map(({ path, name }) => ({
    path: `${visibility.trim()} ${path}`,
    name,
  }));
}

function leaves(text: string): RustImport[] {
  const open = text.indexOf("{");
  if (open !== -1) {
    const before = text.slice(0, open).replaceAll(" ", "");
    return listed(text.slice(open + 1, text.lastIndexOf("}"))).flatMap((part) =>
      leaves(
        part === "self" || part.startsWith("self as ")
          ? `${before.replace(/::$/u, "")}${part.slice(4)}`
          : `${before}${part}`,
      ),
    );
  }
  const [path = "", name] = text.split(" as ");
  const plain = path.replaceAll(" ", "");
  return [{ path: plain, name: name?.trim() ?? plain.split("::").at(-1) ?? "" }];
}

/** The parts between commas that are in no inner list. */
function listed(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const one of text) {
    if (one === "{") depth += 1;
    if (one === "}") depth -= 1;
    if (one === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += one;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
