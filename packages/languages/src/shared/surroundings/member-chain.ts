/**
 * Reads a chain of names in JavaScript or Python, such as `process.env.CI`, as one text. It computes constant members and texts from literals with escapes,
 * `+`, templates, arrays and character codes. Pure.
 */

import { fieldOf, partsOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";

/** A chain such as `a.b[…]`; a call shows its first argument if that is constant. Null if the tree is incomplete; `?` for a part without a name. */
export function chainOf(node: SyntaxNode): string | null {
  if (/^(?:this|identifier)$/u.test(node.name)) return decodedLiteral(textOf(node));
  if (node.name === "meta_property") return textOf(node).replace(/\s/gu, "");
  if (/^call(?:_expression)?$/u.test(node.name)) {
    const [callee, list] = [fieldOf(node, "function"), fieldOf(node, "arguments")];
    const called = callee === undefined ? null : chainOf(callee);
    if (called === null) return null;
    const first = constantText(partsOf(list)[0]);
    return `${called}(${first ?? ""})`;
  }
  if (!isAnyMember(node)) {
    const inner = node.name === "parenthesized_expression" ? partsOf(node)[0] : undefined;
    return inner === undefined ? "?" : chainOf(inner);
  }
  const [owner] = node.children;
  const own = owner === undefined ? null : chainOf(owner);
  if (own === null) return null;
  const member = fieldOf(node, "property") ?? fieldOf(node, "attribute");
  if (member !== undefined) return `${own}.${decodedLiteral(textOf(member))}`;
  const key = fieldOf(node, "index") ?? fieldOf(node, "subscript");
  return `${own}.${constantText(key) ?? "[…]"}`;
}

/** `a.b` and `a[b]` */
export const isAnyMember = ({ name }: SyntaxNode): boolean =>
  /^(?:(?:member|subscript)_expression|attribute|subscript)$/u.test(name);

/** Whether a node is a variable's name and not a member's. */
export const isVariable = ({ name, field }: SyntaxNode): boolean => name === "identifier" && field !== "attribute";

/** A function of either language. */
export const isAnyFunction = ({ name, children }: SyntaxNode): boolean => functions.test(name) && children.length > 0;
const functions =
  /^(?:arrow_function|(?:generator_)?function(?:_expression|_declaration)?|method_definition|function_definition|lambda)$/u;

/** The start of a chain: `a` in `a.b[c].d`; a call is its own root. */
export function rootOf(node: SyntaxNode): SyntaxNode {
  let at = node;
  for (;;) {
    const inner = isAnyMember(at)
      ? at.children[0]
      : at.name === "parenthesized_expression"
        ? partsOf(at)[0]
        : undefined;
    if (inner === undefined) return at;
    at = inner;
  }
}

/** Whether `node` uses `text`, which is a name or a chain of members. */
export function mentions(node: SyntaxNode | undefined, text: string): boolean {
  if (node === undefined) return false;
  const isUse = isVariable(node) || node.name === "shorthand_property_identifier" || isAnyMember(node);
  if (isUse && textOf(node) === text) return true;
  return node.children.some((child) => mentions(child, text));
}

const charactersMax = 500;

/** The text of a constant expression; null if it is not constant, or longer than 500 characters. */
export function constantText(node: SyntaxNode | undefined): string | null {
  if (node === undefined || node.to - node.from > 4 * charactersMax) return null;
  const text = fold(node);
  return text === null || text.length > charactersMax ? null : text;
}

function fold(node: SyntaxNode): string | null {
  const source = () => textOf(node);
  const parts = partsOf(node);
  switch (node.name) {
    case "template_string":
    case "string":
      return node.children.some(({ name }) => interpolation.test(name)) ? foldTemplate(node) : decodedLiteral(source());
    case "concatenated_string":
      return joined(parts.map((part) => fold(part)));
    case "number":
    case "integer":
    case "float":
      return String(Number(source().replaceAll("_", "")));
    case "parenthesized_expression":
      return parts.length === 1 && parts[0] !== undefined ? fold(parts[0]) : null;
    case "binary_expression":
    case "binary_operator":
      return fieldOf(node, "operator")?.name === "+" ? joined(parts.map((part) => fold(part))) : null;
    case "call_expression":
    case "call":
      return foldCall(node);
    default:
      return null;
  }
}

const interpolation = /^(?:interpolation|template_substitution)$/u;

function foldTemplate(node: SyntaxNode): string | null {
  let at = node.from;
  const inner: (string | null)[] = [];
  for (const child of node.children) {
    if (!interpolation.test(child.name)) continue;
    inner.push(node.tree.text.slice(at, child.from), ...partsOf(child).map((part) => fold(part)));
    at = child.to;
  }
  inner.push(node.tree.text.slice(at, node.to));
  const whole = joined(inner);
  return whole === null ? null : decodedLiteral(whole);
}

/** Computes `['a', 'b'].join('')`, `'ab'.concat('c')`, `'cba'.split('').reverse().join('')`, `String.fromCharCode(97)`, `chr(97)` or `atob('…')`. */
function foldCall(node: SyntaxNode): string | null {
  const [callee, list] = node.children;
  if (callee === undefined || list === undefined) return null;
  const args = partsOf(list);
  const called = textOf(callee).replace(/\s/gu, "");
  const values = () => args.map((part) => fold(part));
  if (/(?:^|\.)String\.from(?:CharCode|CodePoint)$|^chr$/u.test(called)) {
    const codes = values().map(Number);
    return codes.every((code) => Number.isInteger(code) && code >= 0 && code <= 0x10ffff)
      ? String.fromCodePoint(...codes)
      : null;
  }
  if (called === "atob" || called === "Buffer.from" || called.endsWith("b64decode")) {
    const [encoded] = values();
    return encoded == null ? null : Buffer.from(encoded, "base64").toString("latin1");
  }
  if (!/^(?:member_expression|attribute)$/u.test(callee.name)) return null;
  const [owner] = callee.children;
  const method = called.split(".").at(-1);
  const own = owner === undefined ? null : /^(?:array|list)$/u.test(owner.name) ? arrayText(owner) : fold(owner);
  if (own === null) return null;
  if (method === "concat") return joined([own, ...values()]);
  if (method === "join" || method === "split" || method === "toString" || method === "trim") return own;
  if (method === "reverse") return [...own].toReversed().join("");
  if (method === "toLowerCase" || method === "lower") return own.toLowerCase();
  return method === "toUpperCase" || method === "upper" ? own.toUpperCase() : null;
}

function arrayText(node: SyntaxNode): string | null {
  return joined(partsOf(node).map((part) => fold(part)));
}

function joined(texts: readonly (string | null)[]): string | null {
  return texts.every((text) => text !== null) ? texts.join("") : null;
}

/** The text of an identifier, or of a literal without its quotes, with escapes decoded. */
export function decodedLiteral(source: string): string {
  const text = source.replace(/^[a-zA-Z]{0,2}("""|'''|["'`])([\s\S]*)\1$/u, "$2");
  return text.replace(
    /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/gu,
    (_all, brace, four, two, plain) => {
      const code = Number.parseInt(brace ?? four ?? two ?? "", 16);
      if (Number.isNaN(code)) return plain === "\n" ? "" : plain;
      return code <= 0x10ffff ? String.fromCodePoint(code) : "";
    },
  );
}
