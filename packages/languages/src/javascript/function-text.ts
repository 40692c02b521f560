/**
 * Finds JavaScript that reads the source text of its functions: that text differs where code is compiled or measured. An imported name counts as a function
 * if the file calls it or converts it to a string on its own; otherwise it may be a number or a string. Pure.
 */

import type { Use } from "../shared/surroundings/use.ts";
import { fieldOf, nodesIn, partsIn, partsOf, signOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { isClass, isFunctionDeclaration, isFunctionValue } from "./javascript-syntax.ts";
import { importedNames } from "./javascript-tests.ts";

export function functionTexts(tree: SyntaxTree): Use[] {
  const { own, imported, called } = functionNames(tree);
  const found: Use[] = [];
  const isFunction = (node: SyntaxNode | undefined, isAlone: boolean): boolean => {
    if (node === undefined) return false;
    if (isValue(node)) return true;
    if (node.name === "parenthesized_expression") return isFunction(partsOf(node)[0], isAlone);
    const name = node.name === "identifier" ? textOf(node) : "";
    return own.has(name) || (imported.has(name) && (called.has(name) || (isAlone && !inCapitals.test(name))));
  };
  for (const node of nodesIn(tree.root)) {
    const { parts, isAlone } = readParts(node);
    if (parts.some((part) => isFunction(part, isAlone)))
      found.push({ what: "source text of a function", at: node.from });
  }
  return found;
}

/** Whether a node is a function or class used as a value. */

const isValue = (node: SyntaxNode) => isFunctionValue(node) || (node.name === "class" && isClass(node));

/** The usual spelling of a constant. */
const inCapitals = /^[A-Z][A-Z\d_]+$/u;

interface Read {
  readonly parts: readonly SyntaxNode[];
  /** The text has nothing else, which would make no sense for a number or a string. */
  readonly isAlone: boolean;
}

/** The values that a node converts to text: `f.toString()`, `String(f)`, `f + ""` or a template. */
function readParts(node: SyntaxNode): Read {
  const callee = fieldOf(node, "function");
  const alone = (parts: readonly SyntaxNode[]): Read => ({ parts, isAlone: true });
  switch (node.name) {
    case "call_expression":
      if (callee?.name === "identifier" && textOf(callee) === "String")
        return alone(partsOf(fieldOf(node, "arguments")));
      return callee?.name === "member_expression" && /\.\s*toString$/u.test(textOf(callee))
        ? alone(partsIn(callee, "object"))
        : none;
    case "binary_expression": {
      if (signOf(node) !== "+") return none;
      const parts = [...partsIn(node, "left"), ...partsIn(node, "right")];
      return { parts, isAlone: parts.some((part) => /^(["'`])[\s()]*\1$/u.test(textOf(part))) };
    }
    case "template_string": {
      const parts = partsOf(node)
        .filter(({ name }) => name === "template_substitution")
        .flatMap(partsOf);
      const isEmpty = (part: SyntaxNode) => /^(["'`])\1$/u.test(textOf(part));
      const rest = parts.reduceRight(
        (text, { from, to }) => text.slice(0, from - node.from) + text.slice(to - node.from),
        textOf(node),
      );
      const isBare = !/[^\s()`${}]/u.test(rest);
      return { parts, isAlone: isBare && parts.filter((part) => !isEmpty(part)).length === 1 };
    }
    default:
      return none;
  }
}
const none: Read = { parts: [], isAlone: false };

/** Names of the file's functions and classes, of its imports, and of everything that it uses as a function. */
function functionNames(tree: SyntaxTree): Record<"own" | "imported" | "called", ReadonlySet<string>> {
  const [own, imported, called] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const add = (node: SyntaxNode | undefined, names = own) => node !== undefined && names.add(textOf(node));
  for (const node of nodesIn(tree.root)) {
    const [name, value] = [fieldOf(node, "name"), fieldOf(node, "value")];
    if (isFunctionDeclaration(node) || /^(?:abstract_)?class_declaration$/u.test(node.name)) add(name);
    if (node.name === "variable_declarator" && value !== undefined && isValue(value)) add(name);
    if (node.name === "import_statement") for (const one of importedNames(node)) imported.add(one.name);
    for (const used of usedAsFunctions(node)) add(used, called);
  }
  return { own, imported, called };
}

/** Methods and functions that call one of their arguments. */
const takesFunction =
  /(?:^|\.)\s*(?:map|flatMap|forEach|filter|find\w*|some|every|reduce\w*|sort|toSorted|then|catch|finally|from|replace\w*|set(?:Timeout|Interval|Immediate)|queueMicrotask)$/u;
const callsItself = /\.\s*(?:call|apply|bind)$/u;

/** Nodes that must be functions or classes: `f(…)`, `new F`, `f.call(…)`, a template's tag, `extends F`, `[].map(f)`. */
function usedAsFunctions(node: SyntaxNode): SyntaxNode[] {
  const nameOf = (part: SyntaxNode | undefined) => textOf(part);
  const used = (): (SyntaxNode | undefined)[] => {
    switch (node.name) {
      case "call_expression": {
        const callee = fieldOf(node, "function");
        return [callee, ...(takesFunction.test(nameOf(callee)) ? partsOf(fieldOf(node, "arguments")) : [])];
      }
      case "new_expression":
        return [fieldOf(node, "constructor")];
      case "member_expression":
        return callsItself.test(nameOf(node)) ? [fieldOf(node, "object")] : [];
      case "class_heritage":
        return [node.children[1]];
      case "extends_clause":
        return [fieldOf(node, "value")];
      default:
        return [];
    }
  };
  return used().flatMap((part) => (part === undefined ? [] : [withoutWrapping(part)]));
}

/** Unwraps `(f)`, `f<T>`, `f!` and `f as T`. */
function withoutWrapping(node: SyntaxNode): SyntaxNode {
  const [inner] = partsOf(node);
  const isWrapping =
    /^(?:parenthesized|instantiation|non_null|as|satisfies)_expression$/u.test(node.name) && inner !== undefined;
  return isWrapping ? withoutWrapping(inner) : node;
}
