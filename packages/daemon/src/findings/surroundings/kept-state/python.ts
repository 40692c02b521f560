/**
 * Finds state that Python keeps between calls (SECURITY T30): module variables that functions assign, members of module variables, functions and classes,
 * shared defaults of parameters, and members of other modules. Code that counts its calls needs such a place. Pure. A value that is computed once and a
 * cache by key are not counted, unless the code asks for the cache's size.
 */
import { childOf, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { mentions, rootOf } from "./member-paths.ts";
import { keptIn, keptOutside, type Use } from "./use.ts";

interface Facts {
  readonly tree: SyntaxTree;
  /** Names that import statements bind. */
  readonly imported: ReadonlySet<string>;
  /** Functions and classes of which the module keeps a result, and decorators. */
  readonly stored: ReadonlySet<string>;
  /** Names given to `len`. */
  readonly counted: ReadonlySet<string>;
  /** Names that the module sets to an iterator. */
  readonly iterators: ReadonlySet<string>;
}
interface Place extends Facts {
  readonly around: readonly SyntaxNode[];
  /** Per enclosing function: its node, its own names and those that it declares global or nonlocal. */
  readonly functions: readonly { readonly own: ReadonlySet<string>; readonly outer: ReadonlySet<string> }[];
  /** The nearest class, if its objects are kept by the module or are the class itself. */
  readonly isSharedSelf: boolean;
}

export function keptInPython(tree: SyntaxTree): Use[] {
  const facts = factsOf(tree);
  const found: Use[] = [];
  const visit = (node: SyntaxNode, place: Place): void => {
    const here =
      node.name === "FunctionDefinition" || node.name === "LambdaExpression" ? inFunction(node, place) : place;
    found.push(...usesOf(node, here).map((what) => ({ what, at: node.from })));
    const isSharedSelf = node.name === "ClassDefinition" ? isStored(node, facts) : here.isSharedSelf;
    const inside = { ...here, isSharedSelf, around: [...place.around, node] };
    for (const child of node.children) visit(child, inside);
  };
  visit(tree.root, { ...facts, around: [], functions: [], isSharedSelf: false });
  return found;
}

function usesOf(node: SyntaxNode, place: Place): string[] {
  switch (node.name) {
    case "UpdateStatement":
      return node.children[0] === undefined
        ? []
        : writeUse(node.children[0], { value: undefined, isUpdate: true }, place);
    case "AssignStatement":
      return assignUses(node, place);
    case "CallExpression":
      return callUse(node, place);
    case "VariableName": {
      const name = sourceText(place.tree, node);
      const isKept = place.iterators.has(name) && place.functions.length > 0 && isFree(name, place);
      return isKept ? [keptIn(name)] : [];
    }
    case "FunctionDefinition":
    case "LambdaExpression":
      return sharedDefaults(node, place);
    default:
      return [];
  }
}

function assignUses(node: SyntaxNode, place: Place): string[] {
  const signs = node.children.flatMap(({ name }, index) => (name === "AssignOp" ? [index] : []));
  const value = node.children.at(-1);
  const targets = node.children
    .slice(0, signs.at(-1) ?? 0)
    .filter(({ name }) => name !== "AssignOp" && name !== "TypeDef");
  return targets.flatMap(targetsIn).flatMap((target) => writeUse(target, { value, isUpdate: false }, place));
}

function targetsIn(node: SyntaxNode): SyntaxNode[] {
  if (/^(?:VariableName|MemberExpression)$/u.test(node.name)) return [node];
  return /^(?:Tuple|Array|Parenthesized)Expression$/u.test(node.name) ? node.children.flatMap(targetsIn) : [];
}

function writeUse(
  target: SyntaxNode,
  { value, isUpdate }: { value: SyntaxNode | undefined; isUpdate: boolean },
  place: Place,
): string[] {
  const { tree } = place;
  const root = rootOf(target);
  const name = sourceText(tree, root);
  const text = sourceText(tree, target);
  if (target === root) {
    if (!isOuter(name, place) || (!isUpdate && isFirstTime(name, value, place))) return [];
    return [keptIn(name)];
  }
  if (root.name === "CallExpression") return /^type\s*\(/u.test(name) ? [keptIn(text)] : [];
  if (root.name !== "VariableName") return [];
  if (isFree(name, place) && place.imported.has(name)) return [keptOutside(name)];
  const isSelf = isSelfName(name, place);
  if (place.functions.length === 0 || !(isSelf || isFree(name, place))) return [];
  if (!isUpdate && isFirstTime(text, value, place)) return [];
  const refers = isUpdate || mentions(value, isSelf ? text : name, tree);
  if (isSelf) return refers ? [keptIn(text)] : [];
  return refers || place.counted.has(name) || hasConstantKey(target) ? [keptIn(text)] : [];
}

const consumes = /^(?:pop|popitem|popleft)$/u;
const adds = /^(?:append|appendleft|add|insert|extend|update)$/u;

function callUse(node: SyntaxNode, place: Place): string[] {
  const { tree } = place;
  const [callee, list] = node.children;
  if (callee === undefined || list === undefined) return [];
  const called = sourceText(tree, callee);
  if (called.endsWith(".cache_info")) return [keptIn(called)];
  const [first, second] = partsOf(list);
  // `next(one for one in found)` starts a new generator each time.
  const isGenerator = /^(?:async|for)$/u.test(second?.name ?? "");
  if (called === "next" && first?.name === "VariableName" && !isGenerator && place.functions.length > 0)
    return isFree(sourceText(tree, first), place) ? [keptIn(sourceText(tree, first))] : [];
  if (called === "setattr" || called === "delattr") return setUse(first, place);
  if (callee.name !== "MemberExpression" || place.functions.length === 0) return [];
  const root = rootOf(callee);
  const name = sourceText(tree, root);
  const verb = called.split(".").at(-1) ?? "";
  if (root.name !== "VariableName" || !isFree(name, place) || place.imported.has(name)) return [];
  if (consumes.test(verb)) return verb === "pop" && partsOf(list).length > 1 ? [] : [keptIn(name)];
  return adds.test(verb) && (place.counted.has(name) || mentions(list, name, tree)) ? [keptIn(name)] : [];
}

/** `setattr(other, …)` on what was imported, or on what the module keeps. */
function setUse(first: SyntaxNode | undefined, place: Place): string[] {
  const root = first === undefined ? undefined : rootOf(first);
  const name = root?.name === "VariableName" ? sourceText(place.tree, root) : "";
  if (name === "" || !isFree(name, place)) return [];
  return [place.imported.has(name) ? keptOutside(name) : keptIn(name)];
}

/** `def f(value, seen=[])`: one list for all calls. */
function sharedDefaults(node: SyntaxNode, { tree }: Place): string[] {
  const parts = partsOf(childOf(node, "ParamList"));
  return parts.flatMap((part, index) => {
    const value = parts[index - 1]?.name === "AssignOp" ? part : undefined;
    if (value === undefined) return [];
    const isShared =
      /^(?:Array|Dictionary|Set)Expression$/u.test(value.name) ||
      (value.name === "CallExpression" &&
        /^(?:list|dict|set|(?:\w+\.)?(?:count|deque|Counter|defaultdict))\b/u.test(sourceText(tree, value)));
    const name = parts[index - 2];
    return isShared && name !== undefined ? [keptIn(`the default of ${sourceText(tree, name)}`)] : [];
  });
}

/** A name of the module, or of a function whose result the module keeps. */
function isFree(name: string, { functions }: Place): boolean {
  return !functions.some(({ own }) => own.has(name));
}

/** Whether assigning to the name in this function changes a variable that outlives the call. */
function isOuter(name: string, { functions }: Place): boolean {
  return functions.at(-1)?.outer.has(name) ?? false;
}

function isSelfName(name: string, { isSharedSelf, around }: Place): boolean {
  const isMethod = around.some(({ name: kind }) => kind === "ClassDefinition");
  return isMethod && (name === "cls" || (name === "self" && isSharedSelf));
}

function inFunction(node: SyntaxNode, place: Place): Place {
  const { tree } = place;
  const own = new Set<string>();
  const declared = { global: new Set<string>(), nonlocal: new Set<string>() };
  for (const part of partsOf(childOf(node, "ParamList")))
    if (part.name === "VariableName") own.add(sourceText(tree, part));
  const visit = (piece: SyntaxNode): void => {
    if (piece !== node && /^(?:FunctionDefinition|LambdaExpression|ClassDefinition)$/u.test(piece.name)) return;
    if (piece.name === "ScopeStatement") {
      const kind = piece.children[0]?.name === "global" ? declared.global : declared.nonlocal;
      for (const part of partsOf(piece)) if (part.name === "VariableName") kind.add(sourceText(tree, part));
    }
    for (const name of boundBy(piece, tree)) own.add(name);
    for (const child of piece.children) visit(child);
  };
  visit(node);
  const outer = new Set(declared.global);
  // A variable of the enclosing function outlives the call if the module keeps that function's result.
  const enclosing = place.around.findLast(({ name }) => name === "FunctionDefinition");
  if (enclosing !== undefined && isStored(enclosing, place)) for (const name of declared.nonlocal) outer.add(name);
  for (const name of [...declared.global, ...declared.nonlocal]) own.delete(name);
  return { ...place, functions: [...place.functions, { own, outer }] };
}

/** Names that a statement binds in its function. */
function boundBy(node: SyntaxNode, tree: SyntaxTree): string[] {
  const names = (nodes: readonly SyntaxNode[]) =>
    nodes.flatMap(targetsIn).flatMap((one) => (one.name === "VariableName" ? [sourceText(tree, one)] : []));
  const end = (kind: string) => node.children.findLastIndex(({ name }) => name === kind);
  if (node.name === "AssignStatement") return names(node.children.slice(0, Math.max(0, end("AssignOp"))));
  if (node.name === "ForStatement") return names(node.children.slice(0, Math.max(0, end("in"))));
  if (node.name === "NamedExpression") return names(node.children.slice(0, 1));
  if (node.name === "WithStatement" || node.name === "TryStatement")
    return names(node.children.filter((_, index) => node.children[index - 1]?.name === "as"));
  return [];
}

function isStored(node: SyntaxNode, { tree, stored }: Facts): boolean {
  const own = childOf(node, "VariableName");
  return own !== undefined && stored.has(sourceText(tree, own));
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
    if (node.name === "ImportStatement") addImported(node, tree, facts.imported);
    if (node.name === "AssignStatement" && !isInFunction && isIterator(node.children.at(-1), tree))
      for (const target of node.children.slice(0, -1))
        if (target.name === "VariableName") facts.iterators.add(sourceText(tree, target));
    if (node.name === "Decorator") for (const part of partsOf(node)) facts.stored.add(sourceText(tree, rootOf(part)));
    if (node.name === "CallExpression" && callee?.name === "VariableName") {
      const name = sourceText(tree, callee);
      if (!isInFunction && parent?.name !== "ExpressionStatement") facts.stored.add(name);
      if (name === "len" && list !== undefined) addNames(list, tree, facts.counted);
    }
    const isFunction = node.name === "FunctionDefinition" || node.name === "LambdaExpression";
    for (const child of node.children) visit(child, node, isInFunction || isFunction);
  };
  visit(tree.root, null, false);
  return facts;
}

function isIterator(value: SyntaxNode | undefined, tree: SyntaxTree): boolean {
  if (value === undefined) return false;
  if (value.name === "ComprehensionExpression") return tree.text[value.from] === "(";
  const called = value.name === "CallExpression" ? sourceText(tree, value.children[0] ?? value) : "";
  return /^(?:iter|map|filter|zip|enumerate|reversed|itertools\.\w+|count|cycle|chain|repeat|islice)$/u.test(called);
}

function addNames(node: SyntaxNode, tree: SyntaxTree, names: Set<string>): void {
  if (node.name === "VariableName") names.add(sourceText(tree, node));
  for (const child of node.children) addNames(child, tree, names);
}

/** `import a.b`, `import a as b`, `from a import b as c, d`. */
function addImported(statement: SyntaxNode, tree: SyntaxTree, imported: Set<string>): void {
  const isFrom = statement.children[0]?.name === "from";
  const at = statement.children.findLastIndex(({ name }) => name === "import");
  const list = statement.children.slice(at + 1);
  for (const [index, part] of list.entries()) {
    if (part.name !== "VariableName") continue;
    const [before, after] = [list[index - 1]?.name, list[index + 1]?.name];
    if (after !== "as" && (isFrom || before !== ".")) imported.add(sourceText(tree, part));
  }
}

/** `if table is None: table = …`: a value that is computed once. */
function isFirstTime(text: string, value: SyntaxNode | undefined, { around, tree }: Place): boolean {
  if (value === undefined || mentions(value, text, tree)) return false;
  return around.some((node) => node.name === "IfStatement" && mentions(partsOf(node)[1], text, tree));
}

/** `state.count`, `state["count"]`, but not `cache[key]`. */
function hasConstantKey(target: SyntaxNode): boolean {
  const key = partsOf(target).at(-1);
  return key === undefined || /^(?:PropertyName|String|Number|Boolean)$/u.test(key.name);
}
