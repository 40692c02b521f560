/** Which names a piece of JavaScript declares, and which of its functions run while the module loads. Pure. */
import { childOf, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { writersNamed } from "./javascript-writers.ts";
import { rootOf } from "./member-paths.ts";

export interface NameScope {
  readonly names: ReadonlySet<string>;
  /** A function that may run any number of times. */
  readonly isRepeated: boolean;
  /** What it declares lives as long as what is declared around it. */
  readonly isOpen: boolean;
  /** What `this` is here: shared if the class is used as one object; null if the scope does not say. */
  readonly self: "shared" | "own" | null;
}
export interface Module {
  readonly tree: SyntaxTree;
  readonly facts: ModuleFacts;
}
export interface ModuleFacts {
  /** Functions and classes of which the module keeps a result or an object from when it loads. */
  readonly stored: ReadonlySet<string>;
  /** Names of what other modules export. */
  readonly imported: ReadonlySet<string>;
  /** Names whose size is read. */
  readonly counted: ReadonlySet<string>;
  /** Names that the module sets to an iterator. */
  readonly iterators: ReadonlySet<string>;
  /** Names that it sets to an expression that remembers where it was. */
  readonly searches: ReadonlySet<string>;
  /** Names of functions that write into what they are given. */
  readonly writers: ReadonlySet<string>;
}

const functionNodes =
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunction|MethodDeclaration|PropertyDeclaration|Property)$/u;
const scopeNodes = /^(?:Script|Block|For\w*Statement|SwitchBody|CatchClause|ClassBody|ObjectExpression)$/u;
const named = /^(?:Function|Class)(?:Declaration|Expression)$/u;

/** Null if the node opens no scope. `around`: the nodes that contain it, the nearest last. */
export function scopeOf(node: SyntaxNode, around: readonly SyntaxNode[], { tree, facts }: Module): NameScope | null {
  if (!isFunction(node) && !scopeNodes.test(node.name)) return null;
  const isCalledHere = isFunction(node) && isCallee(around);
  return {
    names: declaredIn(node, tree),
    isRepeated: isFunction(node) && !isCalledHere,
    isOpen: !isFunction(node) || isCalledHere || isStored(node, around, { tree, facts }),
    self: selfOf(node, around.at(-1), { tree, facts }),
  };
}

function isFunction(node: SyntaxNode): boolean {
  if (!functionNodes.test(node.name)) return false;
  if (node.name === "Property") return childOf(node, "ParamList") !== undefined;
  return node.name !== "PropertyDeclaration" || childOf(node, "static") === undefined;
}

/** `(() => …)()` */
function isCallee(around: readonly SyntaxNode[]): boolean {
  const call = around.at(-2);
  return (
    around.at(-1)?.name === "ParenthesizedExpression" &&
    call?.name === "CallExpression" &&
    call.children[0] === around.at(-1)
  );
}

/** A function whose result the module keeps: what it declares lives as long as the module. */
function isStored(node: SyntaxNode, around: readonly SyntaxNode[], { tree, facts }: Module): boolean {
  const own = childOf(node, "VariableDefinition") ?? childOf(around.at(-1), "VariableDefinition");
  return own !== undefined && facts.stored.has(sourceText(tree, own));
}

function selfOf(node: SyntaxNode, parent: SyntaxNode | undefined, { tree, facts }: Module): NameScope["self"] {
  if (node.name === "ObjectExpression") return "shared";
  if (node.name === "MethodDeclaration") return childOf(node, "static") === undefined ? null : "shared";
  if (node.name !== "ClassBody") return null;
  const own = childOf(parent, "VariableDefinition");
  return own !== undefined && facts.stored.has(sourceText(tree, own)) ? "shared" : "own";
}

/** Names declared directly in a scope. A function's own name belongs to the scope around it. */
function declaredIn(scope: SyntaxNode, tree: SyntaxTree): Set<string> {
  const names = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    // `[a, b] = …` declares nothing.
    const [target] = node.name === "AssignmentExpression" ? node.children : [];
    for (const child of node.children) {
      if (child === target) continue;
      if (child.name === "TypeDefinition") names.add(sourceText(tree, child));
      else if (child.name === "VariableDefinition") {
        if (node !== scope || !named.test(scope.name)) names.add(sourceText(tree, child));
      } else if (named.test(child.name)) {
        const own = childOf(child, "VariableDefinition");
        if (own !== undefined) names.add(sourceText(tree, own));
      } else if (!isFunction(child) && !scopeNodes.test(child.name)) visit(child);
    }
  };
  visit(scope);
  return names;
}

export function factsOf(tree: SyntaxTree): ModuleFacts {
  const facts = {
    stored: new Set<string>(),
    imported: new Set<string>(),
    counted: new Set<string>(),
    iterators: new Set<string>(),
    searches: new Set<string>(),
    writers: new Set<string>(),
  };
  const visit = (node: SyntaxNode, parent: SyntaxNode | null, isInFunction: boolean): void => {
    const [first] = node.children;
    if (node.name === "ImportDeclaration") addNames(node, tree, facts.imported);
    if (node.name === "VariableDeclaration") {
      addImported(node, tree, facts);
      if (!isInFunction) addMoving(node, tree, facts);
    }
    if (!isInFunction && parent?.name !== "ExpressionStatement") {
      const callee =
        node.name === "NewExpression" ? node.children[1] : node.name === "CallExpression" ? first : undefined;
      if (callee?.name === "VariableName") facts.stored.add(sourceText(tree, callee));
    }
    if (
      node.name === "MemberExpression" &&
      first !== undefined &&
      /\.\s*(?:length|size)$/u.test(sourceText(tree, node))
    )
      addNames(first, tree, facts.counted);
    for (const child of node.children) visit(child, node, isInFunction || isFunction(node));
  };
  visit(tree.root, null, false);
  return facts;
}

/** `const a = require("a")`, `const { b } = require("a")`, and names made of imported ones, such as `const p = Emitter.prototype`; and those of functions that write. */
function addImported(
  declaration: SyntaxNode,
  tree: SyntaxTree,
  { imported, writers }: { imported: Set<string>; writers: Set<string> },
): void {
  const parts = partsOf(declaration);
  for (const [index, part] of parts.entries()) {
    if (part.name !== "Equals") continue;
    const [target, value] = [parts[index - 1], parts[index + 1]];
    if (target === undefined || value === undefined) continue;
    for (const name of writersNamed(target, value, tree)) writers.add(name);
    const root = rootOf(value);
    const text = sourceText(tree, root);
    const isChain = value.name === "MemberExpression" || value === root;
    if (/^require\b/u.test(text) || (isChain && imported.has(text))) addNames(target, tree, imported, true);
  }
}

/** `const rest = list.values()`, `const step = /x/y`. */
function addMoving(
  declaration: SyntaxNode,
  tree: SyntaxTree,
  facts: { iterators: Set<string>; searches: Set<string> },
): void {
  const parts = partsOf(declaration);
  for (const [index, part] of parts.entries()) {
    const [target, value] = [parts[index - 1], parts[index + 1]];
    if (part.name !== "Equals" || target?.name !== "VariableDefinition" || value === undefined) continue;
    const text = sourceText(tree, value);
    const called = value.name === "CallExpression" ? sourceText(tree, value.children[0] ?? value) : "";
    if (
      /\.\s*(?:values|keys|entries|matchAll|\[Symbol\.iterator\])$|^Iterator\./u.test(called) &&
      !/^Object\./u.test(called)
    )
      facts.iterators.add(sourceText(tree, target));
    if (value.name === "RegExp" && /\/[a-z]*[gy][a-z]*$/u.test(text)) facts.searches.add(sourceText(tree, target));
  }
}

function addNames(node: SyntaxNode, tree: SyntaxTree, names: Set<string>, isTarget = false): void {
  if (node.name === "VariableDefinition" || (!isTarget && node.name === "VariableName"))
    names.add(sourceText(tree, node));
  for (const child of node.children) addNames(child, tree, names, isTarget);
}
