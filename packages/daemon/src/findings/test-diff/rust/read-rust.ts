/** Reads both versions of a Rust file with tests, or the tests in both versions of a file of code. Pure; the texts are hostile. */
import { readRustFile, rustTestsIn } from "@aedev/languages/rust/rust-file";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { rustChanges } from "./only-adds.ts";

export interface RustReading {
  /** The tests of each version: the whole file, or what is cut out of it. */
  readonly before: string;
  readonly after: string;
  /** Existing tests in another form, as cargo names them. */
  readonly changedTests: readonly string[];
  /** Whether more changes than that and additions. */
  readonly changed: boolean;
  /** New helpers, types and macros that other files may see. */
  readonly names: readonly string[];
}

/** `isAmongCode`: the file is one of code. A text that is absent is empty. */
export function readRust(
  path: string,
  { before, after, isAmongCode }: { before: string; after: string; isAmongCode: boolean },
): RustReading {
  const isWhole = !isAmongCode || isTestFile(path);
  const [old = "", young = ""] = [before, after].map((text) => (isWhole ? text : rustTestsIn(text)));
  // A new file directly in tests/ is a program of its own.
  const isProgram = !isAmongCode && isProgramFile(path);
  if (before === "" && isProgram) return { before: old, after: young, changedTests: [], changed: false, names: [] };
  const { tests, others, names } = rustChanges(old, young);
  // Tests that can't be taken apart from their code run on new code in their new form only.
  const isApart = isWhole ? !isAmongCode : [before, after].every((text) => text === "" || readRustFile(text) !== null);
  const [errors = 0, moreErrors = 0] = [before, after].map((text) => readSyntax(text, path).errors.length);
  const isSeen = !isAmongCode && (!isProgram || /\bmod\s+\w+\s*;/u.test(young));
  return {
    before: old,
    after: young,
    changedTests: tests.map((name) => [...modulesOf(path), name].join("::")),
    changed: others || moreErrors > errors || (!isApart && before !== "" && after !== "" && old !== young),
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
