/** Makes small faults in code, one at a time: another number, string, operator, truth value or result. Run it in a process that may be killed. Pure. */
import { isType } from "./javascript/javascript-syntax.ts";
import { fieldOf, textOf } from "./tree/print-syntax.ts";
import type { SyntaxNode } from "./tree/syntax-node.ts";
import { readSyntax } from "./tree/syntax-tree.ts";

export interface Mutant {
  line: number;
  from: number;
  to: number;
  /** The text between `from` and `to`, and its replacement. */
  before: string;
  after: string;
  /** The names of the functions, classes and variables around it. */
  within: string[];
}

const mutantsMax = 4_000;

const operators = new Map(
  Object.entries({
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": "!=",
    "!=": "==",
    "===": "!==",
    "!==": "===",
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    "//": "*",
    "%": "+",
    "&&": "||",
    "||": "&&",
    and: "or",
    or: "and",
  }),
);
const truths = new Map(Object.entries({ true: "false", false: "true", True: "False", False: "True" }));

/** All faults, in the order of the text. Types stay, and so do strings that name modules, document or switch a mode. */
export function mutantsOf(text: string, path: string): Mutant[] {
  const { root } = readSyntax(text, path);
  const found: Mutant[] = [];
  let line = 1;
  let counted = 0;
  const nothing = emptyValues[root.name];
  const visit = (node: SyntaxNode, parent: SyntaxNode | null, within: string[]): void => {
    if (found.length >= mutantsMax || isLeftOut(node, text)) return;
    const before = text.slice(node.from, node.to);
    const faults = [
      ...(nothing !== undefined && before !== nothing && isGivenBack(node, parent) ? [nothing] : []),
      ...(node.children.length === 0 || isText(node) ? [faultOf(node, parent, before)] : []),
    ];
    for (const after of faults) {
      if (after === null) continue;
      for (; counted < node.from; counted += 1) if (text[counted] === "\n") line += 1;
      found.push({ line, from: node.from, to: node.to, before, after, within });
    }
    const name = fieldOf(node, "name");
    const inner = name === undefined ? within : [...within, textOf(name)];
    if (!isText(node)) for (const child of node.children) visit(child, node, inner);
  };
  visit(root, null, []);
  return found;
}

/** An empty result, by the grammar's root node. Go is missing because no value of it fits every type. */
const emptyValues: Readonly<Record<string, string>> = { program: "null", module: "None" };

/** Whether a node is a function's result. */
function isGivenBack(node: SyntaxNode, parent: SyntaxNode | null): boolean {
  if (parent?.name === "return_statement") return /^[a-z]/u.test(node.name) && node.name !== "return";
  return parent?.name === "arrow_function" && node.field === "body" && node.name !== "statement_block";
}

const isText = ({ name }: SyntaxNode) => /^(?:string|(?:interpreted|raw)_string_literal)$/u.test(name);

function isLeftOut(node: SyntaxNode, text: string): boolean {
  const { name, from, children } = node;
  if (name === "expression_statement") return children.every((child) => /^(?:string|;)$/u.test(child.name));
  if (name === "call_expression") return text.startsWith("require(", from);
  return isType(node) || /^(?:(?:\w+_)?import_|decorator$|jsx_|type$)/u.test(name);
}

function faultOf(node: SyntaxNode, parent: SyntaxNode | null, text: string): string | null {
  if (/^(?:number|(?:int|float)_literal|integer|float)$/u.test(node.name)) return otherNumber(text);
  if (parent?.name === "export_statement") return null;
  if (isText(node)) return /^(["'])(?!\1)[^\\\n]*\1$/u.test(text) ? `${text.slice(0, -1)}~${text.at(-1)}` : null;
  const isOperand =
    parent !== null && /^(?:binary_expression|(?:binary|comparison|boolean)_operator)$/u.test(parent.name);
  return (isOperand ? operators.get(text) : undefined) ?? truths.get(text) ?? null;
}

function otherNumber(text: string): string | null {
  if (/^\d{1,15}$/u.test(text)) return `${Number(text) + 1}`;
  return /^\d{1,9}\.\d{1,6}$/u.test(text) ? `${Number(text) + 1}`.replace(/^\d+$/u, "$&.0") : null;
}
