/**
 * Separates the code of a Rust file from its tests, which are its modules under `#[cfg(test)]`, and joins the code of one version with the tests of another.
 * Pure; the texts are hostile: run it in a process that may be killed.
 */
import { fieldOf, isComment, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";

import { attributesOf, expressionIn, isLintForTests, isTestModule } from "./rust-tests.ts";

interface Module {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The module is in another file: `mod tests;`. */
  readonly isElsewhere: boolean;
}
/** A file with its modules. */
export interface RustFile {
  readonly text: string;
  /** The modules under `#[cfg(test)]`. */
  readonly tests: readonly Module[];
  /** The names of code modules in other files. */
  readonly files: readonly string[];
}

/** Null if the file is unreadable, or if anything else in it depends on whether tests are compiled. */
export function readRustFile(text: string): RustFile | null {
  const tree = readSyntax(text, "a.rs");
  if (tree.errors.length > 0) return null;
  const tests: Module[] = [];
  const files: string[] = [];
  const others: SyntaxNode[] = [];
  for (const node of tree.root.children) {
    if (node.name !== "mod_item") {
      others.push(node);
      continue;
    }
    const name = textOf(fieldOf(node, "name") ?? node);
    const isElsewhere = fieldOf(node, "body") === undefined;
    if (isTestModule(node)) {
      tests.push({ name, from: node.from, to: node.to, isElsewhere });
      continue;
    }
    others.push(node);
    if (isElsewhere && attributesOf(node).length === 0) files.push(name);
  }
  const names = new Set(tests.map(({ name }) => name));
  if (names.size < tests.length || others.some((node) => dependsOnTests(node))) return null;
  return { text, tests, files };
}

/** Whether an attribute, `cfg!` or a macro's text in a node may depend on whether tests are compiled. */
function dependsOnTests(node: SyntaxNode): boolean {
  if (isComment(node)) return false;
  const isAttribute = /^(?:inner_)?attribute_item$/u.test(node.name);
  const isCondition = isAttribute || /^token_tree/u.test(node.name);
  const text = isCondition || node.name === "macro_invocation" ? textOf(node) : "";
  if (isAttribute) return /\btest\b/u.test(text) && !isLintForTests(node);
  if (/^cfg\s*!/u.test(text)) return /\btest\b/u.test(text);
  if (isCondition) return /\bcfg\w*/u.test(text) && /\btest\b/u.test(text);
  return node.children.some((child) => dependsOnTests(child));
}

/**
 * The text of the tests in a code file, inside their modules: items with an attribute that names tests, modules with a test, and macros that make tests. If
 * there are any, the file's own attributes come first. From a file with errors, everything that can be read.
 */
export function rustTestsIn(text: string): string {
  const tree = readSyntax(text, "a.rs");
  const tests = testsOf(tree.root);
  if (tests === "") return "";
  const attributes = tree.root.children.filter(({ name }) => name === "inner_attribute_item");
  if (attributes.some((one) => namesTests(one) && !isLintForTests(one))) return text;
  return [...attributes.map(textOf), tests].join("\n\n");
}

const namesTests = (node: SyntaxNode) => /test|quickcheck/iu.test(textOf(node));

function testsOf(scope: SyntaxNode): string {
  return scope.children
    .map((node) => {
      const whole = textOf(node);
      if (attributesOf(node).some((one) => namesTests(one))) return whole;
      const macro = fieldOf(expressionIn(node), "macro");
      if (macro !== undefined)
        return /^(?:\w+\s*::\s*)*(?:proptest|quickcheck)|#\s*\[[^\]]{0,200}\btest/u.test(
          scope.tree.text.slice(macro.from, node.to),
        )
          ? whole
          : "";
      const body = /^(?:mod|impl)_item$/u.test(node.name) ? fieldOf(node, "body") : undefined;
      if (body === undefined) return "";
      if (body.children.some((child) => isTestItem(child))) return whole;
      const inner = testsOf(body);
      return inner === "" ? "" : `${scope.tree.text.slice(node.from, body.from)}{\n${inner}\n}`;
    })
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Whether a node is a test, or an attribute that makes its module one for tests. */
function isTestItem(node: SyntaxNode): boolean {
  if (node.name === "inner_attribute_item") return namesTests(node);
  return node.name === "function_item" && attributesOf(node).some((one) => namesTests(one));
}

/** Joins the code of one file with the tests of another. `declared`: further modules in other files that have only tests. */
export function withTestsOf(code: RustFile, tests: RustFile, declared: readonly string[] = []): string {
  const sources = new Map(tests.tests.map((module) => [module.name, tests.text.slice(module.from, module.to)]));
  const parts: string[] = [];
  let at = 0;
  for (const { name, from, to } of code.tests) {
    parts.push(code.text.slice(at, from), sources.get(name) ?? "");
    sources.delete(name);
    at = to;
  }
  parts.push(code.text.slice(at));
  const added = [...declared.map((name) => `mod ${name};`), ...sources.values()];
  if (added.length === 0) return parts.join("");
  return `${[parts.join("").trimEnd(), ...added].filter(Boolean).join("\n\n")}\n`;
}

/** A file without code or tests. */
export const emptyRustFile: RustFile = { text: "", tests: [], files: [] };

/** Only the tests of a file. */
export const onlyTestsOf = (tests: RustFile): string => withTestsOf(emptyRustFile, tests);
