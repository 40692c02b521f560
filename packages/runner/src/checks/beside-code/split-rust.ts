/**
 * Parts a Rust file of code from the tests in it, its modules under `#[cfg(test)]`, and puts together the code of one version and the tests of another. Pure;
 * the texts are hostile: run it in the child process of tests-beside-code.ts.
 */
import { childOf, sourceText } from "@aedev/host/syntax/print-syntax";
import { readSyntax, type SyntaxNode, type SyntaxTree } from "@aedev/host/syntax/syntax-tree";

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
  let rest = text;
  for (const node of tree.root.children.toReversed()) {
    const item = node.name === "AttributeItem" ? node.children.at(-1) : node;
    if (item?.name !== "ModItem") continue;
    const name = sourceText(tree, childOf(item, "BoundIdentifier") ?? item);
    const isElsewhere = childOf(item, "DeclarationList") === undefined;
    const attributes = node === item ? [] : node.children.filter((child) => child.name === "Attribute");
    if (isForTests(tree, attributes)) {
      tests.unshift({ name, from: node.from, to: node.to, isElsewhere });
      rest = rest.slice(0, node.from) + rest.slice(node.to);
    } else if (isElsewhere && attributes.length === 0) files.unshift(name);
  }
  const names = new Set(tests.map(({ name }) => name));
  if (names.size < tests.length || dependsOnTests(rest)) return null;
  return { text, tests, files };
}

/** `#[cfg(test)]`, with lints at most. */
function isForTests(tree: SyntaxTree, attributes: readonly SyntaxNode[]): boolean {
  const texts = attributes.map((one) => sourceText(tree, one).replaceAll(/\s/gu, ""));
  return (
    texts.includes("#[cfg(test)]") &&
    texts.every((text) => text === "#[cfg(test)]" || /^#\[(?:allow|warn|deny|expect)\(/u.test(text))
  );
}

/** The word in a condition or an attribute; a comment with it counts too, which only leaves the file whole. */
const dependsOnTests = (code: string) => /#!?\[[^\]]*\btest\b|\bcfg!?\s*\([^)]*\btest\b/u.test(code);

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

/** Nothing but a file's tests. */
export const onlyTestsOf = (tests: RustFile): string => withTestsOf({ text: "", tests: [], files: [] }, tests);
