/**
 * Reads JavaScript and TypeScript and corrects the tree where the grammars differ from engines and the compiler. Code that they don't know or group wrongly is
 * replaced for parsing by other text of the same length, so that the tree has the original offsets.
 */
import { type Grammar, parseText } from "./grammars.ts";
import { isComment, nodesIn, textOf } from "./print-syntax.ts";
import { type SyntaxNode, type SyntaxTree, textAround } from "./syntax-node.ts";

/** Rare code that engines read differently counts as an error. */
export function readJavaScript(text: string, path: string): SyntaxTree {
  const grammar = grammarOf(path);
  const named = text.replaceAll(usingAlone, (found) => "_".repeat(found.length));
  const known = grammar === "javascript" ? named : withKnownForms(named);
  const first = parseText(known, grammar, undefined, text);
  const marks = misgrouped(first.root, known);
  const tree = marks.length === 0 ? first : parseText(withMarks(known, marks), grammar, undefined, text);
  [tree.root = tree.root] = mended(tree.root);
  for (const node of nodesIn(tree.root)) if (isMisread(node)) tree.errors.push(textAround(text, node));
  return tree;
}

function grammarOf(path: string): Grammar {
  if (/\.[cm]?ts$/iu.test(path)) return "typescript";
  return /\.tsx$/iu.test(path) ? "tsx" : "javascript";
}

/** Code that concerns only types: `f<typeof import("a")>(b)`, `export type * from`, `export default abstract class {`, `<out T>`. */
const typeForms = [
  /<\s*(?:typeof\s+)?import\(\s*(?:"[^"\n]*"|'[^'\n]*')\s*\)[\w\s.]*>(?=\s*\()/gu,
  /(?<=\bexport\s+)type(?=\s*\*)/gu,
  /(?<=\bexport\s+default\s+)abstract(?=\s+class\s*(?:\{|extends\b|implements\b))/gu,
  /(?<=[<,]\s*)(?:in[ \t]+out|in|out)(?=[ \t]+[A-Z]\w*\s*(?:[,>=]|extends\b))/gu,
];
const lineEnd = /[\n\r\u2028\u2029]/u;
/** A `using` at the end of its line, maybe before a comment, declares nothing, but the grammars take the next line for its declaration. */
const usingAlone =
  /\busing\b(?=(?:[^\S\n\r\u2028\u2029]|\/\*(?:(?!\*\/)[^\n\r\u2028\u2029])*\*\/)*(?:\/\/|\/\*(?:(?!\*\/)[^\n\r\u2028\u2029])*[\n\r\u2028\u2029]|[\n\r\u2028\u2029]))/gu;
/** Names that the grammar takes for keywords. */
const plainNames =
  /\busing\b(?!\s+[\w$]+\s*=)|(?<=[[,]\s*)(?:any|boolean|never|number|object|string|symbol|unknown)(?=\s*\??:)|\btype(?=\s+in\s+keyof\b)/gu;

function withKnownForms(text: string): string {
  const untyped = typeForms.reduce((one, form) => one.replaceAll(form, (found) => found.replaceAll(/\S/gu, " ")), text);
  return untyped.replaceAll(plainNames, (found) => "_".repeat(found.length));
}

interface Mark {
  readonly from: number;
  readonly mark: string;
}

/** Replacements for `a + b!`, which the grammar reads as `(a + b)!`, and for `await (a)(b)`, which it reads as a call of `await`; `void` groups alike. */
function misgrouped(root: SyntaxNode, text: string): Mark[] {
  const found: Mark[] = [];
  for (const { name, from, to } of nodesIn(root)) {
    if (name === "non_null_expression") found.push({ from: to - 1, mark: " " });
    if (name === "identifier" && text.slice(from, to) === "await") found.push({ from, mark: "void " });
  }
  return found.toSorted((one, other) => one.from - other.from);
}

function withMarks(text: string, marks: readonly Mark[]): string {
  let at = 0;
  const pieces = marks.flatMap(({ from, mark }) => {
    const before = text.slice(at, from);
    at = from + mark.length;
    return [before, mark];
  });
  return [...pieces, text.slice(at)].join("");
}

const isChain = /^(?:member|subscript|call)_expression$/u;
const isLoose = /^(?:await|unary|as|satisfies)_expression$/u;

/** A node, followed by the comments from its end; nothing for an empty statement. */
function mended(node: SyntaxNode): SyntaxNode[] {
  const { name, field, to } = node;
  if (name === "empty_statement" && field === undefined) return [];
  // Keywords for types have the names of literals.
  if (name === "predefined_type") return [{ ...node, children: [] }];
  const found = node.children.map((child) => mended(child));
  const isSame = name !== "class_body" && found.every((one, at) => one.length === 1 && one[0] === node.children[at]);
  const all = isSame ? node.children : found.flat();
  const end = all.findLastIndex((child) => !isComment(child)) + 1;
  if (name === "class_body") return [{ ...node, children: withDecorators(all) }];
  if (end === all.length || end === 0 || name === "program")
    return [regrouped(isSame ? node : { ...node, children: all })];
  const children = all.slice(0, end);
  return [regrouped({ ...node, to: children.at(-1)?.to ?? to, children }), ...all.slice(end)];
}

function regrouped(node: SyntaxNode): SyntaxNode {
  const { name, from, to, children } = node;
  const [first, ...rest] = children;
  const operand = first?.children.at(-1);
  if (first === undefined) return node;
  if (first.name === "void" && node.tree.text.startsWith("await", from))
    return { ...node, name: "await_expression", children: [{ ...first, name: "await" }, ...rest] };
  const using = name === "expression_statement" ? usingIn(first) : undefined;
  if (using !== undefined) return { ...node, name: "using_declaration", children: [using, ...rest] };
  if (!isChain.test(name) || !isLoose.test(first.name) || operand === undefined) return node;
  // The grammar reads `await a<B>(c)` as a call of `await a`, and `a as B.C.D` as a member of `a as B.C`.
  const { field: _, ...chain } = node;
  const given = operand.field === undefined ? {} : { field: operand.field };
  const begin = first.field === undefined ? operand : { ...operand, field: first.field };
  const inner = { ...chain, ...given, from: operand.from, children: [begin, ...rest] };
  const isCast = /^(?:as|satisfies)_/u.test(first.name);
  const type = { name: "nested_type_identifier", from: operand.from, to, children: [], tree: node.tree };
  const last = isCast ? type : inner;
  return { ...node, name: first.name, children: [...first.children.slice(0, -1), last] };
}

/** The declaration in `using a = b`, which TypeScript's grammar takes for an assignment. */
function usingIn(node: SyntaxNode): SyntaxNode | undefined {
  const assignment = node.name === "await_expression" ? node.children[1] : node;
  const [using, left, equals, right] = assignment?.children ?? [];
  if (using?.name !== "using" || left === undefined || equals === undefined || right === undefined) return undefined;
  const children = [{ ...left, field: "name" }, equals, { ...right, field: "value" }];
  return { name: "variable_declarator", from: left.from, to: right.to, children, tree: node.tree };
}

/** Moves decorators into their member, where JavaScript's grammar has them; TypeScript's has them before it. */
function withDecorators(members: readonly SyntaxNode[]): SyntaxNode[] {
  let decorators: SyntaxNode[] = [];
  return members.flatMap((member) => {
    if (member.name === "decorator" || (decorators.length > 0 && isComment(member))) {
      decorators.push(member);
      return [];
    }
    const before = decorators;
    decorators = [];
    return [{ ...member, from: before[0]?.from ?? member.from, children: [...before, ...member.children] }];
  });
}

/** Nodes with a keyword that a line end would separate from the code after it. */
const onOneLine =
  /^(?:(?:return|break|continue)_statement|yield_expression|(?:ambient|interface|type_alias|abstract_class)_declaration|(?:internal_)?module)$/u;

/** Whether an engine may read a node differently: `a <!--b` is a comment in a script, and line ends can end a statement or not. */
function isMisread({ name, from, to, children, tree: { text } }: SyntaxNode): boolean {
  if (name === "<") return text.startsWith("<!--", from);
  // A comment with a line end separates the operand from `++` or `--`.
  if (name === "update_expression")
    return children.slice(1, -1).some((one) => isComment(one) && lineEnd.test(textOf(one)));
  if (/^(?:public_)?field_definition$/u.test(name)) {
    const isOpen = /(?:^|\s)(?:get|set|static|accessor)$/u.test(text.slice(Math.max(from, to - 10), to));
    return isOpen && /^\s*[^\s;}]/u.test(text.slice(to));
  }
  if (!onOneLine.test(name)) return false;
  const value = children.find((one, at) => at > 0 && !isComment(one) && one.name !== ";");
  return value !== undefined && lineEnd.test(text.slice(children[0]?.to, value.from));
}
