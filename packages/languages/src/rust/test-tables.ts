/** Finds the lists in Rust tests that a loop goes over and whose every element it checks. Pure. */

import { type GrowthForm, TableNames } from "../shared/growth.ts";
import { childOf, fieldOf, isComment, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { callsOnlyKnown, hasPlainMacros, setting } from "./added-statements.ts";
import { changeableNames, codeOf, hasSharedState, identifiersIn, isChangingMethod } from "./code-text.ts";
import { boundIn } from "./rust-tests.ts";

const forms = new WeakMap<SyntaxTree, GrowthForm>();

/** The parts of a file that may grow. Statements are compared elsewhere, so none is a row here. `known`: names in the base's file. */
export function rustGrowth(tree: SyntaxTree, known: ReadonlySet<string>): GrowthForm {
  const made = forms.get(tree);
  if (made !== undefined) return made;
  const changeable = changeableNames(tree.root);
  const form: GrowthForm = {
    tables: loopedTables(tree),
    isCheck: () => false,
    isPlain: (row) => isPlainRow(codeOf(row), { changeable, known }) && !namesChange(tree, row),
  };
  forms.set(tree, form);
  return form;
}

/** Whether a row has no blocks, functions, early ends, assignments, changeable variables or unknown calls. */
const isPlainRow = (
  code: string,
  { changeable, known }: { changeable: ReadonlySet<string>; known: ReadonlySet<string> },
) =>
  !/[{}|?]|\b(?:mut|return|break|continue|loop|while|move|yield|await)\b/u.test(code) &&
  !setting.test(code) &&
  identifiersIn(code).every((name) => !changeable.has(name)) &&
  callsOnlyKnown(code, known) &&
  hasPlainMacros(code);

function namesChange(tree: SyntaxTree, { name, from, to, children }: SyntaxNode): boolean {
  const isName = /^(?:field_)?identifier$/u.test(name);
  return (isName && isChangingMethod(tree.text.slice(from, to))) || children.some((child) => namesChange(tree, child));
}

/** The number in `[T; 3] = […]`, which grows with its table. */
export function sizesOfTables(node: SyntaxNode, tables: ReadonlySet<SyntaxNode>): Set<SyntaxNode> {
  const own = node.children.some((child) => tables.has(child) && child.name === "array_expression");
  const length = own ? fieldOf(fieldOf(node, "type"), "length") : undefined;
  const size = length?.name === "integer_literal" ? length : undefined;
  const inside = node.children.flatMap((child) => [...sizesOfTables(child, tables)]);
  return new Set(size === undefined ? inside : [size, ...inside]);
}

/** Adds nodes for the elements of `vec![a, b]`, as `[a, b]` has them. */
export function groupElements(node: SyntaxNode): void {
  for (const child of node.children) groupElements(child);
  const list = listOfVec(node);
  if (list === undefined) return;
  const inner = list.children.slice(1, -1).filter((token) => !isComment(token));
  if (inner.some(({ name }) => name === ";")) return;
  const elements: SyntaxNode[] = [];
  for (const token of inner) {
    const last = elements.at(-1);
    if (token.name === ",") elements.push(token);
    else if (last === undefined || last.name === ",") elements.push({ ...token, name: "Element", children: [token] });
    else elements[elements.length - 1] = { ...last, to: token.to, children: [...last.children, token] };
  }
  const [open, close] = [list.children[0], list.children.at(-1)];
  if (open !== undefined && close !== undefined)
    list.children.splice(0, list.children.length, open, ...elements, close);
}

/** The list in `vec![…]`. */
function listOfVec(node: SyntaxNode): SyntaxNode | undefined {
  const macro = fieldOf(node, "macro");
  const list = macro !== undefined && textOf(macro) === "vec" ? childOf(node, "token_tree") : undefined;
  return list?.children[0]?.name === "[" ? list : undefined;
}

const bindingsMax = 500;

function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  if (hasSharedState(identifiersIn(codeOf(tree.root)))) return found;
  let bindings = 0;
  const file = new TableNames(printSyntax(tree.root));
  const visit = (node: SyntaxNode, names: TableNames): TableNames[] => {
    const own = node.name === "function_item" ? new TableNames(printSyntax(node)) : names;
    // A check in a closure may not count: its caller decides.
    if (node.name === "closure_expression") return [];
    if (node.name === "for_expression") {
      const looped = loopedIn(node);
      const table = tableIn(looped);
      if (table !== undefined) found.add(table);
      else if (looped?.name === "identifier") for (const one of new Set([own, file])) one.use(textOf(looped));
    }
    if (/^(?:let_declaration|const_item|static_item)$/u.test(node.name)) {
      const name = fieldOf(node, "pattern") ?? fieldOf(node, "name");
      const table = tableIn(fieldOf(node, "value"));
      const isFixed = childOf(node, "mutable_specifier") === undefined;
      if (name?.name === "identifier" && table !== undefined && isFixed) {
        bindings += 1;
        own.bind(textOf(name), table);
      }
    }
    const inside = node.children.flatMap((child) => visit(child, own));
    return own === names ? inside : [own, ...inside];
  };
  const scopes = [file, ...visit(tree.root, file)];
  if (bindings > bindingsMax) return found;
  for (const names of scopes) for (const table of names.tables()) found.add(table);
  return found;
}

/** The list that a loop iterates over, if it checks each element independently. */
function loopedIn(loop: SyntaxNode): SyntaxNode | undefined {
  const body = fieldOf(loop, "body");
  if (body === undefined || !/\b(?:assert|check|expect|verify)\w*\s*[!(]/u.test(textOf(body))) return undefined;
  const code = codeOf(body);
  if (endsEarly(body) || code.includes("?") || !hasPlainMacros(code) || sharesState(loop)) return undefined;
  return withoutIterator(fieldOf(loop, "value"));
}

const endsEarly = ({ name, children }: SyntaxNode): boolean =>
  /^(?:break|return|continue|while|loop)_expression$/u.test(name) || children.some(endsEarly);

/** Whether a loop assigns or lends a variable that it did not define. */
function sharesState(loop: SyntaxNode): boolean {
  const own = new Set<string>();
  const bound = boundIn(loop);
  const visit = (node: SyntaxNode, at: number, parent: SyntaxNode): boolean => {
    if (bound.has(node)) own.add(textOf(node));
    if (node.name === "macro_invocation" && macroChanges(codeOf(node), own)) return true;
    const target = /^(?:compound_)?assignment_expr/u.test(node.name) ? fieldOf(node, "left") : undefined;
    if (target !== undefined && !own.has(textOf(target))) return true;
    const lent =
      node.name === "mutable_specifier" && parent.name !== "let_declaration" ? parent.children[at + 1] : undefined;
    if (lent !== undefined && !bound.has(lent) && !own.has(textOf(lent))) return true;
    // A method of an outer value counts if its name says that it changes something.
    const isCalled = node.name === "field_expression" && node.field === "function";
    const method = isCalled ? textOf(fieldOf(node, "field") ?? node) : "";
    const owner = fieldOf(node, "value");
    const isOwn = owner !== undefined && own.has(/^\w+/u.exec(textOf(owner))?.[0] ?? "");
    if (isCalled && !isOwn && isChangingMethod(method)) return true;
    return node.children.some((child, index) => visit(child, index, node));
  };
  return loop.children.some((child, index) => child.field !== "value" && visit(child, index, loop));
}

const macroCharactersMax = 5000;

/** Whether a macro's arguments, which are only tokens, may change an outer variable. */
function macroChanges(code: string, own: ReadonlySet<string>): boolean {
  if (code.length > macroCharactersMax || setting.test(code) || /\bmut\b/u.test(code)) return true;
  const calls = [...code.matchAll(/\.\s*(\w+)\s*(?:::\s*<[^<>]*>\s*)?\(/gu)];
  return calls.some(({ 1: method = "", index }) => isChangingMethod(method) && !own.has(rootBefore(code, index)));
}

/** The start of the chain that ends at `end`: `a` in `a.b.c` and `a.b(1)`; empty if it can't be told. */
const rootBefore = (code: string, end: number) =>
  /(?:^|[^\w.)\]])(\w+)(?:\s*\.\s*\w+(?:\([^()]*\))?)*\s*$/u.exec(code.slice(0, end))?.[1] ?? "";

/** The value behind an iterator: `x` in `&x`, `x.iter()`, `x.into_iter()` and `x.iter().copied()`. */
function withoutIterator(node: SyntaxNode | undefined): SyntaxNode | undefined {
  if (node?.name === "reference_expression" || node?.name === "parenthesized_expression")
    return withoutIterator(partsOf(node).at(-1));
  const [callee, list] = [fieldOf(node, "function"), fieldOf(node, "arguments")];
  const isIterator = callee?.name === "field_expression" && /\.(?:iter|into_iter|copied|cloned)$/u.test(textOf(callee));
  return isIterator && partsOf(list).length === 0 ? withoutIterator(fieldOf(callee, "value")) : node;
}

/** The table in `[…]`, `&[…]` or `vec![…]`. */
function tableIn(node: SyntaxNode | undefined): SyntaxNode | undefined {
  const value = withoutIterator(node);
  // An attribute may leave a row out.
  if (value !== undefined && /#\s*\[/u.test(codeOf(value))) return undefined;
  if (value?.name === "array_expression") return childOf(value, ";") === undefined ? value : undefined;
  const list = value === undefined ? undefined : listOfVec(value);
  return list?.children.some(({ name }) => name === "Element") ? list : undefined;
}
