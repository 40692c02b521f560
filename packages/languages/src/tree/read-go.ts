/** Reads a Go file and corrects the tree where the grammar differs from the compiler. */
import { parseText } from "./grammars.ts";
import { nodesIn, textOf } from "./print-syntax.ts";
import { type SyntaxNode, type SyntaxTree, textAround } from "./syntax-node.ts";

/** Rare code that the compiler reads differently counts as an error. */
export function readGo(text: string): SyntaxTree {
  const tree = parseText(text, "go");
  tree.root = withCalls(tree.root);
  for (const node of nodesIn(tree.root))
    if (endsStatement(node) || redefines(node)) tree.errors.push(textAround(text, node));
  return tree;
}

/** Whether a comment over several lines, which the compiler takes for a line end, has code before its first line and after its last. */
function endsStatement({ name, from, to, tree: { text } }: SyntaxNode): boolean {
  if (name !== "comment" || !text.slice(from, to).includes("\n")) return false;
  const end = text.indexOf("\n", to);
  const behind = text.slice(to, end === -1 ? undefined : end).trim();
  return text.slice(text.lastIndexOf("\n", from) + 1, from).trim() !== "" && !/^(?:\/\/|$)/u.test(behind);
}

/** Whether a node redefines a predeclared name, as in `const true = a`; the grammar has special nodes for these names. */
function redefines({ name, children }: SyntaxNode): boolean {
  return (
    name !== "binary_expression" &&
    children.some(
      (one) =>
        /^(?:name|alias|left)$/u.test(one.field ?? "") &&
        one.name !== "field_identifier" &&
        /^(?:true|false|nil)$/u.test(textOf(one)),
    )
  );
}

/**
 * Turns `f[T](x)` and `list[i](x)`, which the grammar takes for conversions to a type `f[T]`, into calls, and `*T(x)`, which it takes for a conversion to a
 * pointer, into a dereference.
 */
function withCalls(node: SyntaxNode): SyntaxNode {
  for (const [at, child] of node.children.entries()) node.children[at] = withCalls(child);
  if (node.name === "type_instantiation_expression") return expressionOf(node, node.field);
  const [type, ...given] = node.children;
  if (node.name !== "type_conversion_expression" || type === undefined) return node;
  if (type.name === "pointer_type") {
    const [star, ...pointed] = type.children;
    const from = pointed[0]?.from ?? type.to;
    const operand = withCalls({ ...node, field: "operand", from, children: [...pointed, ...given] });
    return { ...node, name: "unary_expression", children: [...(star === undefined ? [] : [signed(star)]), operand] };
  }
  if (!isGeneric(type)) return node;
  const values = given.map(({ field: _, ...value }) => value);
  const from = values[0]?.from ?? type.to;
  const list = { ...node, name: "argument_list", field: "arguments", from, children: values };
  return { ...node, name: "call_expression", children: [expressionOf(type, "function"), list] };
}

const isGeneric = ({ name, children }: SyntaxNode): boolean =>
  name === "generic_type" || (/^(?:pointer|parenthesized)_type$/u.test(name) && children.some(isGeneric));

const signed = (node: SyntaxNode): SyntaxNode => ({ ...node, field: "operator" });

/** Rewrites a type as the expression that it may be. */
function expressionOf(node: SyntaxNode, field?: string): SyntaxNode {
  const as = (name: string, children: SyntaxNode[]): SyntaxNode => {
    const { field: _, ...plain } = node;
    return { ...plain, name, children, ...(field === undefined || !/^\w/u.test(name) ? {} : { field }) };
  };
  const { name, children } = node;
  switch (name) {
    case "type_identifier":
      return as("identifier", children);
    case "qualified_type":
      return as(
        "selector_expression",
        children.map((one) => {
          if (one.name === "package_identifier") return { ...one, name: "identifier", field: "operand" };
          return one.name === "type_identifier" ? { ...one, name: "field_identifier", field: "field" } : one;
        }),
      );
    case "pointer_type":
      return as(
        "unary_expression",
        children.map((one) => (one.name === "*" ? signed(one) : expressionOf(one, "operand"))),
      );
    case "parenthesized_type":
      return as(
        "parenthesized_expression",
        children.map((one) => expressionOf(one)),
      );
    case "type_elem":
      return children.length === 1 && children[0] !== undefined ? expressionOf(children[0], field) : node;
    case "generic_type":
    case "type_instantiation_expression":
      return as(
        "index_expression",
        children
          .flatMap((one) => (one.name === "type_arguments" ? one.children : [one]))
          .map((one) => expressionOf(one, one.field === "type" ? "operand" : "index")),
      );
    default:
      return as(name, children);
  }
}
