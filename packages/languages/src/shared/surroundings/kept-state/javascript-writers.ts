/** Knows JavaScript's functions that write into an object which they are given, such as `Object.assign`, however they are called. Pure. */
import { scriptTargets } from "../../../javascript/javascript-syntax.ts";
import { fieldOf, partsOf, sourceText } from "../../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../../tree/syntax-node.ts";

const methods = ["assign", "defineProperty", "defineProperties", "setPrototypeOf"];
const writers = new RegExp(`^(?:globalThis\\.)?Object\\.(?:${methods.join("|")})$`, "u");

/** `Object?.["assign"]` as `Object.assign`. */
function plainPath(node: SyntaxNode, tree: SyntaxTree): string {
  const text = sourceText(tree, node).replaceAll(/[\s()]/gu, "");
  return text.replaceAll(/(?:\?\.)?\[(['"`])(\w+)\1\]/gu, ".$2").replaceAll("?.", ".");
}

/** The names that `const { assign } = Object` or `const copy = Object.assign` gives to them. */
export function writersNamed(target: SyntaxNode, value: SyntaxNode, tree: SyntaxTree): string[] {
  if (target.name === "identifier") return writers.test(plainPath(value, tree)) ? [sourceText(tree, target)] : [];
  if (target.name !== "object_pattern" || !/^(?:globalThis\.)?Object$/u.test(plainPath(value, tree))) return [];
  return partsOf(target).flatMap((property) => {
    const key = fieldOf(property, "key") ?? fieldOf(property, "left") ?? property;
    return methods.includes(sourceText(tree, key)) ? scriptTargets(property).map((own) => sourceText(tree, own)) : [];
  });
}

/** What such a call writes into, and its other arguments; null if it is none. `named`: the names of `writersNamed`. */
export function writtenBy(
  callee: SyntaxNode,
  list: SyntaxNode,
  { tree, named }: { tree: SyntaxTree; named: ReadonlySet<string> },
): { target: SyntaxNode; rest: readonly SyntaxNode[] } | null {
  const [, called = "", way] = /^(.*?)(?:\.(call|apply))?$/u.exec(plainPath(callee, tree)) ?? [];
  if (!writers.test(called) && !named.has(called)) return null;
  const given = partsOf(list);
  const all = way === undefined ? given : way === "call" ? given.slice(1) : partsOf(given[1]);
  const [target, ...rest] = all;
  return target === undefined ? null : { target, rest };
}
