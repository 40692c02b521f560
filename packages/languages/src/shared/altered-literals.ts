/** Alters a literal of JavaScript or Python so that no value equals both the old and the new literal. Pure. */
import { childOf, fieldOf, isComment, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { type Alteration, type Edit, pickLetter, pickNumber } from "./alteration.ts";

interface LiteralSearch {
  readonly seed: string;
}

/**
 * Alters the first operand that can get another value. If none can and the first one is a call, it alters the call's argument: this nearly always results in
 * another value, and the run on the base shows whether it does.
 */
export function alterFirst(operands: readonly (SyntaxNode | undefined)[], search: LiteralSearch): Alteration | null {
  for (const operand of operands) {
    const edit = operand === undefined ? null : alterLiteral(operand, search);
    if (edit !== null) return { how: "literal", edits: [edit] };
  }
  const edit = operands[0] === undefined ? null : alterArgument(operands[0]);
  return edit === null ? null : { how: "literal", edits: [edit] };
}

/** Names of constructors and functions that most likely make their value from their only argument. */
const making =
  /^(?!(?:require|import|int|str|bool|parseInt|round|abs|len|repr)$)(?!.*(?:read|load|open|fixture|sample))[A-Za-z_]\w*(?:\.(?:of|from|parse))?$/iu;

/** Edits the only argument of a call or constructor: a number becomes lower by one, and a string gets another digit, so that it keeps its form. */
function alterArgument(node: SyntaxNode): Edit | null {
  if (!/^(?:(?:call|new)_expression|call)$/u.test(node.name)) return null;
  const [callee, list, ...others] = node.children.filter(({ name }) => name !== "new");
  const [only, ...more] = /^(?:arguments|argument_list)$/u.test(list?.name ?? "") ? partsOf(list) : [];
  if (callee === undefined || only === undefined || more.length + others.length > 0) return null;
  if (!making.test(textOf(callee))) return null;
  const text = textOf(only);
  if (/^(?:number|integer)$/u.test(only.name) && /^\d{1,9}$/u.test(text))
    return replaced(only.from, text, Number(text));
  const at =
    only.name === "string" && childOf(only, "interpolation") === undefined && !text.includes("\\")
      ? text.search(/(?<!\d)\d/u)
      : -1;
  return at === -1 ? null : replaced(only.from + at, text.charAt(at), Number(text.charAt(at)));
}

const replaced = (from: number, text: string, value: number): Edit => ({
  from,
  to: from + text.length,
  text: String(value === 0 ? 1 : value - 1),
});

/** The edit that gives `node` another value; null if only a run could tell. It does not enter calls. */
function alterLiteral(node: SyntaxNode, search: LiteralSearch): Edit | null {
  const { seed } = search;
  const text = () => textOf(node);
  const whole = (value: string | null): Edit | null =>
    value === null ? null : { from: node.from, to: node.to, text: value };
  switch (node.name) {
    case "number":
    case "integer":
    case "float":
      return whole(otherNumber(text(), pickNumber(seed, node.from)));
    case "template_string":
    case "string":
      return longerString(node, text(), pickLetter(seed, node.from));
    case "concatenated_string":
      return alterLiteral(node.children.at(-1) ?? node, search);
    case "true":
    case "false":
      return whole(truths.get(text()) ?? null);
    case "null":
    case "undefined":
    case "none":
      return whole(String(pickNumber(seed, node.from)));
    case "regex":
      return whole(`/(?!)/${/[a-z]*$/.exec(text())?.[0] ?? ""}`);
    case "unary_expression":
    case "unary_operator":
      return /^[-+]$/.test(textOf(node.children[0] ?? node)) &&
        /^(?:number|integer|float)$/.test(node.children.at(-1)?.name ?? "")
        ? alterLiteral(node.children.at(-1) ?? node, search)
        : null;
    case "parenthesized_expression": {
      const [only, ...others] = partsOf(node);
      return only === undefined || others.length > 0 ? null : alterLiteral(only, search);
    }
    case "array":
    case "object":
    case "list":
    case "tuple":
    case "set":
    case "dictionary":
      return alterCollection(node, search);
    default:
      return null;
  }
}

/** Alters any literal in a collection, the last one first, or else adds an element. */
function alterCollection(node: SyntaxNode, search: LiteralSearch): Edit | null {
  const inner = node.children.filter((child) => !isComment(child));
  // An entry after a spread may overwrite an earlier key, and a set may already have the altered element.
  for (const child of inner.toReversed()) {
    if (isSpread(child)) break;
    const value = child.name === "pair" ? fieldOf(child, "value") : child;
    const edit = value === undefined || node.name === "set" ? null : alterLiteral(value, search);
    if (edit !== null) return edit;
  }
  return addElement(node, inner, search);
}

const isSpread = ({ name }: SyntaxNode) => name === "spread_element" || name.endsWith("_splat");

function addElement(node: SyntaxNode, inner: readonly SyntaxNode[], { seed }: LiteralSearch): Edit | null {
  const last = inner.at(-2);
  const [open, close] = [inner[0], inner.at(-1)];
  if (open === undefined || close === undefined || last === undefined || open === close) return null;
  const number = String(pickNumber(seed, node.from));
  const letter = pickLetter(seed, node.from);
  const added =
    node.name === "object"
      ? `${letter}${letter}: ${number}`
      : node.name === "dictionary"
        ? `"${letter}${letter}": ${number}`
        : number;
  if (last === open) return { from: open.to, to: open.to, text: node.name === "tuple" ? `${added},` : added };
  return { from: last.to, to: last.to, text: last.name === "," ? ` ${added}` : `, ${added}` };
}

const truths = new Map(Object.entries({ true: "false", false: "true", True: "False", False: "True" }));

function otherNumber(text: string, add: number): string | null {
  const isBig = text.endsWith("n");
  const value = Number(text.replace(/_/g, "").replace(/n$/, ""));
  if (!Number.isFinite(value)) return null;
  // Far enough for comparisons with a tolerance and for large floats to change at all.
  const other = Number.isInteger(value) && Math.abs(value) < 1e6 ? value + add : value * 2 + add;
  if (isBig && !Number.isSafeInteger(other)) return null;
  return `${other}${isBig ? "n" : ""}`;
}

/** Adds a letter before the closing quotes. */
function longerString(node: SyntaxNode, text: string, letter: string): Edit | null {
  const quotes = /("""|'''|["'`])$/.exec(text)?.[1];
  if (quotes === undefined || text.length < quotes.length * 2) return null;
  const at = node.to - quotes.length;
  return { from: at, to: at, text: letter };
}
