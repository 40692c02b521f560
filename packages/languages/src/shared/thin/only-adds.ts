/**
 * Tells whether a change of a test file only adds whole tests: every old member of the file, its classes and its groups is still there, unchanged and in
 * order, and no new one acts on another test. A text with an error counts as more than that. Pure; the text is hostile.
 */
import { fieldOf, isComment, printSyntax, textOf, textsOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";
import { allWords } from "../mentioned-names.ts";
import type { TestForm } from "./test-form.ts";

/** A statement or a class member, with the comments before it that a tool may read. */
interface Member {
  readonly comments: readonly string[];
  /** Null if only comments follow, at the end. */
  readonly node: SyntaxNode | null;
  readonly print: string;
}

export function onlyAddsTests(form: TestForm, before: SyntaxTree, after: SyntaxTree): boolean {
  if (before.errors.length + after.errors.length > 0) return false;
  const words = new Set(allWords(before.text));
  return isLonger(before.root, after.root, { form, words });
}

interface Versions {
  readonly form: TestForm;
  /** All words of the old version. */
  readonly words: ReadonlySet<string>;
}

const groupsMax = 20;

function isLonger(old: SyntaxNode, young: SyntaxNode, versions: Versions, depth = 0): boolean {
  const kept = membersOf(old);
  let at = 0;
  for (const member of membersOf(young)) {
    const expected = kept[at];
    if (expected !== undefined && (isSame(expected, member) || isGrown(expected, member, versions, depth))) at += 1;
    // The interpreter may read the first comments of a file.
    else if ((depth === 0 && at === 0 && member.comments.length > 0) || !isAddition(member, versions)) return false;
  }
  return at === kept.length;
}

function isSame(old: Member, young: Member): boolean {
  return old.print === young.print && old.comments.join("\n") === young.comments.join("\n");
}

/** Whether two versions of a class or group have the same head and the new one only has more members. */
function isGrown(old: Member, young: Member, versions: Versions, depth: number): boolean {
  const [before, after] = [bodyOf(versions.form, old.node), bodyOf(versions.form, young.node)];
  if (old.node === null || young.node === null || before === undefined || after === undefined) return false;
  const heads = [headOf(old.node, before), headOf(young.node, after)];
  const isSameHead = heads[0] === heads[1] && old.comments.join("\n") === young.comments.join("\n");
  return isSameHead && depth < groupsMax && isLonger(before, after, versions, depth + 1);
}

const headOf = (node: SyntaxNode, body: SyntaxNode) => printSyntax(node, new Set(body.children));

function bodyOf(form: TestForm, node: SyntaxNode | null): SyntaxNode | undefined {
  if (node === null || !form.groups.test(form.labelOf(node) ?? node.name)) return undefined;
  return fieldOf(fieldOf(node, "block") ?? node, "body");
}

/** Comments that a tool may read. */
const toolComment = /^#!|@\s*\w|[:=]/u;

function membersOf(body: SyntaxNode): Member[] {
  const members: Member[] = [];
  let comments: string[] = [];
  for (const node of body.children) {
    if (isComment(node)) {
      const text = textOf(node);
      if (toolComment.test(text)) comments.push(text);
    } else if (!/^[{};]$/u.test(node.name)) {
      members.push({ comments, node, print: printSyntax(node) });
      comments = [];
    }
  }
  return comments.length === 0 ? members : [...members, { comments, node: null, print: "" }];
}

/** Marks and names of code that runs around tests or replaces other code. */
const aroundMark = /before|after|set_?up|tear_?down|rule|extend|fixture|init|override/iu;
const aroundName =
  /^(?:before|after|set_?up|tear_?down|init|__|assert)|^(?:expect|verify|fail|check|refute|skip)$|fixture/iu;
const aroundComment = /@\s*(?:before|after|pre|post)/iu;

function isAddition({ comments, node }: Member, { form, words }: Versions): boolean {
  if (comments.some((comment) => aroundComment.test(comment))) return false;
  if (node === null) return true;
  const text = textOf(node);
  if (form.harmlessImport?.test(text) === true) return importedNames(text).every((name) => !words.has(name));
  if (node.name === form.method) return isNewMethod(node, { form, words });
  const call = node.name === "expression_statement" ? (node.children[0] ?? node) : node;
  const label = form.labelOf(call) ?? "";
  if (form.testCall?.test(label) === true) return isCallWithBlock(call) && !reaches(call, form);
  const body = form.groups.test(label) && isCallWithBlock(call) ? bodyOf(form, call) : undefined;
  const inside = body === undefined ? [] : membersOf(body);
  return inside.length > 0 && inside.every((member) => isAddition(member, { form, words }));
}

/** Whether a node is a test or a private method with a name that the old text lacks. */
function isNewMethod(node: SyntaxNode, { form, words }: Versions): boolean {
  const [nameNode, body] = [fieldOf(node, "name"), fieldOf(node, "body")];
  if (nameNode === undefined || body === undefined) return false;
  const name = textOf(nameNode);
  const head = node.children.filter((child) => child !== body && child !== nameNode).flatMap(withInner);
  const labels = head.flatMap((piece) => form.labelOf(piece) ?? []);
  const isTest = form.testName.test(name) || labels.some((label) => form.testMark?.test(label) === true);
  return (
    (isTest || head.some((piece) => piece.name === "private")) &&
    !words.has(name) &&
    !aroundName.test(name) &&
    !labels.some((label) => aroundMark.test(label)) &&
    !reaches(body, form)
  );
}

const withInner = (node: SyntaxNode): SyntaxNode[] => [node, ...node.children.flatMap(withInner)];

const plainArgument =
  /^(?:argument(?:s|_list)?|(?:encapsed_)?string(?:_content)?|escape_sequence|simple_symbol|pair|hash_key_symbol|true|false|boolean|integer|[^a-z].*)$/u;
const closure = /^(?:anonymous_function|arrow_function)$/u;

/** Whether a call has a block, and its other arguments run nothing when the file is loaded. */
function isCallWithBlock(call: SyntaxNode): boolean {
  const isPlain = (node: SyntaxNode): boolean =>
    closure.test(node.name) || (plainArgument.test(node.name) && node.children.every(isPlain));
  const given = fieldOf(call, "arguments");
  const hasBlock = fieldOf(call, "block") !== undefined || (given !== undefined && textsOf(given, closure).size === 1);
  return hasBlock && fieldOf(call, "receiver") === undefined && (given === undefined || isPlain(given));
}

function reaches(node: SyntaxNode, form: TestForm): boolean {
  const left = /assignment/u.test(node.name) ? fieldOf(node, "left") : undefined;
  if (left !== undefined && textsOf(left, /^constant$/u).size > 0) return true;
  return node.children.some(
    (child) => form.reaching?.test(form.labelOf(child) ?? child.name) === true || reaches(child, form),
  );
}

/** The names that an import binds: `d` and `e` in `use a\b\{c as d, e};`, `b` in `import a.b;`. */
function importedNames(text: string): string[] {
  const list = /\{(.*)\}/su.exec(text)?.[1] ?? text;
  return list.split(",").flatMap((one) => one.match(/\w+/gu)?.at(-1) ?? []);
}
