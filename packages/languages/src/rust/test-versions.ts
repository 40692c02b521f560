/** Reads both versions of a Rust file with tests, or the tests in both versions of a file of code. Pure; the texts are hostile. */
import type { TestVersions, Versions } from "../shared/test-versions.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { rustChanges } from "./only-adds.ts";
import { readRustFile, rustTestsIn } from "./rust-file.ts";

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
