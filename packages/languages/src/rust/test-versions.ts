/** Reads both versions of a Rust file with tests, or the tests in both versions of a file of code. Pure; the texts are hostile. */

import { posix } from "node:path";
import type { TestVersions, Versions } from "../language.ts";
import { ifReadable } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { rustChanges } from "./only-adds.ts";
import { emptyRustFile, onlyTestsOf, type RustFile, readRustFile, rustTestsIn, withTestsOf } from "./rust-file.ts";

export function rustTestVersions({ path, status, before, after, isAmongCode }: Versions): TestVersions {
  const isWhole = !isAmongCode || isTestFile(path);
  const [old = "", young = ""] = [before, after].map((text) => (isWhole ? text : rustTestsIn(text)));
  // A new file directly in tests/ is a program of its own.
  const isProgram = !isAmongCode && isProgramFile(path);
  if (before === "" && isProgram) return { before: old, after: young, changedTests: [], changed: false, names: [] };
  const { tests, others, names } = rustChanges(old, young);
  // Tests that can't be taken apart from their code run on new code in their new form only.
  const isApart = isWhole ? !isAmongCode : [before, after].every((text) => text === "" || readRustFile(text) !== null);
  const [errors = 0, moreErrors = 0] = [before, after].map((text) => readSyntax(text, "a.rs").errors.length);
  const isSeen = !isAmongCode && (!isProgram || /\bmod\s+\w+\s*;/u.test(young));
  return {
    before: old,
    after: young,
    changedTests: status === "modified" ? tests.map((name) => [...modulesOf(path), name].join("::")) : [],
    changed:
      status !== "deleted" &&
      (others || moreErrors > errors || (!isApart && before !== "" && after !== "" && old !== young)),
    names: isSeen ? names : [],
  };
}

/** A file directly in a folder of programs. Below the code, or within another such folder, it is a module. */
function isProgramFile(path: string): boolean {
  const [folder = "", ...around] = path.split("/").slice(0, -1).toReversed();
  const programs = /^(?:tests|benches|examples)$/u;
  return path.endsWith(".rs") && programs.test(folder) && !around.some((one) => one === "src" || programs.test(one));
}

/** A file below the code that by its name has nothing but tests: `mod tests;`. */
const isTestFile = (path: string) => /(?:^|\/)(?:\w+_)?(?:prop)?tests?(?:_\w+)?\.rs$|(?:^|\/)tests?\//u.test(path);

/** The modules in whose file the tests are, as cargo names them: `a::b` for src/a/b.rs. */
function modulesOf(path: string): string[] {
  const [, inside] = /(?:^|\/)(?:src|tests|benches|examples)\/(.+)\.rs$/u.exec(path) ?? [];
  const parts = (inside ?? "").split("/").filter(Boolean);
  return isProgramFile(path)
    ? []
    : parts.filter((part, index) => index < parts.length - 1 || !/^(?:lib|main|mod)$/u.test(part));
}

/** A file of code that a change writes; `before` is null if it is new. */
interface FileVersions {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
}
/** The change's version of a file with the base's tests, and the base's version with the new tests. A file that can't be parted, or has no tests, is not among the answers. */
interface SplitFile {
  readonly path: string;
  readonly oldTests: string;
  readonly newTests: string;
}

export function splitFiles(files: readonly FileVersions[]): SplitFile[] {
  const readable = files.flatMap(({ path, before, after }): Sides[] => {
    const [old, young] = [before === null ? null : readSide(before), readSide(after)];
    return young === null || (old === null && before !== null) ? [] : [{ path, old, young }];
  });
  const byPath = new Map(readable.map((file) => [file.path, file]));
  const declared = new Map<string, string[]>();
  const isDeclared = new Set<Sides>();
  for (const file of readable.filter(({ old, young }) => old === null && hasTests(young))) {
    const parent = parentsOf(file.path).find((path) => declares(byPath.get(path), moduleOf(file.path)));
    if (parent === undefined) continue;
    declared.set(parent, [...(declared.get(parent) ?? []), moduleOf(file.path)]);
    isDeclared.add(file);
  }
  return readable.flatMap((file): SplitFile[] => {
    const { path, old, young } = file;
    if (old === null)
      return isDeclared.has(file)
        ? [{ path, oldTests: withTestsOf(young, emptyRustFile), newTests: onlyTestsOf(young) }]
        : [];
    const modules = declared.get(path) ?? [];
    if (!hasTests(old) && !hasTests(young) && modules.length === 0) return [];
    return [{ path, oldTests: withTestsOf(young, old), newTests: withTestsOf(old, young, modules) }];
  });
}

interface Sides {
  readonly path: string;
  readonly old: RustFile | null;
  readonly young: RustFile;
}

/** One file that is nested too deep leaves the others readable. */
const readSide = (text: string): RustFile | null => ifReadable(() => readRustFile(text), null);
const hasTests = ({ tests }: RustFile) => tests.length > 0;

/** The new version of a file names the module, and the old one does not. */
const declares = (parent: Sides | undefined, name: string) =>
  parent?.young.files.includes(name) === true && parent.old?.files.includes(name) === false;

/** `a` of a.rs and of a/mod.rs. */
function moduleOf(path: string): string {
  const name = posix.basename(path, ".rs");
  return name === "mod" ? posix.basename(posix.dirname(path)) : name;
}

/** The files that can name a file's module. */
function parentsOf(path: string): string[] {
  const folder = posix.basename(path) === "mod.rs" ? posix.dirname(posix.dirname(path)) : posix.dirname(path);
  return [...["lib.rs", "main.rs", "mod.rs"].map((name) => posix.join(folder, name)), `${folder}.rs`];
}
