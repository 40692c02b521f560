/**
 * What the product knows about a programming language: facts, which load no parser, and readers, which run in processes that may be killed. A member is absent
 * if nothing can be told about it; a rule that needs it then asks a person.
 */
import type { AddedFunctions } from "./shared/added-functions.ts";

import type { TestSource } from "./shared/alteration.ts";
import type { Branch } from "./shared/compiled-branches.ts";
import type { ProbedFile, ProbeOptions } from "./shared/probing.ts";
import type { References } from "./shared/references.ts";
import type { FindActing } from "./shared/same-code.ts";
import type { Surrounding } from "./shared/surroundings/use.ts";
import type { TestFile } from "./shared/test-file.ts";

import type { TestForm } from "./shared/thin/test-form.ts";
import type { TestSigns } from "./shared/thin/test-signs.ts";
import type { TopDeclaration } from "./shared/top-declarations.ts";
import type { SyntaxTree } from "./tree/syntax-node.ts";

/** Facts about a language. */
export interface Language {
  readonly name: string;
  /** Whether a file is written in the language, judged by its path. */
  readonly owns: (path: string) => boolean;
  /** The name that evidence gives to the reader of single tests; absent: test files are compared as a whole. */
  readonly testParser?: "javascript" | "python";
  /** A code file may contain tests; absent: only test files do. */
  readonly hasTestsInCode?: true;
  /** Rules read its code; absent: only its test files are read. */
  readonly hasCodeRules?: true;
  /** Files in which coverage can be measured; absent: none. */
  readonly isMeasured?: (path: string) => boolean;
  /** How to know a program without a file ending by its first line, and the path to read it under. */
  readonly program?: { readonly firstLine: RegExp; readonly path: string };
  /** The mark that begins a comment, in a measured language. */
  readonly comment?: "//" | "#";
  /** Files, except tests, that see the declarations of the other files in their folder; absent: none. */
  readonly isInPackage?: (path: string) => boolean;
  /** The name that test results may give to a file; absent: they name no files. */
  readonly moduleOf?: (path: string) => string;
  /** Files whose functions can be called again; absent: none. */
  readonly isReplayed?: (path: string) => boolean;
  /** A whole number can't become a fraction. */
  readonly hasIntegers?: true;
  /** Arguments may be given by name; a recorded call lists them apart from the others. */
  readonly hasNamedArguments?: true;
  /** A recorded argument may hide some of its fields. */
  readonly hidesFields?: true;
  /** Whether the surroundings of a text depend on the other files of its folder; absent: never. */
  readonly asksBeside?: (text: string) => boolean;
  /** The form of its tests, for a language without readers of its own; the grammar has the language's name. */
  readonly tests?: TestForm;
}

/** The readers of a language. All texts are hostile: each member may throw `UnreadableText` or overflow the stack. */
export interface Readers {
  /** Reads the tests of a file, each with its assertions and what it depends on; absent: see `testVersions`. */
  readonly tests?: (tree: SyntaxTree) => TestFile;
  /** The name path of each test in a file; absent: each result counts as a test. */
  readonly testPaths?: (tree: SyntaxTree) => string[][];
  /** Compares the tests in two versions of a file, except their assertions; absent: any change of a test file may change its tests. */
  readonly testVersions?: (versions: Versions) => TestVersions;
  /** The assertions in a text with tests, and the marks that skip tests; absent: none are counted. */
  readonly signs?: (tree: SyntaxTree) => TestSigns;
  /** The functions that a change adds to a helper of tests; null if the change does more; absent: every change does. */
  readonly additions?: (path: string, before: string, after: string) => AddedFunctions | null;
  /** The names that a file mentions; absent: all its words. */
  readonly names?: (tree: SyntaxTree) => string[];
  /** The inputs and answers that appear together in a file's tests, if they are not read one by one; absent: unknown. */
  readonly caseRows?: (tree: SyntaxTree, areAllTests: boolean) => string[][];
  /** Branches that run only for a literal; absent: none are looked for. */
  readonly branches?: (tree: SyntaxTree) => Branch[];
  /** Everything that code depends on besides its inputs; absent: nothing is looked for. `beside`: texts of the folder's other files. */
  readonly surroundings?: (path: string, text: string, beside: readonly string[]) => Surrounding[];
  /** The file, rewritten so that it reports which paths through changed lines run; absent: its code is not measured. */
  readonly probe?: (text: string, options: ProbeOptions) => ProbedFile;
  /** The tests of a file with the edits that make each fail; absent: no test is altered. */
  readonly expectations?: (tree: SyntaxTree, options: { readonly path: string; readonly seed: string }) => TestSource;
  /** The files and modules that a file refers to; absent: not known. */
  readonly references?: (path: string, text: string) => References;
  /** The comments that decide what runs, besides those that tools of every language read; absent: any comment may. */
  readonly actingComments?: FindActing;
  /** The top-level declarations of a file; absent: not known. */
  readonly declarations?: (tree: SyntaxTree) => TopDeclaration[];
}

export interface Versions {
  readonly path: string;
  readonly status: "added" | "modified" | "deleted";
  /** The old text; empty if the file is new. */
  readonly before: string;
  readonly after: string;
  /** The file is a code file that contains tests. */
  readonly isAmongCode: boolean;
}

export interface TestVersions {
  /** The tests of each version: the whole file, or the part with tests. */
  readonly before: string;
  readonly after: string;
  /** Existing tests that changed, as the language's runner names them. */
  readonly changedTests: readonly string[];
  /** Whether anything else changed, apart from additions. */
  readonly changed: boolean;
  /** New helpers, types and macros that other files may see. */
  readonly names: readonly string[];
}
