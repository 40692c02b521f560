/**
 * Finds JavaScript that reads the source text of its own functions, which differs where code is compiled or measured. An imported name may also be a number or a string. It counts as a function if the
 * file calls it, or converts it to a string on its own. Pure.
 */
import { childOf, partsOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
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
    if (node.name === "CallExpression") add(node.children[0], called);
    if (node.name === "NewExpression") add(partsOf(node)[1], called);
    if (node.name === "VariableDeclaration")
      for (const [index, part] of partsOf(node).entries())
        if (/^(?:FunctionExpression|ArrowFunction|ClassExpression)$/u.test(part.name)) add(partsOf(node)[index - 2]);
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  for (const name of imported) if (isUsedAsFunction(name, tree.text)) called.add(name);
  return { own, imported, called };
}

const takesFunction = String.raw`\.\s*(?:map|flatMap|forEach|filter|find|some|every|reduce|sort|then|catch)|set(?:Timeout|Interval|Immediate)`;

/** Other uses that only a function or a class has: `[].map(f)`, `f.call(…)`, a tag, `extends F`, `(f)(…)`. */
function isUsedAsFunction(name: string, text: string): boolean {
  if (!/^[\w$]+$/u.test(name)) return false;
  const own = String.raw`(?<![\w$.])${name.replaceAll("$", String.raw`\$`)}(?![\w$])`;
  return new RegExp(
    String.raw`(?:${takesFunction})\s*\(\s*${own}|${own}\s*(?:\.\s*(?:call|apply|bind)\b|\x60)|\bextends\s+${own}|\(\s*${own}\s*\)\s*\(`,
    "u",
  ).test(text);
}
