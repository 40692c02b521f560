/**
 * Lists what code depends on besides its inputs (THREATS T26, T29, T30): environment, clock, chance, place, stack and loaded modules, and what it does to
 * the language's own objects. Names are read from the syntax tree, with escapes and constant expressions computed. Pure. A change that adds such a
 * dependence asks: code that behaves differently where it is checked needs one.
 */
import { lineFinder, partsOf, sourceText } from "@aedev/host/syntax/print-syntax";
import { parsedLanguageOf, readSyntax, type SyntaxNode, type SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { constantText, decodedLiteral } from "./constant-text.ts";
import { javascriptRules, pythonRules, type SurroundingRules, textRules } from "./surrounding-rules.ts";

/** One use: what it is, and its line counted from 1. */
export interface Surrounding {
  readonly what: string;
  readonly line: number;
}

const usesMax = 2_000;

/** Every use in the order of the text. Throws `UnreadableText` beyond the parser's bounds. */
export function surroundingsIn(path: string, text: string): Surrounding[] {
  const language = parsedLanguageOf(path);
  if (language === null) return byText(path, text);
  const tree = readSyntax(withoutNameEscapes(text), path);
  const rules = language === "python" ? pythonRules : javascriptRules;
  const found: Surrounding[] = [];
  const lineOf = lineFinder(tree.text);
  const visit = (node: SyntaxNode, parent: SyntaxNode | null): void => {
    if (found.length >= usesMax) return;
    const what = useOf(node, { parent, tree, rules });
    if (what !== null) found.push({ what, line: lineOf(node.from) });
    // The parts of a chain that was counted are the same use, and those of a plain one are plain.
    const isDone = node.name === "MemberExpression" && (what !== null || isPlain(node, { parent, tree, rules }));
    for (const child of node.children) if (!isDone || child !== node.children[0]) visit(child, node);
  };
  visit(tree.root, null);
  return found;
}

/** Uses of `after` that `before` does not have as often: what a change adds. Moved code adds nothing if all its files are given together. */
export function addedSurroundings<S extends Surrounding>(before: readonly Surrounding[], after: readonly S[]): S[] {
  const left = new Map<string, number>();
  for (const { what } of before) left.set(what, (left.get(what) ?? 0) + 1);
  return after.filter(({ what }) => {
    const count = left.get(what) ?? 0;
    left.set(what, count - 1);
    return count <= 0;
  });
}

interface Place {
  parent: SyntaxNode | null;
  tree: SyntaxTree;
  rules: SurroundingRules;
}

function useOf(node: SyntaxNode, place: Place): string | null {
  const { tree, rules } = place;
  switch (node.name) {
    case "VariableName":
      if (place.parent?.name === "FunctionDefinition") return definitionUse(node, place);
      return chainUse(node, place);
    case "MemberExpression":
      return chainUse(node, place);
    case "CallExpression":
      return loadUse(node, place);
    case "AssignmentExpression":
    case "AssignStatement":
    case "UpdateStatement":
      return writeUse(node, place);
    case "PropertyDefinition":
    case "PropertyName":
    case "PrivatePropertyName":
      return definitionUse(node, place);
    case "ImportStatement":
    case "ImportDeclaration":
      return rules.imports(sourceText(tree, node));
    case "String":
    case "TemplateString":
    case "FormatString":
    case "BinaryExpression":
      return stringUse(node, place);
    default:
      return null;
  }
}

/** `require("os")`, `import("os")`. */
function loadUse(node: SyntaxNode, { tree, rules }: Place): string | null {
  const [callee, list] = node.children;
  const name = callee === undefined ? "" : sourceText(tree, callee);
  if (list === undefined || (name !== "require" && name !== "import" && name !== "__import__")) return null;
  const module = constantText(argumentsOf(list)[0], tree);
  return module === null ? `${name}([…])` : rules.imports(`import "${module}"`);
}

/** `Object.is = …`: the language's own objects are everybody's. */
function writeUse(node: SyntaxNode, { tree, rules }: Place): string | null {
  const [target] = node.children;
  const chain = target === undefined ? null : chainOf(target, tree);
  return chain !== null && rules.shared.test(chain) ? `${chain} = …` : null;
}

function argumentsOf(list: SyntaxNode): SyntaxNode[] {
  return partsOf(list).filter(({ name }) => !/^[(),]$/u.test(name));
}

/** A letter of a name can be written as an escape, which the grammar does not read. In a string it means the same. */
function withoutNameEscapes(text: string): string {
  return text.replace(/\\u(?:\{0*([0-9a-fA-F]{2})\}|00([0-9a-fA-F]{2}))/gu, (written, short, long) => {
    const letter = String.fromCharCode(Number.parseInt(short ?? long, 16));
    return /[\w$]/u.test(letter) ? letter : written;
  });
}

/** A method that decides how values compare. */
function definitionUse(node: SyntaxNode, { tree, rules }: Place): string | null {
  const name = decodedLiteral(sourceText(tree, node));
  return rules.definitions.test(name) ? name : null;
}

/** `process.env.CI`, `globalThis["proc" + "ess"]`, `new Date()`. A computed name that is not constant is `[…]`. */
function chainUse(node: SyntaxNode, { parent, tree, rules }: Place): string | null {
  if (node.name === "VariableName" && parent?.name === "VariableDefinition") return null;
  const chain = variableRead(chainOf(node, tree), parent, tree);
  if (chain === null || isPlain(node, { parent, tree, rules })) return null;
  const found = rules.chains.find((rule) => rule.test(chain));
  if (found === undefined) return null;
  if (chain === "Date") return isDateOfNow(parent, tree) ? "new Date()" : null;
  return chain;
}

/** `process.env.TZ = "UTC"` depends on nothing either, but Node's own variables decide how processes run. */
function isPlain(node: SyntaxNode, { parent, tree, rules }: Place): boolean {
  const chain = variableRead(chainOf(node, tree), parent, tree) ?? "";
  const isWritten = parent?.name === "AssignmentExpression" && parent.children[0] === node;
  return (
    rules.plain.some((rule) => rule.test(chain)) ||
    (isWritten && /^process\.env\.(?!NODE|npm)[A-Za-z_]\w*$/u.test(chain))
  );
}

/** `os.getenv("X")` reads the same as `os.environ["X"]`. */
function variableRead(chain: string | null, parent: SyntaxNode | null, tree: SyntaxTree): string | null {
  if (chain !== "os.getenv" && chain !== "os.environ.get") return chain;
  const list = parent?.children.find(({ name }) => name === "ArgList");
  const name = list === undefined ? null : constantText(argumentsOf(list)[0], tree);
  return name === null ? chain : `os.environ.${name}`;
}

function isDateOfNow(parent: SyntaxNode | null, tree: SyntaxTree): boolean {
  if (parent === null || (parent.name !== "NewExpression" && parent.name !== "CallExpression"))
    return parent?.name !== "MemberExpression" && parent?.name !== "BinaryExpression";
  const list = parent.children.find(({ name }) => name === "ArgList");
  return list === undefined || sourceText(tree, list).replace(/\s/gu, "") === "()";
}

function chainOf(node: SyntaxNode, tree: SyntaxTree): string | null {
  if (node.name === "VariableName" || node.name === "this") return decodedLiteral(sourceText(tree, node));
  if (node.name === "CallExpression") {
    const [callee, list] = node.children;
    const called = callee === undefined ? null : chainOf(callee, tree);
    if (called === null) return null;
    const first = list === undefined ? null : constantText(argumentsOf(list)[0], tree);
    return `${called}(${first ?? ""})`;
  }
  if (node.name !== "MemberExpression")
    return node.name === "ParenthesizedExpression" && partsOf(node)[0] !== undefined
      ? chainOf(partsOf(node)[0] as SyntaxNode, tree)
      : "?";
  const [owner] = node.children;
  const last = node.children.at(-1);
  const own = owner === undefined ? null : chainOf(owner, tree);
  if (own === null || last === undefined) return null;
  if (last.name === "PropertyName" || last.name === "PrivatePropertyName")
    return `${own}.${decodedLiteral(sourceText(tree, last))}`;
  const key = partsOf(node)
    .filter((part) => part !== owner && !/^[[\].?]+$/u.test(part.name))
    .at(0);
  return `${own}.${constantText(key, tree) ?? "[…]"}`;
}

/** A path of the machine, or a name that only a test's surroundings have, in a string. */
function stringUse(node: SyntaxNode, { parent, tree, rules }: Place): string | null {
  // Only the outermost piece of a joined text counts.
  if (parent?.name === "BinaryExpression" && constantText(parent, tree) !== null) return null;
  const text = constantText(node, tree);
  const found = text === null ? undefined : rules.strings.exec(text)?.[0];
  return found === undefined ? null : `"${found}"`;
}

function byText(path: string, text: string): Surrounding[] {
  const rules = textRules.find(({ files }) => files.test(path))?.uses;
  if (rules === undefined) return [];
  return text.split("\n").flatMap((line, index) => {
    const code = line.replace(/\/\/.*$/u, "").slice(0, usesMax);
    return [...code.matchAll(rules)].map(([what]) => ({ what: what.replace(/\s+/gu, " "), line: index + 1 }));
  });
}
