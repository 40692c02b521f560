/** Reads Python and corrects the tree where the grammar groups differently from Python. */
import { parseText } from "./grammars.ts";
import { childOf } from "./print-syntax.ts";
import { type SyntaxNode, type SyntaxTree, textAround } from "./syntax-node.ts";

/** Statements of Python 2, which the grammar knows too, count as errors. */
export function readPython(text: string): SyntaxTree {
  const tree = parseText(text, "python");
  regroup(tree.root);
  const visit = (node: SyntaxNode): void => {
    if (isPython2.test(node.name)) tree.errors.push(textAround(text, node));
    else for (const child of node.children) visit(child);
  };
  visit(tree.root);
  tree.errors.push(...hiddenLines(text));
  return tree;
}

/** A single carriage return, which ends a line in Python, also inside a comment. */
const loneReturn = /\r(?!\n)/u;
/** A comment in the first two lines that names the file's encoding. */
const coding = /^(?:[ \t\f]*(?:#[^\n]*)?\r?\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/u;
/** Encodings that keep ASCII as it is, so that no comment can hide a line of code. */
const plainEncoding =
  /^(?:utf[-_]?8(?:-sig)?|(?:us-)?ascii|latin[-_]?1|iso[-_]?8859[-_]\d{1,2}|cp125\d|windows-125\d)$/iu;

/** Places where Python may see lines that the grammar does not see. */
function hiddenLines(text: string): string[] {
  const lone = loneReturn.exec(text)?.index;
  const encoded = coding.exec(text.replace(/^\ufeff/u, ""))?.[1];
  return [
    ...(lone === undefined ? [] : [textAround(text, { from: lone, to: lone + 1 })]),
    ...(encoded === undefined || plainEncoding.test(encoded) ? [] : [encoded]),
  ];
}
const isPython2 = /^(?:print_statement|exec_statement|<>)$/u;

/** Corrects the whole tree, from the outside in. */
function regroup(node: SyntaxNode): void {
  for (const [at, child] of node.children.entries()) {
    const mended = splatOutside(child) ?? assignmentToMember(child) ?? child;
    node.children[at] = mended;
    regroup(mended);
  }
}

const begun = /^(?:call|attribute|subscript|binary_operator)$/u;

/** The correct tree of `[*a.b(c)]`, which the grammar takes for a call of `(*a).b`. */
function splatOutside(node: SyntaxNode): SyntaxNode | null {
  const splat = firstIn(node);
  const [star, value] = splat.name === "list_splat" && splat !== node ? splat.children : [];
  if (star === undefined || value === undefined) return null;
  const { field: _, ...whole } = withFirst(node, splat, value);
  return { ...node, name: splat.name, children: [star, whole] };
}

/** The correct tree of `type(a).b = c`, which the grammar takes for a type of the name `(a).b`. */
function assignmentToMember(node: SyntaxNode): SyntaxNode | null {
  const [keyword, left, equals, right] = node.name === "type_alias_statement" ? node.children : [];
  const target = inType(left);
  const first = target === undefined ? undefined : firstIn(target);
  const isName = target === undefined || /^(?:identifier|generic_type)$/u.test(target.name);
  if (keyword === undefined || equals === undefined || right === undefined || isName || first === undefined)
    return null;
  const name: SyntaxNode = { ...keyword, name: "identifier", field: first.name === "list" ? "value" : "function" };
  const begin: SyntaxNode =
    first.name === "list"
      ? { ...first, name: "subscript", from: name.from, children: [name, ...first.children] }
      : {
          ...first,
          name: "call",
          from: name.from,
          children: [name, { ...first, name: "argument_list", field: "arguments" }],
        };
  const children: SyntaxNode[] = [
    { ...withFirst(target, first, begin), field: "left" },
    equals,
    { ...(inType(right) ?? right), field: "right" },
  ];
  return { ...node, name: "expression_statement", children: [{ ...node, name: "assignment", children }] };
}

/** The first operand of a chain of calls, members and operators. */
function firstIn(node: SyntaxNode): SyntaxNode {
  const [first] = begun.test(node.name) ? node.children : [];
  return first === undefined ? node : firstIn(first);
}

/** The chain with another first operand. */
function withFirst(node: SyntaxNode, old: SyntaxNode, young: SyntaxNode): SyntaxNode {
  const field = node.field === undefined ? {} : { field: node.field };
  if (node === old) return { ...young, ...field };
  const [first = old, ...rest] = node.children;
  return { ...node, from: young.from, children: [withFirst(first, old, young), ...rest] };
}

/** The node inside a type, or the part before the colon in `type(a).b: c = d`. */
function inType(node: SyntaxNode | undefined): SyntaxNode | undefined {
  const inner = node?.name === "type" ? node.children[0] : node;
  const limited = inner?.name === "constrained_type" ? childOf(inner, "type") : undefined;
  return limited === undefined ? inner : inType(limited);
}
