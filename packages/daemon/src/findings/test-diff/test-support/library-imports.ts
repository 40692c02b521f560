/** Recognizes a new import of a module of the language's own library that does nothing when it is loaded. Pure. */
import { sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";

const python =
  /^(?:abc|array|base64|bisect|calendar|cmath|collections|contextlib|copy|csv|dataclasses|datetime|decimal|difflib|enum|fractions|functools|hashlib|heapq|io|itertools|json|math|numbers|operator|pathlib|pprint|re|statistics|string|struct|tempfile|textwrap|time|types|typing|unicodedata|uuid|zoneinfo)$/u;
const node =
  /^node:(?:assert(?:\/strict)?|buffer|crypto|events|fs(?:\/promises)?|os|path(?:\/posix)?|querystring|readline|stream(?:\/promises)?|string_decoder|timers(?:\/promises)?|url|util|zlib)$/u;

/** The module that would have to be the library's, and the names that it gives as `member local`; null for any other statement. */
export function libraryImport(tree: SyntaxTree, statement: SyntaxNode): { module: string; names: string[] } | null {
  const text = sourceText(tree, statement).replaceAll(/\s+/gu, " ").replace(/ ?;$/u, "");
  const found =
    /^from (?<module>[\w.]+) import \(?(?<list>[\w ,]+)\)?$/u.exec(text)?.groups ??
    /^import (?<module>\w+)$/u.exec(text)?.groups ??
    /^import (?:(?<whole>[\w$]+)|\* as (?<all>[\w$]+)|\{(?<list>[\w$ ,]+)\}) from ["'](?<module>[\w:/]+)["']$/u.exec(
      text,
    )?.groups ??
    /^const (?:(?<whole>[\w$]+)|\{(?<list>[\w$ ,]+)\}) = require\(["'](?<module>[\w:/]+)["']\)$/u.exec(text)?.groups;
  const module = found?.["module"] ?? "";
  if (!python.test(module.split(".")[0] ?? "") && !node.test(module)) return null;
  const listed = (found?.["list"] ?? "").split(",").flatMap((one) => one.trim().replace(" as ", " ") || []);
  const own = found?.["whole"] ?? found?.["all"] ?? (listed.length === 0 ? module : undefined);
  return { module: module.split(".")[0] ?? "", names: own === undefined ? listed : [own] };
}
