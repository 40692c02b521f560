/**
 * Tells whether a change of a test file only adds whole tests: all that stood at its top, in its classes and in its groups of tests is there as it was, in its order, and
 * what is new acts on no other test. A text with an error does more. Pure; the text is hostile.
 */
import { fieldOf, isComment, printSyntax, sourceText, textsOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";
import { allWords } from "../mentioned-names.ts";
import type { TestForm } from "./test-form.ts";

interface Version {
  readonly tree: SyntaxTree;
  readonly form: TestForm;
}

/** A statement or a part of a class, with the comments before it that a tool may read. */
interface Member {
  readonly comments: readonly string[];
  /** Null for comments at the end. */
  readonly node: SyntaxNode | null;
  readonly print: string;
}

export function onlyAddsTests(form: TestForm, before: SyntaxTree, after: SyntaxTree): boolean {
  if (before.errors.length + after.errors.length > 0) return false;
  const words = new Set(allWords(before.text));
  return isLonger(before.root, after.root, { old: { tree: before, form }, young: { tree: after, form }, words });
}

interface Versions {
  readonly old: Version;
  readonly young: Version;
  /** All words of the old version. */
  readonly words: ReadonlySet<string>;
}

const groupsMax = 20;

function isLonger(old: SyntaxNode, young: SyntaxNode, versions: Versions, depth = 0): boolean {
  const kept = membersOf(versions.old, old);
  let at = 0;
  for (const member of membersOf(versions.young, young)) {
    const expected = kept[at];
    if (expected !== undefined && (isSame(expected, member) || isGrown(expected, member, versions, depth))) at += 1;
    // The first comments of a file may be read by its interpreter.
    else if ((depth === 0 && at === 0 && member.comments.length > 0) || !isAddition(member, versions)) return false;
  }
  return at === kept.length;
}

function isSame(old: Member, young: Member): boolean {
  return old.print === young.print && old.comments.join("\n") === young.comments.join("\n");
}

/** The same class or group with more members. */
function isGrown(old: Member, young: Member, versions: Versions, depth: number): boolean {
  const [before, after] = [bodyOf(versions.old, old.node), bodyOf(versions.young, young.node)];
  if (old.node === null || young.node === null || before === undefined || after === undefined) return false;
  const heads = [headOf(versions.old, old.node, before), headOf(versions.young, young.node, after)];
  const isSameHead = heads[0] === heads[1] && old.comments.join("\n") === young.comments.join("\n");
  return isSameHead && depth < groupsMax && isLonger(before, after, versions, depth + 1);
}

const headOf = ({ tree }: Version, node: SyntaxNode, body: SyntaxNode) =>
  printSyntax(tree, node, new Set(body.children));

function bodyOf({ tree, form }: Version, node: SyntaxNode | null): SyntaxNode | undefined {
  if (node === null || !form.groups.test(form.labelOf(tree, node) ?? node.name)) return undefined;
  return fieldOf(fieldOf(node, "block") ?? node, "body");
}

/** Comments that say something to a tool. */
const toolComment = /^#!|@\s*\w|[:=]/u;

function membersOf({ tree }: Version, body: SyntaxNode): Member[] {
  const members: Member[] = [];
  let comments: string[] = [];
  for (const node of body.children) {
    if (isComment(node)) {
      const text = sourceText(tree, node);
      if (toolComment.test(text)) comments.push(text);
    } else if (!/^[{};]$/u.test(node.name)) {
      members.push({ comments, node, print: printSyntax(tree, node) });
      comments = [];
    }
  }
  return comments.length === 0 ? members : [...members, { comments, node: null, print: "" }];
}

/** Marks and names of what runs around tests, or in place of something else. */
const aroundMark = /before|after|set_?up|tear_?down|rule|extend|fixture|init|override/iu;
const aroundName =
  /^(?:before|after|set_?up|tear_?down|init|__|assert)|^(?:expect|verify|fail|check|refute|skip)$|fixture/iu;
const aroundComment = /@\s*(?:before|after|pre|post)/iu;

function isAddition({ comments, node }: Member, { young, words }: Versions): boolean {
  if (comments.some((comment) => aroundComment.test(comment))) return false;
  if (node === null) return true;
  const { tree, form } = young;
  const text = sourceText(tree, node);
  if (form.harmlessImport?.test(text) === true) return importedNames(text).every((name) => !words.has(name));
  if (node.name === form.method) return isNewMethod(node, young, words);
  const call = node.name === "expression_statement" ? (node.children[0] ?? node) : node;
  const label = form.labelOf(tree, call) ?? "";
  if (form.testCall?.test(label) === true) return isCallWithBlock(tree, call) && !reaches(call, young);
  const body = form.groups.test(label) && isCallWithBlock(tree, call) ? bodyOf(young, call) : undefined;
  const inside = body === undefined ? [] : membersOf(young, body);
  return inside.length > 0 && inside.every((member) => isAddition(member, { old: young, young, words }));
}

/** A test, or a private method, with a name that nothing of the old text has. */
function isNewMethod(node: SyntaxNode, version: Version, words: ReadonlySet<string>): boolean {
  const { tree, form } = version;
  const [nameNode, body] = [fieldOf(node, "name"), fieldOf(node, "body")];
  if (nameNode === undefined || body === undefined) return false;
  const name = sourceText(tree, nameNode);
  const head = node.children.filter((child) => child !== body && child !== nameNode).flatMap(withInner);
  const labels = head.flatMap((piece) => form.labelOf(tree, piece) ?? []);
  const isTest = form.testName.test(name) || labels.some((label) => form.testMark?.test(label) === true);
  return (
    (isTest || head.some((piece) => piece.name === "private")) &&
    !words.has(name) &&
    !aroundName.test(name) &&
    !labels.some((label) => aroundMark.test(label)) &&
    !reaches(body, version)
  );
}

const withInner = (node: SyntaxNode): SyntaxNode[] => [node, ...node.children.flatMap(withInner)];

const plainArgument =
  /^(?:argument(?:s|_list)?|(?:encapsed_)?string(?:_content)?|escape_sequence|simple_symbol|pair|hash_key_symbol|true|false|boolean|integer|[^a-z].*)$/u;
const closure = /^(?:anonymous_function|arrow_function)$/u;

/** Its other arguments run nothing when the file is loaded. */
function isCallWithBlock(tree: SyntaxTree, call: SyntaxNode): boolean {
  const isPlain = (node: SyntaxNode): boolean =>
    closure.test(node.name) || (plainArgument.test(node.name) && node.children.every(isPlain));
  const given = fieldOf(call, "arguments");
  const hasBlock =
    fieldOf(call, "block") !== undefined || (given !== undefined && textsOf(tree, given, closure).size === 1);
  return hasBlock && fieldOf(call, "receiver") === undefined && (given === undefined || isPlain(given));
}

function reaches(node: SyntaxNode, { tree, form }: Version): boolean {
  const left = /assignment/u.test(node.name) ? fieldOf(node, "left") : undefined;
  if (left !== undefined && textsOf(tree, left, /^constant$/u).size > 0) return true;
  return node.children.some(
    (child) => form.reaching?.test(form.labelOf(tree, child) ?? child.name) === true || reaches(child, { tree, form }),
  );
}

/** `d` and `e` of `use a\b\{c as d, e};`, `b` of `import a.b;`. */
function importedNames(text: string): string[] {
  const list = /\{(.*)\}/su.exec(text)?.[1] ?? text;
  return list.split(",").flatMap((one) => one.match(/\w+/gu)?.at(-1) ?? []);
}
