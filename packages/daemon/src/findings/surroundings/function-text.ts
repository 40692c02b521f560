/**
 * Finds JavaScript that reads the source text of its own functions, which differs where code is compiled or measured. An imported name may also be a number or a string. It counts as a function if the
 * file calls it, or converts it to a string on its own. Pure.
 */
import { childOf, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import type { Use } from "./kept-state/use.ts";

export function functionTexts(tree: SyntaxTree): Use[] {
  const { own, imported, called } = functionNames(tree);
  const found: Use[] = [];
  const isFunction = (node: SyntaxNode | undefined, isAlone: boolean): boolean => {
    if (node === undefined) return false;
    if (/^(?:FunctionExpression|ArrowFunction|ClassExpression)$/u.test(node.name)) return true;
    if (node.name === "ParenthesizedExpression") return isFunction(partsOf(node)[0], isAlone);
    const name = node.name === "VariableName" ? sourceText(tree, node) : "";
    return own.has(name) || (imported.has(name) && (called.has(name) || (isAlone && !inCapitals.test(name))));
  };
  const visit = (node: SyntaxNode): void => {
    const { parts, isAlone } = readParts(node, tree);
    if (parts.some((part) => isFunction(part, isAlone)))
      found.push({ what: "source text of a function", at: node.from });
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return found;
}

/** The name of a constant. */
const inCapitals = /^[A-Z][A-Z\d_]+$/u;

interface Read {
  readonly parts: readonly SyntaxNode[];
  /** Nothing else is in the text, which makes a number or a text no sense of. */
  readonly isAlone: boolean;
}

/** What is turned into text: `f.toString()`, `String(f)`, `f + ""`, a template. */
function readParts(node: SyntaxNode, tree: SyntaxTree): Read {
  const [callee, list] = node.children;
  const alone = (parts: readonly SyntaxNode[]): Read => ({ parts, isAlone: true });
  switch (node.name) {
    case "CallExpression":
      if (callee?.name === "VariableName" && sourceText(tree, callee) === "String") return alone(partsOf(list));
      return callee?.name === "MemberExpression" && /\.\s*toString$/u.test(sourceText(tree, callee))
        ? alone(callee.children.slice(0, 1))
        : none;
    case "BinaryExpression": {
      if (tree.text.slice(callee?.to, node.children.at(-1)?.from).trim() !== "+") return none;
      const parts = [callee, node.children.at(-1)].filter((part) => part !== undefined);
      return { parts, isAlone: parts.some((part) => /^(["'`])[\s()]*\1$/u.test(sourceText(tree, part))) };
    }
    case "TemplateString": {
      const parts = node.children
        .filter(({ name }) => name === "Interpolation")
        .flatMap(({ children }) => children.filter((child) => !/^(?:\$\{|\})$/u.test(sourceText(tree, child))));
      const isEmpty = (part: SyntaxNode) => /^(["'`])\1$/u.test(sourceText(tree, part));
      const rest = parts.reduceRight(
        (text, { from, to }) => text.slice(0, from - node.from) + text.slice(to - node.from),
        sourceText(tree, node),
      );
      const isBare = !/[^\s()`${}]/u.test(rest);
      return { parts, isAlone: isBare && parts.filter((part) => !isEmpty(part)).length === 1 };
    }
    default:
      return none;
  }
}
const none: Read = { parts: [], isAlone: false };

/** Functions and classes of the file, what it imports, and what it calls by a single name. */
function functionNames(tree: SyntaxTree): Record<"own" | "imported" | "called", ReadonlySet<string>> {
  const [own, imported, called] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const add = (node: SyntaxNode | undefined, names = own) => node !== undefined && names.add(sourceText(tree, node));
  const visit = (node: SyntaxNode): void => {
    if (/^(?:Function|Class)Declaration$/u.test(node.name)) add(childOf(node, "VariableDefinition"));
    if (node.name === "ImportDeclaration")
      for (const part of [node, childOf(node, "ImportGroup")])
        for (const child of part?.children ?? []) if (child.name === "VariableDefinition") add(child, imported);
    for (const used of usedAsFunctions(node, tree)) add(used, called);
    if (node.name === "VariableDeclaration")
      for (const [index, part] of partsOf(node).entries())
        if (/^(?:FunctionExpression|ArrowFunction|ClassExpression)$/u.test(part.name)) add(partsOf(node)[index - 2]);
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return { own, imported, called };
}

/** Methods and functions that call one of their arguments. */
const takesFunction =
  /(?:^|\.)\s*(?:map|flatMap|forEach|filter|find\w*|some|every|reduce\w*|sort|toSorted|then|catch|finally|from|replace\w*|set(?:Timeout|Interval|Immediate)|queueMicrotask)$/u;
const callsItself = /\.\s*(?:call|apply|bind)$/u;

/** What only a function or a class can be: `f(…)`, `new F`, `f.call(…)`, a tag, `extends F`, `[].map(f)`. */
function usedAsFunctions(node: SyntaxNode, tree: SyntaxTree): SyntaxNode[] {
  const [callee, list] = partsOf(node);
  const nameOf = (part: SyntaxNode | undefined) => (part === undefined ? "" : sourceText(tree, part));
  const used = (): (SyntaxNode | undefined)[] => {
    switch (node.name) {
      case "CallExpression":
        return [callee, ...(takesFunction.test(nameOf(callee)) ? partsOf(list) : [])];
      case "NewExpression":
        return [partsOf(node)[1]];
      case "MemberExpression":
        return callsItself.test(nameOf(node)) ? [callee] : [];
      case "TaggedTemplateExpression":
        return [callee];
      case "ClassDeclaration":
      case "ClassExpression": {
        const at = node.children.findIndex(({ name }) => name === "extends");
        return at === -1 ? [] : [node.children[at + 1]];
      }
      default:
        return [];
    }
  };
  return used().flatMap((part) => (part === undefined ? [] : [withoutWrapping(part, tree)]));
}

/** `(f)`, `f<T>`, `f!`, `f as T`. */
function withoutWrapping(node: SyntaxNode, tree: SyntaxTree): SyntaxNode {
  const [inner] = partsOf(node);
  const isWrapping =
    /^(?:ParenthesizedExpression|InstantiationExpression)$/u.test(node.name) ||
    (node.name === "PostfixExpression" && sourceText(tree, node).endsWith("!")) ||
    (node.name === "BinaryExpression" && node.children.some(({ name }) => name === "as" || name === "satisfies"));
  return isWrapping && inner !== undefined ? withoutWrapping(inner, tree) : node;
}
