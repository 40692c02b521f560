/** Compares the tests in both versions of a Rust test file or code file, and swaps the tests of code files. Pure; the texts are hostile. */

import { posix } from "node:path";
import type { TestVersions, Versions } from "../language.ts";
import { ifReadable } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { rustChanges } from "./only-adds.ts";
import { emptyRustFile, onlyTestsOf, type RustFile, readRustFile, rustTestsIn, withTestsOf } from "./rust-file.ts";

export function rustTestVersions({ path, status, before, after, isAmongCode }: Versions): TestVersions {
  const isWhole = !isAmongCode || isTestFile(path);
  const [old = "", young = ""] = [before, after].map((text) => (isWhole ? text : rustTestsIn(text)));
  // A new file directly in tests/ is a separate program.
  const isProgram = !isAmongCode && isProgramFile(path);
  if (before === "" && isProgram) return { before: old, after: young, changedTests: [], changed: false, names: [] };
  const { tests, others, names } = rustChanges(old, young);
  // Tests that can't be separated from their code run on the new code only in their new form.
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

/** Whether a file is directly in a folder of programs; inside src or another such folder, it is a module. */
function isProgramFile(path: string): boolean {
  const [folder = "", ...around] = path.split("/").slice(0, -1).toReversed();
  const programs = /^(?:tests|benches|examples)$/u;
  return path.endsWith(".rs") && programs.test(folder) && !around.some((one) => one === "src" || programs.test(one));
}

/** Whether a file in the code has only tests, judged by its name, as for `mod tests;`. */
const isTestFile = (path: string) => /(?:^|\/)(?:\w+_)?(?:prop)?tests?(?:_\w+)?\.rs$|(?:^|\/)tests?\//u.test(path);

/** The modules of a file, as cargo names them: `a::b` for src/a/b.rs. */
function modulesOf(path: string): string[] {
  const [, inside] = /(?:^|\/)(?:src|tests|benches|examples)\/(.+)\.rs$/u.exec(path) ?? [];
  const parts = (inside ?? "").split("/").filter(Boolean);
  return isProgramFile(path)
    ? []
    : parts.filter((part, index) => index < parts.length - 1 || !/^(?:lib|main|mod)$/u.test(part));
}

/** Both versions of a changed code file; `before` is null if it is new. */
interface FileVersions {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
}
/** A file's new code with the old tests, and its old code with the new tests. Files that can't be separated or have no tests are left out. */
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

/** Null for a file that is nested too deep, so that the others are still read. */
const readSide = (text: string): RustFile | null => ifReadable(() => readRustFile(text), null);
const hasTests = ({ tests }: RustFile) => tests.length > 0;

/** Whether the new version of a file declares the module and the old one does not. */
const declares = (parent: Sides | undefined, name: string) =>
  parent?.young.files.includes(name) === true && parent.old?.files.includes(name) === false;

/** The module's name: `a` for a.rs and a/mod.rs. */
function moduleOf(path: string): string {
  const name = posix.basename(path, ".rs");
  return name === "mod" ? posix.basename(posix.dirname(path)) : name;
}

/** The files that may declare a file's module. */
function parentsOf(path: string): string[] {
  const folder = posix.basename(path) === "mod.rs" ? posix.dirname(posix.dirname(path)) : posix.dirname(path);
  return [...["lib.rs", "main.rs", "mod.rs"].map((name) => posix.join(folder, name)), `${folder}.rs`];
}
