/**
 * Finds state that Python keeps between calls (SECURITY T30), which code that counts its calls needs: module variables that functions assign, members of module
 * variables, functions and classes, shared defaults of parameters, and members of other modules. A value that is computed once and a cache by key do not count,
 * unless the code reads the cache's size. Pure.
 */

import { isVariable, mentions, rootOf } from "../shared/surroundings/member-chain.ts";
import { keptIn, keptOutside, type Use } from "../shared/surroundings/use.ts";
import { fieldOf, nodesIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { assignedValue, boundTargets, importOf, parametersOf, pythonImport, targetsIn } from "./python-syntax.ts";

interface Facts {
  /** Names that import statements bind. */
  readonly imported: ReadonlySet<string>;
  /** Functions and classes whose result the module keeps, and decorators. */
  readonly stored: ReadonlySet<string>;
  /** Names given to `len`. */
  readonly counted: ReadonlySet<string>;
  /** Names that the module sets to an iterator. */
  readonly iterators: ReadonlySet<string>;
}
interface Place extends Facts {
  readonly around: readonly SyntaxNode[];
  /** For each enclosing function: its own names, and its global and nonlocal names that outlive a call. */
  readonly functions: readonly { readonly own: ReadonlySet<string>; readonly outer: ReadonlySet<string> }[];
  /** Whether the module keeps objects of the nearest class. */
  readonly isSharedSelf: boolean;
}

export function keptInPython(tree: SyntaxTree): Use[] {
  const facts = factsOf(tree);
  const found: Use[] = [];
  const visit = (node: SyntaxNode, place: Place): void => {
    const here = /^(?:function_definition|lambda)$/u.test(node.name) ? inFunction(node, place) : place;
    found.push(...usesOf(node, here).map((what) => ({ what, at: node.from })));
    const isSharedSelf = node.name === "class_definition" ? isStored(node, facts) : here.isSharedSelf;
    const inside = { ...here, isSharedSelf, around: [...place.around, node] };
    for (const child of node.children) visit(child, inside);
  };
  visit(tree.root, { ...facts, around: [], functions: [], isSharedSelf: false });
  return found;
}

function usesOf(node: SyntaxNode, place: Place): string[] {
  switch (node.name) {
    case "augmented_assignment":
      return boundTargets(node).flatMap((target) => writeUse(target, { value: undefined, isUpdate: true }, place));
    case "assignment": {
      const value = assignedValue(node);
      if (value === undefined) return [];
      return boundTargets(node).flatMap((target) => writeUse(target, { value, isUpdate: false }, place));
    }
    case "call":
      return callUse(node, place);
    case "identifier": {
      const name = textOf(node);
      const isKept = isVariable(node) && place.iterators.has(name) && place.functions.length > 0 && isFree(name, place);
      return isKept ? [keptIn(name)] : [];
    }
    case "function_definition":
    case "lambda":
      return sharedDefaults(node);
    default:
      return [];
  }
}

function writeUse(
  target: SyntaxNode,
  { value, isUpdate }: { value: SyntaxNode | undefined; isUpdate: boolean },
  place: Place,
): string[] {
  const root = rootOf(target);
  const name = textOf(root);
  const text = textOf(target);
  if (target === root) {
    if (!isOuter(name, place) || (!isUpdate && isFirstTime(name, value, place))) return [];
    return [keptIn(name)];
  }
  if (root.name === "call") return /^type\s*\(/u.test(name) ? [keptIn(text)] : [];
  if (root.name !== "identifier") return [];
  if (isFree(name, place) && place.imported.has(name)) return [keptOutside(name)];
  const isSelf = isSelfName(name, place);
  if (place.functions.length === 0 || !(isSelf || isFree(name, place))) return [];
  if (!isUpdate && isFirstTime(text, value, place)) return [];
  const refers = isUpdate || mentions(value, isSelf ? text : name);
  if (isSelf) return refers ? [keptIn(text)] : [];
  return refers || place.counted.has(name) || hasConstantKey(target) ? [keptIn(text)] : [];
}

const consumes = /^(?:pop|popitem|popleft)$/u;
const adds = /^(?:append|appendleft|add|insert|extend|update)$/u;

function callUse(node: SyntaxNode, place: Place): string[] {
  const [callee, list] = node.children;
  if (callee === undefined || list === undefined) return [];
  const called = textOf(callee);
  if (called.endsWith(".cache_info")) return [keptIn(called)];
  const [first] = partsOf(list);
  // `next(one for one in found)` starts a new generator each time.
  const isGenerator = list.name === "generator_expression";
  if (called === "next" && first?.name === "identifier" && !isGenerator && place.functions.length > 0)
    return isFree(textOf(first), place) ? [keptIn(textOf(first))] : [];
  if (called === "setattr" || called === "delattr") return setUse(first, place);
  if (!/^(?:attribute|subscript)$/u.test(callee.name) || place.functions.length === 0) return [];
  const root = rootOf(callee);
  const name = textOf(root);
  const verb = called.split(".").at(-1) ?? "";
  if (root.name !== "identifier" || !isFree(name, place) || place.imported.has(name)) return [];
  if (consumes.test(verb)) return verb === "pop" && partsOf(list).length > 1 ? [] : [keptIn(name)];
  return adds.test(verb) && (place.counted.has(name) || mentions(list, name)) ? [keptIn(name)] : [];
}

/** `setattr(other, …)` on an import or on a value that the module keeps. */
function setUse(first: SyntaxNode | undefined, place: Place): string[] {
  const root = first === undefined ? undefined : rootOf(first);
  const name = root?.name === "identifier" ? textOf(root) : "";
  if (name === "" || !isFree(name, place)) return [];
  return [place.imported.has(name) ? keptOutside(name) : keptIn(name)];
}

/** Defaults that all calls share: the list in `def f(value, seen=[])`. */
function sharedDefaults(node: SyntaxNode): string[] {
  const parts = partsOf(fieldOf(node, "parameters"));
  return parts.flatMap((value, index) => {
    const isShared =
      /^(?:list|dictionary|set)$/u.test(value.name) ||
      (value.name === "call" &&
        /^(?:list|dict|set|(?:\w+\.)?(?:count|deque|Counter|defaultdict))\b/u.test(textOf(value)));
    const name = parts.slice(0, index).findLast(({ field }) => field === "name");
    const isDefault = value.field === "value" && isShared && name !== undefined;
    return isDefault ? [keptIn(`the default of ${textOf(name)}`)] : [];
  });
}

/** Whether no enclosing function binds the name. */
function isFree(name: string, { functions }: Place): boolean {
  return !functions.some(({ own }) => own.has(name));
}

/** Whether assigning to the name in this function changes a variable that outlives the call. */
function isOuter(name: string, { functions }: Place): boolean {
  return functions.at(-1)?.outer.has(name) ?? false;
}

function isSelfName(name: string, { isSharedSelf, around }: Place): boolean {
  const isMethod = around.some(({ name: kind }) => kind === "class_definition");
  return isMethod && (name === "cls" || (name === "self" && isSharedSelf));
}

function inFunction(node: SyntaxNode, place: Place): Place {
  const own = new Set(parametersOf(node).map(textOf));
  const declared = { global: new Set<string>(), nonlocal: new Set<string>() };
  for (const piece of nodesIn(
    node,
    (one) => one !== node && /^(?:function_definition|lambda|class_definition)$/u.test(one.name),
  )) {
    if (/^(?:global|nonlocal)_statement$/u.test(piece.name)) {
      const kind = piece.name === "global_statement" ? declared.global : declared.nonlocal;
      for (const name of targetsIn(piece)) kind.add(textOf(name));
    }
    if (piece.name !== "for_in_clause")
      for (const one of boundTargets(piece)) if (one.name === "identifier") own.add(textOf(one));
  }
  const outer = new Set(declared.global);
  // A variable of the enclosing function outlives the call if the module keeps that function's result.
  const enclosing = place.around.findLast(({ name }) => name === "function_definition");
  if (enclosing !== undefined && isStored(enclosing, place)) for (const name of declared.nonlocal) outer.add(name);
  for (const name of [...declared.global, ...declared.nonlocal]) own.delete(name);
  return { ...place, functions: [...place.functions, { own, outer }] };
}

function isStored(node: SyntaxNode, { stored }: Facts): boolean {
  const own = fieldOf(node, "name");
  return own !== undefined && stored.has(textOf(own));
}

function factsOf(tree: SyntaxTree): Facts {
  const facts = {
    tree,
    imported: new Set<string>(),
    stored: new Set<string>(),
    counted: new Set<string>(),
    iterators: new Set<string>(),
  };
  const visit = (node: SyntaxNode, parent: SyntaxNode | null, isInFunction: boolean): void => {
    const [callee, list] = node.children;
    if (pythonImport.test(node.name)) addImported(node, facts.imported);
    if (node.name === "assignment" && !isInFunction && isIterator(assignedValue(node)))
      for (const target of boundTargets(node)) if (target.name === "identifier") facts.iterators.add(textOf(target));
    if (node.name === "decorator")
      for (const part of partsOf(node)) addNames(fieldOf(part, "function") ?? part, facts.stored);
    if (node.name === "call" && callee?.name === "identifier") {
      const name = textOf(callee);
      if (!isInFunction && parent?.name !== "expression_statement") facts.stored.add(name);
      if (name === "len" && list !== undefined) addNames(list, facts.counted);
    }
    const isFunction = node.name === "function_definition" || node.name === "lambda";
    for (const child of node.children) visit(child, node, isInFunction || isFunction);
  };
  visit(tree.root, null, false);
  return facts;
}

function isIterator(value: SyntaxNode | undefined): boolean {
  if (value === undefined) return false;
  if (value.name === "generator_expression") return true;
  const called = value.name === "call" ? textOf(value.children[0] ?? value) : "";
  return /^(?:iter|map|filter|zip|enumerate|reversed|itertools\.\w+|count|cycle|chain|repeat|islice)$/u.test(called);
}

function addNames(node: SyntaxNode, names: Set<string>): void {
  if (node.name === "identifier") names.add(textOf(node));
  for (const child of node.children) addNames(child, names);
}

/** Adds the names that `import a.b`, `import a as b` or `from a import b as c, d` binds. */
function addImported(statement: SyntaxNode, imported: Set<string>): void {
  for (const { name, own } of importOf(statement).names) imported.add(own ?? name.replace(/\..*/u, ""));
}

/** Whether a value is computed once, as in `if table is None: table = …`. */
function isFirstTime(text: string, value: SyntaxNode | undefined, { around }: Place): boolean {
  if (value === undefined || mentions(value, text)) return false;
  return around.some((node) => node.name === "if_statement" && mentions(fieldOf(node, "condition"), text));
}

/** Whether a member's key is constant: `state.count` or `state["count"]`, but not `cache[key]`. */
function hasConstantKey(target: SyntaxNode): boolean {
  const key = fieldOf(target, "subscript");
  return key === undefined || /^(?:string|integer|float|true|false)$/u.test(key.name);
}
