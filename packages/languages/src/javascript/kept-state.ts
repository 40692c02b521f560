/**
 * Finds state that JavaScript keeps between calls (SECURITY T30), which code that counts its calls needs: module variables, static members and members of
 * kept objects, if functions write to them, and members of other modules. A value that is computed once and a cache by key do not count, unless the code
 * reads the cache's size. Pure.
 */

import { mentions, rootOf } from "../shared/surroundings/member-chain.ts";
import { keptIn, keptOutside, type Use } from "../shared/surroundings/use.ts";
import { fieldOf, partsOf, signOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { assignmentsOf, isMemberAccess, isVariableUse } from "./javascript-syntax.ts";
import { factsOf, type Module, type NameScope, scopeOf, writtenBy } from "./name-scopes.ts";

interface Place extends Module {
  readonly around: readonly SyntaxNode[];
  readonly scopes: readonly NameScope[];
}

export function keptInJavascript(tree: SyntaxTree): Use[] {
  const facts = factsOf(tree);
  const found: Use[] = [];
  const visit = (node: SyntaxNode, place: Place): void => {
    const scope = scopeOf(node, place.around, place);
    const here = scope === null ? place : { ...place, scopes: [...place.scopes, scope] };
    for (const write of assignmentsOf(node)) {
      const what = writeUse(write, here);
      if (what !== null) found.push({ what, at: node.from });
    }
    const used =
      node.name === "call_expression" ? callUse(node, here) : isVariableUse(node) ? nameUse(node, here) : null;
    if (used !== null) found.push({ what: used, at: node.from });
    const inside = { ...here, around: [...place.around, node] };
    for (const child of node.children) visit(child, inside);
  };
  visit(tree.root, { tree, facts, around: [], scopes: [] });
  return found;
}

function writeUse({ target, sign, value }: ReturnType<typeof assignmentsOf>[number], place: Place): string | null {
  const { facts } = place;
  const root = rootOf(target);
  const name = textOf(root);
  const isPath = target !== root;
  if (isPath && isOutside(root, name, place)) return keptOutside(name);
  // A cache may delete an entry.
  if (sign === "delete") return null;
  if (!/^(?:identifier|shorthand_property_identifier_pattern|this)$/u.test(root.name) || !isKept(root, name, place))
    return null;
  const text = textOf(target);
  if (/^(?:\?\?=|\|\|=)$/u.test(sign) || isFirstTime(isPath ? text : name, value, place)) return null;
  const isUpdate = sign !== "=" || mentions(value, root.name === "this" ? text : name);
  if (root.name === "this") return isUpdate ? keptIn(text) : null;
  if (!isPath || isUpdate || facts.counted.has(name) || hasConstantKey(target)) return keptIn(isPath ? text : name);
  return null;
}

/** Whether a root is an import's name, or `require("a")` itself. */
function isOutside(root: SyntaxNode, name: string, place: Place): boolean {
  return root.name === "identifier" ? isImported(name, place) : /^require\s*\(/u.test(name);
}

function isImported(name: string, { facts, scopes }: Place): boolean {
  const at = scopes.findLastIndex(({ names }) => names.has(name));
  return at <= 0 && facts.imported.has(name);
}

/** Whether a name or `this` denotes something that outlives the call of the running function. */
function isKept(root: SyntaxNode, name: string, { scopes }: Place): boolean {
  const at =
    root.name === "this"
      ? scopes.findLastIndex(({ self }) => self !== null)
      : scopes.findLastIndex(({ names }) => names.has(name));
  if (root.name === "this" && scopes[at]?.self !== "shared") return false;
  // A static method is a function itself.
  const inner = scopes.slice(root.name === "this" && scopes[at]?.isRepeated ? at : at + 1);
  const outer = scopes.slice(0, at + 1).filter((scope) => !(root.name === "this" && scope === scopes[at]));
  return outer.every(({ isOpen }) => isOpen) && inner.some(({ isRepeated }) => isRepeated);
}

/** Whether a value is computed once, as in `if (table === undefined) table = …` or `table ?? (table = …)`. */
function isFirstTime(text: string, value: SyntaxNode | undefined, { around }: Place): boolean {
  if (value === undefined || mentions(value, text)) return false;
  const isTimer = around.some((node) => node.name === "call_expression" && timers.test(textOf(node)));
  return (
    !isTimer &&
    around.some((node, index) => {
      const next = around[index + 1];
      if (next === undefined) return false;
      if (node.name === "if_statement") return mentions(fieldOf(node, "condition"), text) && next.field !== "condition";
      return (
        /^(?:\?\?|\|\||&&)$/u.test(signOf(node) ?? "") &&
        next.field === "right" &&
        mentions(fieldOf(node, "left"), text)
      );
    })
  );
}
const timers = /^(?:globalThis\.)?(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/u;

/** Whether a member's key is constant: `state.count` or `state["count"]`, but not `cache[key]`. */
function hasConstantKey(target: SyntaxNode): boolean {
  const key = fieldOf(target, "index");
  return key === undefined || /^(?:string|number|true|false)$/u.test(key.name);
}

/** The use of an iterator of the module, which continues where the last call stopped. */
function nameUse(node: SyntaxNode, { facts, scopes }: Place): string | null {
  const name = textOf(node);
  const isCalledAgain =
    scopes.some(({ isRepeated }) => isRepeated) && scopes.findLastIndex(({ names }) => names.has(name)) === 0;
  return isCalledAgain && facts.iterators.has(name) ? keptIn(name) : null;
}

const consumes = /^(?:next|pop|shift|splice|fill|setUint8|setInt32|setFloat64)$/u;
const adds = /^(?:set|add|push|unshift)$/u;

/** Reads `Object.assign(imported, …)` like `imported.name = …`, and `Object.assign(state, { n: state.n + 1 })` like `state.n += 1`. */
function assignUse(callee: SyntaxNode, list: SyntaxNode, place: Place): string | null {
  const written = writtenBy(callee, list, { named: place.facts.writers });
  if (written === null) return null;
  const root = rootOf(written.target);
  const name = textOf(root);
  if (isOutside(root, name, place)) return keptOutside(name);
  const isOwn = root.name === "identifier" && place.scopes.some(({ names }) => names.has(name));
  const isUpdate = written.rest.some((one) => mentions(one, name));
  return isOwn && isUpdate && isKept(root, name, place) ? keptIn(name) : null;
}

/** Calls that write: `counts.set(key, counts.get(key) + 1)`, `left.pop()`, and timers that the module starts. */
function callUse(node: SyntaxNode, place: Place): string | null {
  const { facts } = place;
  const [callee, list] = [fieldOf(node, "function"), fieldOf(node, "arguments")];
  if (callee === undefined || list === undefined) return null;
  const assigned = assignUse(callee, list, place);
  if (assigned !== null) return assigned;
  if (!place.scopes.some(({ isRepeated }) => isRepeated))
    return timers.test(textOf(callee)) ? `${textOf(callee)} while the module loads` : null;
  if (!isMemberAccess(callee)) return null;
  const root = rootOf(callee);
  const name = textOf(root);
  const method = fieldOf(callee, "property") ?? fieldOf(callee, "index");
  if (root.name !== "identifier" || method === undefined || !isKept(root, name, place)) return null;
  if (!place.scopes.some(({ names }) => names.has(name)) || isImported(name, place)) return null;
  const verb = textOf(method);
  if (consumes.test(verb) || (verb === "test" && facts.searches.has(name))) return keptIn(name);
  if (!adds.test(verb)) return null;
  const [key] = partsOf(list);
  const isUpdate = mentions(list, name) || facts.counted.has(name);
  return isUpdate || (verb === "set" && key !== undefined && /^(?:string|number)$/u.test(key.name))
    ? keptIn(name)
    : null;
}
