/**
 * Finds JavaScript and Python that decides by the name of a value's type, because a test double has another type than the real object (SECURITY T29). The name
 * of an object's own type and a name in a message decide nothing. Pure.
 */

import { fieldOf, partsOf, signOf, textOf, textsOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";
import { isAnyFunction, isAnyMember, isVariable } from "./member-chain.ts";
import type { Use } from "./use.ts";

/** The differences between the languages. */
export interface TypeNameForm {
  /** Writes a chain without blanks in one form, with `["name"]` as `.name`. */
  readonly plainChain: (text: string) => string;
  readonly parametersOf: (definition: SyntaxNode) => readonly SyntaxNode[];
  /** Names of the language's own types. */
  readonly builtIns: RegExp;
}
interface File {
  readonly tree: SyntaxTree;
  readonly form: TypeNameForm;
  /** Runs `isUsed`, which tells whether a variable with the type's name is compared; beyond `followedMax` it returns true at once. */
  readonly follow: (isUsed: () => boolean) => boolean;
}

/** Following a name to a variable reads the whole file, so any name beyond this number asks. */
const followedMax = 100;

export function typeNames(tree: SyntaxTree, form: TypeNameForm): Use[] {
  let followed = 0;
  const follow = (isUsed: () => boolean) => {
    followed += 1;
    return followed > followedMax || isUsed();
  };
  const file = { tree, form, follow };
  const found: Use[] = [];
  const visit = (node: SyntaxNode, around: readonly SyntaxNode[]): void => {
    if (takesName(node) || (isTypeName(node, file) && decides(node, around, file)))
      found.push({ what: `a type's name: ${textOf(node).slice(0, 80)}`, at: node.from });
    for (const child of node.children) visit(child, [...around, node]);
  };
  visit(tree.root, []);
  return found;
}

const chain = /\.constructor\.name$|(?:^type\(.*\)|\.__class__)\.__(?:name|qualname|module)__$/su;
const call = /^(?:str|repr)\(type\(.*\)\)$/su;
const own =
  /^(?:(?:str|repr)\(type\((?:self|cls)\)\)|(?:type\((?:self|cls)\)|(?:self|cls)\.__class__)\.__\w+__|this\.constructor\.name)$/u;

function isTypeName(node: SyntaxNode, { form }: File): boolean {
  if (!isAnyMember(node) && !isCall(node)) return false;
  const text = form.plainChain(textOf(node).replaceAll(/\s|\?(?=\.)/gu, ""));
  return (chain.test(text) || call.test(text)) && !own.test(text);
}

const isCall = ({ name }: SyntaxNode) => name === "call_expression" || name === "call";
const isJoining = ({ name }: SyntaxNode) => /^(?:binary_(?:expression|operator)|boolean_operator)$/u.test(name);

/** Whether a node takes the name by a pattern: `const { name } = x.constructor`. */
function takesName(node: SyntaxNode): boolean {
  const pattern = fieldOf(node, "name") ?? fieldOf(node, "left");
  const value = fieldOf(node, "value") ?? fieldOf(node, "right");
  const isConstructor = value !== undefined && /(?<!^this\??)\.constructor$/u.test(textOf(value));
  const properties = isConstructor && pattern?.name === "object_pattern" ? partsOf(pattern) : [];
  return properties.some((one) => textOf(fieldOf(one, "key") ?? fieldOf(one, "left") ?? one) === "name");
}

/** Calls whose result depends on what a text says. */
const questions =
  /(?:^|\.)(?:startswith|endswith|startsWith|endsWith|includes|match|search|fullmatch|test|find|indexOf|index|count|get|has|len|ord|hash)$/u;
const passes =
  /^(?:binary_expression|template_(?:substitution|string)|arguments|binary_operator|boolean_operator|parenthesized_expression|interpolation|string|argument_list|keyword_argument)$/u;

/** A variable that holds the type's name, alone or inside a text. */
interface Variable {
  readonly name: string;
  readonly scope: SyntaxNode;
}

/** Whether code compares, searches, looks up, keeps or returns the name, or a variable that holds it. `around`: the nodes that contain it, the nearest last. */
function decides(node: SyntaxNode, around: readonly SyntaxNode[], file: File): boolean {
  const { tree } = file;
  let inner = node;
  let isInText = false;
  for (const outer of around.toReversed()) {
    const isFirst = outer.children[0] === inner;
    if (isComparison(outer)) return !isBuiltIn(outer, inner, file);
    // A joined text may be a message.
    isInText ||= isJoining(outer);
    if (isAnyMember(outer) && !isFirst) return true;
    if (isCall(outer) && !isFirst) {
      const callee = outer.children[0] ?? outer;
      if (questions.test(textOf(callee).trim())) return true;
      return callee.name === "identifier" && file.follow(() => isCompared(parameterOf(outer, node, file), file));
    }
    if (isCall(outer) && questions.test(textOf(inner).trim())) return true;
    if (
      /^(?:assignment_expression|variable_declarator|formal_parameters|(?:assignment|required|optional)_(?:pattern|parameter)|arrow_function|assignment|named_expression|(?:lambda_)?parameters|return_statement|lambda)$/u.test(
        outer.name,
      )
    ) {
      const target = isInText ? variableOf(outer, inner, { around, tree }) : null;
      return target === null ? !isInText : file.follow(() => isCompared(target, file));
    }
    if (/^(?:switch|match)_statement$/u.test(outer.name)) return true;
    if (!passes.test(outer.name) && !isAnyMember(outer) && !isCall(outer)) return false;
    isInText ||= /^(?:template_)?string$/u.test(outer.name);
    inner = outer;
  }
  return false;
}

/** The variable that gets a value. */
function variableOf(
  { children }: SyntaxNode,
  value: SyntaxNode,
  { around, tree }: { around: readonly SyntaxNode[]; tree: SyntaxTree },
): Variable | null {
  const target = children
    .slice(0, children.indexOf(value))
    .findLast(({ name, field }) => name === "identifier" && field !== "parameter");
  const scope = around.findLast(isAnyFunction) ?? tree.root;
  return target === undefined ? null : { name: textOf(target), scope };
}

/** The parameter of the file's own function that gets an argument. */
function parameterOf(
  { children: [callee, list] }: SyntaxNode,
  value: SyntaxNode,
  { tree, form }: File,
): Variable | null {
  if (callee === undefined) return null;
  const at = list?.children.filter(({ name, to }) => name === "," && to <= value.from).length ?? 0;
  const find = (node: SyntaxNode): SyntaxNode | undefined => {
    const isNamed = isAnyFunction(node) || node.name === "variable_declarator";
    const name = isNamed ? fieldOf(node, "name") : undefined;
    if (name !== undefined && textOf(name) === textOf(callee)) return fieldOf(node, "value") ?? node;
    for (const child of node.children) {
      const found = find(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const scope = find(tree.root);
  if (scope === undefined) return null;
  const parameter = form.parametersOf(scope)[at];
  return parameter === undefined ? null : { name: textOf(parameter), scope };
}

/** Whether code compares a variable with a literal string or searches it for one. */
function isCompared(followed: Variable | null, file: File): boolean {
  if (followed === null) return false;

  const visit = (node: SyntaxNode, outer: SyntaxNode, method: SyntaxNode): boolean => {
    if (isVariable(node) && textOf(node) === followed.name) {
      if (/^(?:switch|match)_statement$/u.test(outer.name)) return true;
      if (isComparison(outer)) return [...textsOf(outer, /^string$/u)].some((text) => !isNameOfBuiltIn(text, file));
      if (questions.test(textOf(outer)) && partsOf(method.children[1]).some(isText)) return true;
    }
    return node.children.some((child) => visit(child, node, outer));
  };
  return followed.scope.children.some((child) => visit(child, followed.scope, followed.scope));
}
const isText = ({ name }: SyntaxNode) => name === "string";

function isComparison(node: SyntaxNode): boolean {
  return node.name === "comparison_operator" || /^(?:[=!]==?|[<>]=?|in)$/u.test(signOf(node) ?? "");
}

/** Whether a comparison is with the name of a built-in type. */
function isBuiltIn(comparison: SyntaxNode, inner: SyntaxNode, file: File): boolean {
  const other = partsOf(comparison).find((part) => part !== inner && isText(part));
  return other !== undefined && isNameOfBuiltIn(textOf(other), file);
}

/** `text`: a string with its quotes. */
function isNameOfBuiltIn(text: string, { form }: File): boolean {
  return form.builtIns.test(text.slice(1, -1));
}
