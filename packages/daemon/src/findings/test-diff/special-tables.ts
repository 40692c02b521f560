/**
 * Finds tables that special-case the tests: an entry with a test's input and its answer, or a set that the code asks for membership, if at least half of its
 * members are tests' inputs or all are parts of inputs. Mainly the base's tests count, because a new row with its own new test is honest. Pure.
 */
import type { TestFinding } from "@aedev/contracts";
import { comparisonsOf } from "@aedev/languages/python/python-syntax";
import { isTestItem } from "@aedev/languages/rust/rust-tests";
import { isUnusual, literalOf, literalsIn } from "@aedev/languages/shared/literals";
import { childOf, fieldOf, lineFinder, partsIn, partsOf, textOf } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { finding } from "./compare-tests.ts";
import type { KnownCase } from "./known-cases.ts";

interface Entry {
  readonly key: string;
  readonly values: readonly string[];
  readonly at: SyntaxNode;
}

const findingsMax = 20;

/** `before`: the base's text of all changed files; its literals are not new. */
export function findSpecialTables(tree: SyntaxTree, before: string, cases: readonly KnownCase[]): TestFinding[] {
  const old = cases.filter(({ isNew }) => !isNew);
  const lineOf = lineFinder(tree.text);
  const ungrouped = before.replaceAll(/(?<=\d)_(?=\d)/gu, "");
  const isNew = (literal: string) => !mentionsLiteral(ungrouped, literal) && !mentionsLiteral(before, literal);
  const found: TestFinding[] = [];
  const add = (node: SyntaxNode, test: string, says: string): void => {
    const text = textOf(node).replace(/\s+/gu, " ").slice(0, 200);
    if (found.length < findingsMax)
      found.push(finding("input-special-cased", test, lineOf(node.from), `${says}: ${text}`));
  };
  const visit = (node: SyntaxNode, parent: SyntaxNode | null): void => {
    if (isTestItem(node)) return;
    for (const { key, values, at } of entriesOf(node)) {
      const hit = old.find(
        ({ inputs, outputs }) =>
          isUnusual(key) &&
          inputs.includes(key) &&
          values.some((value) => outputs.includes(value) && value !== key && (isNew(key) || isNew(value))),
      );
      if (hit !== undefined) add(at, hit.test, "a table has this test's input with its answer");
    }
    const members = membersOf(node, parent).filter(isUnusual);
    const known = members.filter((member) => isNew(member) && old.some(({ inputs }) => inputs.includes(member)));
    const hit = old.find(({ inputs }) => inputs.includes(known[0] ?? ""));
    if (hit !== undefined && known.length * 2 >= members.length)
      add(node, hit.test, "a set consists of inputs of tests");
    else if (members.length >= partsMin && members.every(isNew)) {
      const having = (tests: readonly KnownCase[]) =>
        members.flatMap((member) => tests.find(({ inputs }) => inputs.some((input) => isPartOf(input, member))) ?? []);
      const [first, ...others] = having(old);
      const isOld = 2 * (1 + others.length) >= members.length;
      if (first !== undefined && isOld && having(cases).length === members.length)
        add(node, first.test, "a set consists of parts of the tests' inputs");
    }
    for (const child of node.children) visit(child, node);
  };
  visit(tree.root, null);
  return found;
}

/** Fewer strings may be parts of the tests' inputs by chance. */
const partsMin = 3;

/** Whether a string in JSON contains another one as a separate word. */
function isPartOf(input: string, member: string): boolean {
  if (!input.startsWith('"') || !member.startsWith('"')) return false;
  const [text, part] = [input, member].map((literal) => String(JSON.parse(literal)));
  const parts = text?.split(part ?? "") ?? [];
  return parts.some((before, at) => {
    const after = parts[at + 1];
    return after !== undefined && !/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after);
  });
}

/** Whether a text has a literal, with any quotes. */
function mentionsLiteral(text: string, literal: string): boolean {
  if (/^(?:true|false|null)$/u.test(literal))
    return new RegExp(String.raw`\b(?:${literal}|${pythonWords[literal]})\b`, "u").test(text);
  if (literal.startsWith('"')) return text.includes(String(JSON.parse(literal)));
  return new RegExp(String.raw`(?<![\w.])${literal.replace(/^-/u, "").replaceAll(".", "\\.")}(?![\w.])`, "u").test(
    text,
  );
}

const pythonWords: Readonly<Record<string, string>> = { true: "True", false: "False", null: "None" };

/** The entries of `{ key: value }`, or of `[key, value, …]` inside a list. */
function entriesOf(node: SyntaxNode): Entry[] {
  const parts = partsOf(node);
  if (node.name === "pair") {
    const [name, value] = [fieldOf(node, "key"), fieldOf(node, "value")];
    if (name === undefined || value === undefined) return [];
    const isName = name.name === "property_identifier";
    return entry(isName ? JSON.stringify(textOf(name)) : literalOf(name), [value], node);
  }
  if (node.name === "keyed_element") return entry(keyOf(fieldOf(node, "key")), partsIn(node, "value"), node);
  if (node.name === "literal_value")
    return parts.flatMap((part) => {
      const row = part.name === "keyed_element" ? fieldOf(part, "value") : part;
      const inner = partsOf(row?.name === "literal_value" ? row : undefined).map(
        (element) => fieldOf(element, "value") ?? element,
      );
      return entry(keyOf(inner[0]), inner.slice(1), part);
    });
  if (!lists.test(node.name)) return [];
  return parts.flatMap((part) => {
    const inner = lists.test(part.name) ? partsOf(part) : [];
    return entry(keyOf(inner[0]), inner.slice(1), part);
  });
}
const lists = /^(?:(?:array|tuple)(?:_expression)?|list)$/u;

function entry(key: string | null, values: readonly SyntaxNode[], at: SyntaxNode): Entry[] {
  const found = values.flatMap((value) => literalOf(value) ?? []);
  return key === null || found.length === 0 ? [] : [{ key, values: found, at }];
}

function keyOf(node: SyntaxNode | undefined): string | null {
  return node === undefined ? null : literalOf(node);
}

/** The literals of a set such as `new Set([…])`, `[…].includes(x)`, `x in (…)`, `map[string]bool{…}` or `matches!(x, …)`. */
function membersOf(node: SyntaxNode, parent: SyntaxNode | null): string[] {
  const literals = (list: SyntaxNode | undefined) =>
    list === undefined ? [] : partsOf(list).flatMap((part) => literalOf(part) ?? []);
  const text = () => textOf(node);
  if (/^(?:(?:new|call)_expression|call)$/u.test(node.name)) {
    const name = /^(?:new\s+)?(\w+)\s*\(/u.exec(text())?.[1] ?? "";
    if (/^(?:Set|set|frozenset)$/u.test(name))
      return literals(childOf(fieldOf(node, "arguments"), "array", "list", "tuple"));
  }
  if (node.name === "set") return literals(node);
  if (node.name === "composite_literal" && /^map\[\w+\](?:bool|struct\s*\{\s*\})/u.test(text()))
    return partsOf(childOf(node, "literal_value")).flatMap((element) => keyOf(fieldOf(element, "key")) ?? []);
  if (node.name === "field_expression" && /\.\s*contains$/u.test(text()))
    return literals(childOf(node, "array_expression"));
  if (node.name === "macro_invocation" && text().startsWith("matches!")) return literalsIn(node);
  if (node.name === "member_expression" && /\.\s*(?:includes|indexOf)$/u.test(text()))
    return literals(childOf(node, "array"));
  const isTested =
    parent !== null && comparisonsOf(parent).some(({ sign, right }) => /\bin$/u.test(sign) && right === node);
  return isTested && lists.test(node.name) ? literals(node) : [];
}
