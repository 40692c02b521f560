/** Computes the text of a constant expression in a syntax tree: literals with their escapes, joined with `+`, in templates, arrays and character codes. Pure. */
import { fieldOf, partsOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";

const charactersMax = 500;

/** Null if it is not constant, or longer than 500 characters. */
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

/** `['a', 'b'].join('')`, `'ab'.concat('c')`, `'cba'.split('').reverse().join('')`, `String.fromCharCode(97)`, `chr(97)`, `atob('…')`. */
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

/** The text of a literal without its quotes, or of an identifier, with its escapes decoded. */
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
