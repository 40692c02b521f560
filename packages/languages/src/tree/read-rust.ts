/** Reads Rust, corrects the tree where the grammar differs from the compiler, and moves attributes into their items and statements. */
import { parseText } from "./grammars.ts";
import { isComment } from "./print-syntax.ts";
import { type SyntaxNode, type SyntaxTree, textAround } from "./syntax-node.ts";

export function readRustTree(text: string): SyntaxTree {
  const readable = text.replace(typeMacro, (name) => name.toUpperCase()).replaceAll("~", "@");
  const tree = parseText(readable, "rust", undefined, text);
  const { root, errors } = tree;
  const [first] = root.children;
  if (first?.name === "shebang" && !shebang.test(text.slice(0, first.to))) errors.push(textAround(text, first));
  const visit = (node: SyntaxNode): void => {
    for (const [at, child] of node.children.entries()) {
      visit(child);
      node.children[at] = openRange(child) ?? child;
    }
    if (node.name === "parameters") addAttributes(node, readable, errors);
    if (/^(?:source_file|declaration_list|block)$/u.test(node.name)) attach(node);
  };
  visit(root);
  return tree;
}

/** The name of a macro such as `str![…]`, which the grammar takes for a type. */
const typeMacro = /\b(?:str|char|bool)(?=\s*!\s*[([{])/gu;

/** A first line that is surely a shebang; with a bracket or comment it may be an attribute, such as `#! [cfg(test)]`. */
const shebang = /^\ufeff?#!\s*\/\w[^[]*$/u;

/** The correct node for `..=a`, which the grammar takes for `.. = a`. */
function openRange(node: SyntaxNode): SyntaxNode | null {
  const [left, sign, right] = node.name === "assignment_expression" ? node.children : [];
  if (left?.name !== "range_expression" || left.children.length > 1 || sign === undefined || right === undefined)
    return null;
  const { field: _, ...end } = right;
  const children = [{ ...sign, name: "..=", from: left.from }, end];
  return left.to === sign.from ? { ...node, name: left.name, children } : null;
}

/** Adds the attributes of parameters, of which the grammar knows one each and takes more for an error. */
function addAttributes({ children }: SyntaxNode, text: string, errors: string[]): void {
  for (const [at, child] of [...children.entries()].toReversed()) {
    const found = child.name === "ERROR" ? parseText(`${text.slice(child.from, child.to)} fn a() {}`, "rust") : null;
    const attributes = found?.root.children.slice(0, -1) ?? [];
    const areAll = attributes.every((one) => one.name === "attribute_item" || isComment(one));
    if (found === null || found.errors.length > 0 || !areAll) continue;
    children.splice(at, 1, ...attributes.map((one) => shifted(one, child)));
    errors.splice(errors.indexOf(textAround(text, child)), 1);
  }
}

/** Moves a node of a text that begins at `begin` in the file. */
const shifted = (node: SyntaxNode, begin: SyntaxNode): SyntaxNode => ({
  ...node,
  from: node.from + begin.from,
  to: node.to + begin.from,
  children: node.children.map((child) => shifted(child, begin)),
  tree: begin.tree,
});

/** Moves each attribute, such as `#[test]`, from before its item or statement to that node's first children. */
function attach(node: SyntaxNode): void {
  let waiting: SyntaxNode[] = [];
  for (const child of node.children.splice(0)) {
    if (child.name === "attribute_item" || (waiting.length > 0 && isComment(child))) waiting.push(child);
    else {
      const [first = child] = waiting;
      node.children.push({ ...child, from: first.from, children: [...waiting, ...child.children] });
      waiting = [];
    }
  }
  node.children.push(...waiting);
}
