/**
 * Tells which names JavaScript code declares, which functions run while the module loads, and which names nothing declares. An undeclared name may exist in
 * one place only, such as below a test runner. Pure.
 */

import { rootOf } from "../shared/surroundings/member-chain.ts";
import type { Use } from "../shared/surroundings/use.ts";
import { childOf, fieldOf, partsIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import {
  allDeclared,
  declaredBy,
  isFunction,
  isFunctionDeclaration,
  isFunctionValue,
  isMemberAccess,
  isType,
  isVariableUse,
  parameterNames,
  scriptTargets,
} from "./javascript-syntax.ts";

export interface NameScope {
  readonly names: ReadonlySet<string>;
  /** The scope is a function that may run any number of times. */
  readonly isRepeated: boolean;
  /** Its variables live as long as those of the scope around it. */
  readonly isOpen: boolean;
  /** What `this` is in the scope: `shared` if all calls have the same object; null if the scope does not bind `this`. */
  readonly self: "shared" | "own" | null;
}
export interface Module {
  readonly tree: SyntaxTree;
  readonly facts: ModuleFacts;
}
interface ModuleFacts {
  /** Functions and classes that the module calls while it loads and whose result or object it keeps. */
  readonly stored: ReadonlySet<string>;
  /** Names of what other modules export. */
  readonly imported: ReadonlySet<string>;
  /** Names whose size is read. */
  readonly counted: ReadonlySet<string>;
  /** Names that the module sets to an iterator. */
  readonly iterators: ReadonlySet<string>;
  /** Names that the module sets to a regular expression with `lastIndex`. */
  readonly searches: ReadonlySet<string>;
  /** Names of functions that write into their arguments. */
  readonly writers: ReadonlySet<string>;
}

const scopeNodes = /^(?:program|statement_block|for(?:_in)?_statement|switch_body|catch_clause|class_body|object)$/u;
const fields = /^(?:public_)?field_definition$/u;

/** Null if the node opens no scope. `around`: the nodes that contain it, the nearest last. */
export function scopeOf(node: SyntaxNode, around: readonly SyntaxNode[], { tree, facts }: Module): NameScope | null {
  if (!isRun(node) && !scopeNodes.test(node.name)) return null;
  const isCalledHere = isRun(node) && isCallee(around);
  return {
    names: declaredIn(node),
    isRepeated: isRun(node) && !isCalledHere,
    isOpen: !isRun(node) || isCalledHere || isStored(node, around, { tree, facts }),
    self: selfOf(node, around.at(-1), { tree, facts }),
  };
}

/** A function, or a field's initializer, which runs for each object. */
const isRun = (node: SyntaxNode): boolean =>
  isFunction(node) || (fields.test(node.name) && childOf(node, "static") === undefined);

/** Whether a function is called where it is written: `(() => …)()`. */
function isCallee(around: readonly SyntaxNode[]): boolean {
  const outer = around.at(-1);
  return outer?.name === "parenthesized_expression" && fieldOf(around.at(-2), "function") === outer;
}

/** Whether the module keeps a function's result, so that the function's variables live as long as the module. */
function isStored(node: SyntaxNode, around: readonly SyntaxNode[], { facts }: Module): boolean {
  const own = fieldOf(node, "name") ?? fieldOf(around.at(-1), "name");
  return own !== undefined && facts.stored.has(textOf(own));
}

function selfOf(node: SyntaxNode, parent: SyntaxNode | undefined, { facts }: Module): NameScope["self"] {
  if (node.name === "object") return "shared";
  if (node.name === "method_definition") return childOf(node, "static") === undefined ? null : "shared";
  if (node.name !== "class_body") return null;
  const own = fieldOf(parent, "name");
  return own !== undefined && facts.stored.has(textOf(own)) ? "shared" : "own";
}

/** Names declared directly in a scope. The name of a function or class belongs to the scope around it. */
function declaredIn(scope: SyntaxNode): Set<string> {
  const found = isFunction(scope) ? parameterNames(scope) : declaredBy(scope);
  const visit = (node: SyntaxNode): void => {
    for (const child of node.children) {
      if (
        isFunctionValue(child) ||
        isFunctionDeclaration(child) ||
        (isType(child) && child.name !== "ambient_declaration")
      )
        found.push(...partsIn(child, "name"));
      else if (!isRun(child) && !scopeNodes.test(child.name)) {
        found.push(...declaredBy(child));
        visit(child);
      }
    }
  };
  visit(scope);
  return new Set(found.map(textOf));
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
    if (node.name === "import_statement") addNames(allDeclared(node), facts.imported);
    if (node.name === "variable_declarator") {
      addImported(node, facts);
      if (!isInFunction) addMoving(node, facts);
    }
    if (!isInFunction && parent?.name !== "expression_statement") {
      const callee = fieldOf(node, "constructor") ?? fieldOf(node, "function");
      if (callee?.name === "identifier") facts.stored.add(textOf(callee));
    }
    const property = fieldOf(node, "property");
    if (property !== undefined && /^(?:length|size)$/u.test(textOf(property)))
      addNames(usedIn(fieldOf(node, "object")), facts.counted);
    for (const child of node.children) visit(child, node, isInFunction || isRun(node));
  };
  visit(tree.root, null, false);
  return facts;
}

/** Notes imported names, as in `const { b } = require("a")` or `const p = Emitter.prototype`, and names of functions that write. */
function addImported(
  declaration: SyntaxNode,
  { imported, writers }: { imported: Set<string>; writers: Set<string> },
): void {
  const [target, value] = [fieldOf(declaration, "name"), fieldOf(declaration, "value")];
  if (target === undefined || value === undefined) return;
  for (const name of writersNamed(target, value)) writers.add(name);
  const root = rootOf(value);
  const text = textOf(root);
  const isChain = isMemberAccess(value) || value === root;
  if (/^require\b/u.test(text) || (isChain && imported.has(text))) addNames(scriptTargets(target), imported);
}

/** Notes names of iterators and searches: `const rest = list.values()`, `const step = /x/y`. */
function addMoving(declaration: SyntaxNode, facts: { iterators: Set<string>; searches: Set<string> }): void {
  const [target, value] = [fieldOf(declaration, "name"), fieldOf(declaration, "value")];
  if (target?.name !== "identifier" || value === undefined) return;
  const callee = fieldOf(value, "function");
  const called = textOf(callee);
  if (
    /\.\s*(?:values|keys|entries|matchAll|\[Symbol\.iterator\])$|^Iterator\./u.test(called) &&
    !/^Object\./u.test(called)
  )
    facts.iterators.add(textOf(target));
  if (value.name === "regex" && /\/[a-z]*[gy][a-z]*$/u.test(textOf(value))) facts.searches.add(textOf(target));
}

function usedIn(node: SyntaxNode | undefined): SyntaxNode[] {
  if (node === undefined) return [];
  return isVariableUse(node) ? [node] : node.children.flatMap(usedIn);
}

function addNames(nodes: readonly SyntaxNode[], names: Set<string>): void {
  for (const node of nodes) names.add(textOf(node));
}

/** The names that a file uses and nothing declares, each once. */
export function undeclaredNames(tree: SyntaxTree): Use[] {
  const facts = factsOf(tree);
  const declared = new Set(allDeclared(tree.root));
  const found = new Map<string, Use>();
  const visit = (node: SyntaxNode, around: readonly SyntaxNode[], scopes: readonly NameScope[]): void => {
    if (isType(node)) return;
    const scope = scopeOf(node, around, { tree, facts });
    const here = scope === null ? scopes : [...scopes, scope];
    const isUse = isVariableUse(node) && !declared.has(node) && !namesOnly.test(around.at(-1)?.name ?? "");
    const name = isUse ? textOf(node) : null;
    if (name !== null && !isKnown(name, here) && !found.has(name))
      found.set(name, { what: `undeclared name: ${name.slice(0, 80)}`, at: node.from });
    for (const child of node.children) visit(child, [...around, node], here);
  };
  visit(tree.root, [], []);
  return [...found.values()];
}

/** Nodes in which a name is no variable. */
const namesOnly =
  /^(?:export_specifier|namespace_export|jsx_(?:(?:opening|closing|self_closing)_element|namespace_name))$/u;

function isKnown(name: string, scopes: readonly NameScope[]): boolean {
  return ambient.has(name) || webNames.test(name) || scopes.some(({ names }) => names.has(name));
}

const ambient: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...["require", "module", "exports", "__dirname", "__filename", "arguments", "eval"],
]);
/** Names that a browser provides. */
const webNames =
  /^(?:window|document|self|location|history|screen|localStorage|sessionStorage|indexedDB|caches|alert|confirm|prompt|frames|parent|top|opener|requestAnimationFrame|cancelAnimationFrame|requestIdleCallback|cancelIdleCallback|getComputedStyle|getSelection|matchMedia|importScripts|postMessage|addEventListener|removeEventListener|scroll\w*|customElements|React|JSX|NodeJS|(?:HTML|SVG|CSS|DOM|IDB|RTC|XML|XSLT|GPU|WebGL|Web|Media|Audio|Canvas|Mutation|Intersection|Resize|Custom|Keyboard|Mouse|Pointer|Touch|Drag|Wheel|Input|Focus|Clipboard|Composition|File|Image|Node|Element|Document|Shadow|Text|Comment|Range|Selection|Event|Worker|Shared|Service|Speech|Notification|Option|Path2D|Offscreen|View)\w*)$/u;

// Functions of `Object` that write into their first argument.
const methods = ["assign", "defineProperty", "defineProperties", "setPrototypeOf"];
const writers = new RegExp(`^(?:globalThis\\.)?Object\\.(?:${methods.join("|")})$`, "u");

/** `Object?.["assign"]` as `Object.assign`. */
function plainPath(node: SyntaxNode): string {
  const text = textOf(node).replaceAll(/[\s()]/gu, "");
  return text.replaceAll(/(?:\?\.)?\[(['"`])(\w+)\1\]/gu, ".$2").replaceAll("?.", ".");
}

/** The names that `const { assign } = Object` or `const copy = Object.assign` gives to writing functions. */
function writersNamed(target: SyntaxNode, value: SyntaxNode): string[] {
  if (target.name === "identifier") return writers.test(plainPath(value)) ? [textOf(target)] : [];
  if (target.name !== "object_pattern" || !/^(?:globalThis\.)?Object$/u.test(plainPath(value))) return [];
  return partsOf(target).flatMap((property) => {
    const key = fieldOf(property, "key") ?? fieldOf(property, "left") ?? property;
    return methods.includes(textOf(key)) ? scriptTargets(property).map(textOf) : [];
  });
}

/** The object that a call of a writing function writes into, and the other arguments; null for any other call. `named`: the file's names for such functions. */
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
