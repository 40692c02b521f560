/** Knows JavaScript's functions that write into an object which they are given, such as `Object.assign`, however they are called. Pure. */
import { scriptTargets } from "../../../javascript/javascript-syntax.ts";
import { fieldOf, partsOf, textOf } from "../../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../../tree/syntax-node.ts";

const methods = ["assign", "defineProperty", "defineProperties", "setPrototypeOf"];
const writers = new RegExp(`^(?:globalThis\\.)?Object\\.(?:${methods.join("|")})$`, "u");

/** `Object?.["assign"]` as `Object.assign`. */
function plainPath(node: SyntaxNode): string {
  const text = textOf(node).replaceAll(/[\s()]/gu, "");
  return text.replaceAll(/(?:\?\.)?\[(['"`])(\w+)\1\]/gu, ".$2").replaceAll("?.", ".");
}

/** The names that `const { assign } = Object` or `const copy = Object.assign` gives to them. */
export function writersNamed(target: SyntaxNode, value: SyntaxNode): string[] {
  if (target.name === "identifier") return writers.test(plainPath(value)) ? [textOf(target)] : [];
  if (target.name !== "object_pattern" || !/^(?:globalThis\.)?Object$/u.test(plainPath(value))) return [];
  return partsOf(target).flatMap((property) => {
    const key = fieldOf(property, "key") ?? fieldOf(property, "left") ?? property;
    return methods.includes(textOf(key)) ? scriptTargets(property).map(textOf) : [];
  });
}

/** What such a call writes into, and its other arguments; null if it is none. `named`: the names of `writersNamed`. */
export function writtenBy(
  callee: SyntaxNode,
  list: SyntaxNode,
  { named }: { named: ReadonlySet<string> },
): { target: SyntaxNode; rest: readonly SyntaxNode[] } | null {
  const [, called = "", way] = /^(.*?)(?:\.(call|apply))?$/u.exec(plainPath(callee)) ?? [];
  if (!writers.test(called) && !named.has(called)) return null;
  const given = partsOf(list);
  const all = way === undefined ? given : way === "call" ? given.slice(1) : partsOf(given[1]);
  const [target, ...rest] = all;
  return target === undefined ? null : { target, rest };
}
