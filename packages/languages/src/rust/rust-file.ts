/**
 * Parts a Rust file of code from the tests in it, its modules under `#[cfg(test)]`, and puts together the code of one version and the tests of another. Pure;
 * the texts are hostile: run it in a process that may be killed.
 */
import { childOf, sourceText } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { attributesOf, isLintForTests, isTestModule } from "./rust-tests.ts";

interface Module {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** `mod tests;`: in a file of its own. */
  readonly isElsewhere: boolean;
}
/** A file by its modules. */
export interface RustFile {
  readonly text: string;
  /** Those under `#[cfg(test)]`. */
  readonly tests: readonly Module[];
  /** Modules of code in files of their own. */
  readonly files: readonly string[];
}

/** Null if it can't be read, or if anything else in it depends on whether tests are compiled. */
export function readRustFile(text: string): RustFile | null {
  const tree = readSyntax(text, "a.rs");
  if (tree.errors.length > 0) return null;
  const tests: Module[] = [];
  const files: string[] = [];
  const others: SyntaxNode[] = [];
  for (const node of tree.root.children) {
    const item = node.name === "AttributeItem" ? node.children.at(-1) : node;
    if (item?.name !== "ModItem") {
      others.push(node);
      continue;
    }
    const name = sourceText(tree, childOf(item, "BoundIdentifier") ?? item);
    const isElsewhere = childOf(item, "DeclarationList") === undefined;
    if (isTestModule(tree, node)) {
      tests.push({ name, from: node.from, to: node.to, isElsewhere });
      continue;
    }
    others.push(node);
    if (isElsewhere && node === item) files.push(name);
  }
  const names = new Set(tests.map(({ name }) => name));
  if (names.size < tests.length || others.some((node) => dependsOnTests(tree, node))) return null;
  return { text, tests, files };
}

/** Whether anything in a node asks for tests: an attribute, `cfg!`, or what a macro may make of its text. */
function dependsOnTests(tree: SyntaxTree, node: SyntaxNode): boolean {
  if (/Comment$/u.test(node.name)) return false;
  const isCondition = /^(?:Attribute|InnerAttribute)$|Tokens$/u.test(node.name);
  const text = isCondition || node.name === "MacroInvocation" ? sourceText(tree, node) : "";
  if (/^(?:Attribute|InnerAttribute)$/u.test(node.name)) return /\btest\b/u.test(text) && !isLintForTests(tree, node);
  if (node.name === "MacroInvocation" && /^cfg\s*!/u.test(text)) return /\btest\b/u.test(text);
  if (isCondition) return /\bcfg\w*/u.test(text) && /\btest\b/u.test(text);
  return node.children.some((child) => dependsOnTests(tree, child));
}

/**
 * The tests in a file of code, within the modules that they are in: everything under an attribute that names tests, modules with a test in them, and macros that make tests. Attributes of the whole file come
 * first if there are any tests. Null if the file can't be read.
 */
export function rustTestsIn(text: string): string | null {
  const tree = readSyntax(text, "a.rs");
  if (tree.errors.length > 0) return null;
  const tests = testsOf(tree, tree.root);
  if (tests === "") return "";
  const attributes = tree.root.children.filter(({ name }) => name === "InnerAttribute");
  if (attributes.some((one) => namesTests(tree, one) && !isLintForTests(tree, one))) return text;
  return [...attributes.map((one) => sourceText(tree, one)), tests].join("\n\n");
}

const namesTests = (tree: SyntaxTree, node: SyntaxNode) => /test|quickcheck/iu.test(sourceText(tree, node));

function testsOf(tree: SyntaxTree, scope: SyntaxNode): string {
  return scope.children
    .map((node) => {
      const item = node.name === "AttributeItem" ? node.children.at(-1) : node;
      const whole = sourceText(tree, node);
      if (attributesOf(node).some((one) => namesTests(tree, one))) return whole;
      if (item?.name === "MacroInvocation")
        return /^(?:\w+\s*::\s*)*(?:proptest|quickcheck)|#\s*\[[^\]]{0,200}\btest/u.test(sourceText(tree, item))
          ? whole
          : "";
      const body = childOf(item, "DeclarationList");
      if (body === undefined || !/^(?:Mod|Impl)Item$/u.test(item?.name ?? "")) return "";
      if (body.children.some((child) => isTestItem(tree, child))) return whole;
      const inner = testsOf(tree, body);
      return inner === "" ? "" : `${tree.text.slice(node.from, body.from)}{\n${inner}\n}`;
    })
    .filter((part) => part !== "")
    .join("\n\n");
}

/** A test, or that a module is compiled for tests only. */
function isTestItem(tree: SyntaxTree, node: SyntaxNode): boolean {
  if (node.name === "InnerAttribute") return namesTests(tree, node);
  return node.children.at(-1)?.name === "FunctionItem" && attributesOf(node).some((one) => namesTests(tree, one));
}

/** The code of one file with the tests of another. `declared`: further modules in files of their own, which have nothing but tests. */
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

/** A file without code and without tests. */
export const emptyRustFile: RustFile = { text: "", tests: [], files: [] };

/** Nothing but a file's tests. */
export const onlyTestsOf = (tests: RustFile): string => withTestsOf(emptyRustFile, tests);
