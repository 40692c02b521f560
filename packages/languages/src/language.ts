/**
 * What the product knows of a programming language: facts, which load no parser, and readers, which are for processes that may be killed. An absent member
 * is something that cannot be told of the language; what needs it asks a person.
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

/** Facts. */
export interface Language {
  readonly name: string;
  /** Whether a file is written in it, by the file's path. */
  readonly owns: (path: string) => boolean;
  /** How evidence names the reader of its single tests; absent: its test files are compared as a whole. */
  readonly testParser?: "javascript" | "python";
  /** A file of code may have tests; absent: only test files have. */
  readonly hasTestsInCode?: true;
  /** Rules about code read it; absent: only its test files are read. */
  readonly hasCodeRules?: true;
  /** Files in which coverage can be measured; absent: none. */
  readonly isMeasured?: (path: string) => boolean;
  /** A program whose file has no ending: its first line, and a path as which it is read. */
  readonly program?: { readonly firstLine: RegExp; readonly path: string };
  /** What begins a comment, in a language that is measured. */
  readonly comment?: "//" | "#";
  /** Files that see what the others in their folder declare, without tests; absent: none. */
  readonly isInPackage?: (path: string) => boolean;
  /** The name by which results of tests may name a file; absent: they don't. */
  readonly moduleOf?: (path: string) => string;
  /** Files whose functions can be called again; absent: none. */
  readonly isReplayed?: (path: string) => boolean;
  /** A whole number can't become a fraction. */
  readonly hasIntegers?: true;
  /** Arguments may be given by name; what records a call lists the others apart. */
  readonly hasNamedArguments?: true;
  /** An argument doesn't show all that it may hold. */
  readonly hidesFields?: true;
  /** Whether the surroundings of a text can only be told with the other files of its folder; absent: never. */
  readonly asksBeside?: (text: string) => boolean;
  /** How its tests are written, for a language without readers of its own; its grammar has its name. */
  readonly tests?: TestForm;
}

/** All texts are hostile: each member may throw `UnreadableText`, or overflow the stack. */
export interface Readers {
  /** Reads the tests of a file, each with its assertions and what it depends on; absent: see `testVersions`. */
  readonly tests?: (tree: SyntaxTree) => TestFile;
  /** The names of the tests of a file, each behind those of its groups; absent: each result is one of a test. */
  readonly testPaths?: (tree: SyntaxTree) => string[][];
  /** Compares the tests in two versions of a file without their assertions; absent: any change of such a file may change its tests. */
  readonly testVersions?: (versions: Versions) => TestVersions;
  /** The assertions in a text with tests, and the marks that skip some; absent: not known, and none are counted. */
  readonly signs?: (tree: SyntaxTree) => TestSigns;
  /** What a change adds to a helper of tests; null if it does more, absent: any change does. */
  readonly additions?: (path: string, before: string, after: string) => AddedFunctions | null;
  /** The names that a file mentions; absent: every word of it. */
  readonly names?: (tree: SyntaxTree) => string[];
  /** What the tests of a file without single tests give and expect together; absent: nothing is known of them. */
  readonly caseRows?: (tree: SyntaxTree, areAllTests: boolean) => string[][];
  /** Branches that are taken for a literal; absent: none are looked for. */
  readonly branches?: (tree: SyntaxTree) => Branch[];
  /** What code depends on besides its inputs; absent: nothing is looked for. `beside`: texts of the other files of its folder. */
  readonly surroundings?: (path: string, text: string, beside: readonly string[]) => Surrounding[];
  /** The file with reports of the ways that are taken through changed lines; absent: its code is not measured. */
  readonly probe?: (text: string, options: ProbeOptions) => ProbedFile;
  /** The tests of a file with the edits that make each fail; absent: no test is altered. */
  readonly expectations?: (tree: SyntaxTree, options: { readonly path: string; readonly seed: string }) => TestSource;
  /** The files and modules that a file refers to; absent: not known. */
  readonly references?: (path: string, text: string) => References;
  /** The comments that decide what runs, beside those that tools of every language read; absent: any comment may. */
  readonly actingComments?: FindActing;
  /** What a file declares at its top; absent: not known. */
  readonly declarations?: (tree: SyntaxTree) => TopDeclaration[];
}

export interface Versions {
  readonly path: string;
  readonly status: "added" | "modified" | "deleted";
  /** An absent text is empty. */
  readonly before: string;
  readonly after: string;
  /** The file is one of code. */
  readonly isAmongCode: boolean;
}

export interface TestVersions {
  /** The tests of each version: the whole file, or what is cut out of it. */
  readonly before: string;
  readonly after: string;
  /** Existing tests in another form, as the language's runner names them. */
  readonly changedTests: readonly string[];
  /** Whether more changes than that and additions. */
  readonly changed: boolean;
  /** New helpers, types and macros that other files may see. */
  readonly names: readonly string[];
}
