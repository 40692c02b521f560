/**
 * Finds JavaScript and Python that asks a value for the name of its type and decides by it: a test's double has another type than the real thing (THREATS T29).
 * The name of its own type, and a name that goes into a message, decide nothing. Pure.
 */
import { partsOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { ParsedLanguage, SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import type { Use } from "./kept-state/use.ts";

interface File {
  readonly tree: SyntaxTree;
  readonly language: ParsedLanguage;
}

export function typeNames(tree: SyntaxTree, language: ParsedLanguage): Use[] {
  const found: Use[] = [];
  const visit = (node: SyntaxNode, around: readonly SyntaxNode[]): void => {
    if (isTypeName(node, tree) && decides(node, around, { tree, language }))
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

function isTypeName(node: SyntaxNode, tree: SyntaxTree): boolean {
  if (node.name !== "MemberExpression" && node.name !== "CallExpression") return false;
  const text = sourceText(tree, node).replaceAll(/\s|\?(?=\.)/gu, "");
  return (node.name === "MemberExpression" ? chain : call).test(text) && !own.test(text);
}

/** Calls whose result says what a text is. */
const questions =
  /(?:^|\.)(?:startswith|endswith|startsWith|endsWith|includes|match|search|fullmatch|test|find|indexOf|index|count|get|has|len|ord|hash)$/u;
const passes =
  /^(?:BinaryExpression|ParenthesizedExpression|FormatReplacement|FormatString|Interpolation|TemplateString|ArgList)$/u;

/** It is compared, searched or looked up, or kept or returned as it is. `around`: the nodes that contain it, the nearest last. */
function decides(node: SyntaxNode, around: readonly SyntaxNode[], file: File): boolean {
  const { tree } = file;
  let inner = node;
  let isInText = false;
  for (const outer of around.toReversed()) {
    const isFirst = outer.children[0] === inner;
    if (isComparison(outer, tree)) return !isBuiltIn(outer, inner, file);
    // Text that is joined may be a message.
    isInText ||= outer.name === "BinaryExpression";
    if (outer.name === "MemberExpression" && !isFirst) return true;
    if (outer.name === "CallExpression" && !isFirst)
      return questions.test(sourceText(tree, outer.children[0] ?? outer).trim());
    if (outer.name === "CallExpression" && questions.test(sourceText(tree, inner).trim())) return true;
    if (
      /^(?:AssignStatement|AssignmentExpression|VariableDeclaration|ReturnStatement|ArrowFunction|LambdaExpression)$/u.test(
        outer.name,
      )
    )
      return !isInText;
    if (/^(?:Switch|Match)Statement$/u.test(outer.name)) return true;
    if (!passes.test(outer.name) && outer.name !== "MemberExpression" && outer.name !== "CallExpression") return false;
    isInText ||= /^(?:Format|Template)String$/u.test(outer.name);
    inner = outer;
  }
  return false;
}

function isComparison(node: SyntaxNode, tree: SyntaxTree): boolean {
  const [left, right] = [node.children[0], node.children.at(-1)];
  const sign = tree.text.slice(left?.to ?? 0, right?.from ?? 0).trim();
  return node.name === "BinaryExpression" && /^(?:[=!]==?|[<>]=?|(?:not\s+)?in|is(?:\s+not)?)$/u.test(sign);
}

/** Compared with the name of a type of the language. */
function isBuiltIn(comparison: SyntaxNode, inner: SyntaxNode, { tree, language }: File): boolean {
  const other = partsOf(comparison).find((part) => part !== inner && part.name === "String");
  const names = language === "python" ? pythonTypes : javascriptTypes;
  return other !== undefined && names.test(sourceText(tree, other).slice(1, -1));
}

const javascriptTypes =
  /^(?:Object|Array|Function|(?:Async|Generator|AsyncGenerator)Function|String|Number|Boolean|BigInt|Symbol|Date|RegExp|Promise|Map|Set|WeakMap|WeakSet|Buffer|ArrayBuffer|DataView|(?:Int8|Uint8|Uint8Clamped|Int16|Uint16|Int32|Uint32|Float32|Float64|BigInt64|BigUint64)Array|(?:Type|Range|Syntax|Reference|URI|Eval|Aggregate)?Error)$/u;
const pythonTypes =
  /^(?:int|float|complex|bool|str|bytes|bytearray|list|tuple|dict|set|frozenset|range|slice|object|type|function|method|module|generator|coroutine|NoneType)$/u;
