/**
 * Finds JavaScript and Python that asks a value for the name of its type and decides by it: a test's double has another type than the real thing (SECURITY T29).
 * The name of its own type, and a name that goes into a message, decide nothing. Pure.
 */
import { isVariable } from "@aedev/languages/python/python-syntax";
import { childOf, fieldOf, partsOf, sourceText, textsOf } from "@aedev/languages/tree/print-syntax";
import type { ParsedLanguage, SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import type { Use } from "./kept-state/use.ts";

interface File {
  readonly tree: SyntaxTree;
  readonly language: ParsedLanguage;
  /** Whether a variable with the name is compared, as `isUsed` finds out; true without looking for those over `followedMax`. */
  readonly follow: (isUsed: () => boolean) => boolean;
}

/** Names that are followed to a variable, which reads the whole file for each; any other one asks. */
const followedMax = 100;

export function typeNames(tree: SyntaxTree, language: ParsedLanguage): Use[] {
  let followed = 0;
  const follow = (isUsed: () => boolean) => {
    followed += 1;
    return followed > followedMax || isUsed();
  };
  const file = { tree, language, follow };
  const found: Use[] = [];
  const visit = (node: SyntaxNode, around: readonly SyntaxNode[]): void => {
    if (takesName(node, tree) || (isTypeName(node, file) && decides(node, around, file)))
      found.push({ what: `a type's name: ${sourceText(tree, node).slice(0, 80)}`, at: node.from });
    for (const child of node.children) visit(child, [...around, node]);
  };
  visit(tree.root, []);
  return found;
}

const chain = /\.constructor\.name$|(?:^type\(.*\)|\.__class__)\.__(?:name|qualname|module)__$/su;
const call = /^(?:str|repr)\(type\(.*\)\)$/su;
const own =
  /^(?:(?:str|repr)\(type\((?:self|cls)\)\)|(?:type\((?:self|cls)\)|(?:self|cls)\.__class__)\.__\w+__|this\.constructor\.name)$/u;

function isTypeName(node: SyntaxNode, { tree, language }: File): boolean {
  if (!isMember(node) && !isCall(node)) return false;
  const written = sourceText(tree, node).replaceAll(/\s|\?(?=\.)/gu, "");
  const text =
    language === "python"
      ? written.replace(/^getattr\((.*),["'](__\w+__)["'](?:,.*)?\)$/su, "$1.$2")
      : written.replaceAll(/\[["'`](\w+)["'`]\]/gu, ".$1");
  return (chain.test(text) || call.test(text)) && !own.test(text);
}

const isMember = ({ name }: SyntaxNode) => /^(?:MemberExpression|attribute|subscript)$/u.test(name);
const isCall = ({ name }: SyntaxNode) => name === "CallExpression" || name === "call";
const isJoining = ({ name }: SyntaxNode) => /^(?:BinaryExpression|binary_operator|boolean_operator)$/u.test(name);

/** `const { name } = x.constructor` */
function takesName({ children }: SyntaxNode, tree: SyntaxTree): boolean {
  return children.some((pattern, at) => {
    const value = children[at + 2];
    const isConstructor = value !== undefined && /(?<!^this\??)\.constructor$/u.test(sourceText(tree, value));
    const properties = pattern.name === "ObjectPattern" ? partsOf(pattern) : [];
    return isConstructor && properties.some(({ children: [key] }) => key && sourceText(tree, key) === "name");
  });
}

/** Calls whose result says what a text is. */
const questions =
  /(?:^|\.)(?:startswith|endswith|startsWith|endsWith|includes|match|search|fullmatch|test|find|indexOf|index|count|get|has|len|ord|hash)$/u;
const passes =
  /^(?:BinaryExpression|ParenthesizedExpression|Interpolation|TemplateString|ArgList|binary_operator|boolean_operator|parenthesized_expression|interpolation|string|argument_list|keyword_argument)$/u;

/** A variable that has the name, as it is or within a text. */
interface Variable {
  readonly name: string;
  readonly scope: SyntaxNode;
}

/** It is compared, searched or looked up, or kept or returned as it is, or in a variable that is. `around`: the nodes that contain it, the nearest last. */
function decides(node: SyntaxNode, around: readonly SyntaxNode[], file: File): boolean {
  const { tree } = file;
  let inner = node;
  let isInText = false;
  for (const outer of around.toReversed()) {
    const isFirst = outer.children[0] === inner;
    if (isComparison(outer, tree)) return !isBuiltIn(outer, inner, file);
    // Text that is joined may be a message.
    isInText ||= isJoining(outer);
    if (isMember(outer) && !isFirst) return true;
    if (isCall(outer) && !isFirst) {
      const callee = outer.children[0] ?? outer;
      if (questions.test(sourceText(tree, callee).trim())) return true;
      return (
        /^(?:VariableName|identifier)$/u.test(callee.name) &&
        file.follow(() => isCompared(parameterOf(outer, node, file), file))
      );
    }
    if (isCall(outer) && questions.test(sourceText(tree, inner).trim())) return true;
    if (
      /^(?:AssignmentExpression|VariableDeclaration|ParamList|ReturnStatement|ArrowFunction|assignment|named_expression|(?:lambda_)?parameters|return_statement|lambda)$/u.test(
        outer.name,
      )
    ) {
      const target = isInText ? variableOf(outer, inner, { around, tree }) : null;
      return target === null ? !isInText : file.follow(() => isCompared(target, file));
    }
    if (/^(?:SwitchStatement|match_statement)$/u.test(outer.name)) return true;
    if (!passes.test(outer.name) && !isMember(outer) && !isCall(outer)) return false;
    isInText ||= /^(?:TemplateString|string)$/u.test(outer.name);
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
  const target = children.slice(0, children.indexOf(value)).findLast(({ name }) => variable.test(name));
  const scope = around.findLast(({ name }) => isFunction.test(name)) ?? tree.root;
  return target === undefined ? null : { name: sourceText(tree, target), scope };
}
const variable = /^(?:Variable(?:Name|Definition)|identifier)$/u;
const isFunction = /^(?:(?:Function|Method|Arrow)\w*|function_definition|lambda)$/u;

/** The parameter of the file's own function that gets an argument. */
function parameterOf({ children: [callee, list] }: SyntaxNode, value: SyntaxNode, { tree }: File): Variable | null {
  if (callee === undefined) return null;
  const at = list?.children.filter(({ name, to }) => name === "," && to <= value.from).length ?? 0;
  const find = (node: SyntaxNode): SyntaxNode | undefined => {
    const [first, second, third, fourth] = node.children;
    const defined = isFunction.test(node.name)
      ? (fieldOf(node, "name") ?? second)
      : /^(?:const|let|var)$/u.test(first?.name ?? "")
        ? second
        : undefined;
    const isIt =
      defined !== undefined && variable.test(defined.name) && sourceText(tree, defined) === sourceText(tree, callee);
    if (isIt) return third?.name === "Equals" ? fourth : node;
    for (const child of node.children) {
      const found = find(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const scope = find(tree.root);
  const parameters = scope === undefined ? undefined : childOf(scope, "ParamList", "parameters");
  if (scope === undefined || parameters === undefined) return null;
  const parameter = parameters.children.find(
    ({ name, field, from }) =>
      variable.test(name) &&
      field !== "value" &&
      parameters.children.filter((one) => one.name === "," && one.to <= from).length === at,
  );
  return parameter === undefined ? null : { name: sourceText(tree, parameter), scope };
}

/** It is compared with a text that is written there, or searched for one. */
function isCompared(followed: Variable | null, file: File): boolean {
  if (followed === null) return false;
  const { tree } = file;
  const visit = (node: SyntaxNode, outer: SyntaxNode, method: SyntaxNode): boolean => {
    if ((node.name === "VariableName" || isVariable(node)) && sourceText(tree, node) === followed.name) {
      if (/^(?:SwitchStatement|match_statement)$/u.test(outer.name)) return true;
      if (isComparison(outer, tree))
        return [...textsOf(tree, outer, /^[Ss]tring$/u)].some((text) => !isNameOfBuiltIn(text, file));
      if (questions.test(sourceText(tree, outer)) && partsOf(method.children[1]).some(isText)) return true;
    }
    return node.children.some((child) => visit(child, node, outer));
  };
  return followed.scope.children.some((child) => visit(child, followed.scope, followed.scope));
}
const isText = ({ name }: SyntaxNode) => name === "String" || name === "string";

function isComparison(node: SyntaxNode, tree: SyntaxTree): boolean {
  if (node.name === "comparison_operator") return true;
  const [left, right] = [node.children[0], node.children.at(-1)];
  const sign = tree.text.slice(left?.to ?? 0, right?.from ?? 0).trim();
  return node.name === "BinaryExpression" && /^(?:[=!]==?|[<>]=?|in)$/u.test(sign);
}

/** Compared with the name of a type of the language. */
function isBuiltIn(comparison: SyntaxNode, inner: SyntaxNode, file: File): boolean {
  const other = partsOf(comparison).find((part) => part !== inner && isText(part));
  return other !== undefined && isNameOfBuiltIn(sourceText(file.tree, other), file);
}

/** `text`: with its quotes. */
function isNameOfBuiltIn(text: string, { language }: File): boolean {
  return (language === "python" ? pythonTypes : javascriptTypes).test(text.slice(1, -1));
}

const javascriptTypes =
  /^(?:Object|Array|Function|(?:Async|Generator|AsyncGenerator)Function|String|Number|Boolean|BigInt|Symbol|Date|RegExp|Promise|Map|Set|WeakMap|WeakSet|Buffer|ArrayBuffer|DataView|(?:Int8|Uint8|Uint8Clamped|Int16|Uint16|Int32|Uint32|Float32|Float64|BigInt64|BigUint64)Array|(?:Type|Range|Syntax|Reference|URI|Eval|Aggregate)?Error)$/u;
const pythonTypes =
  /^(?:int|float|complex|bool|str|bytes|bytearray|list|tuple|dict|set|frozenset|range|slice|object|type|function|method|module|generator|coroutine|NoneType)$/u;
