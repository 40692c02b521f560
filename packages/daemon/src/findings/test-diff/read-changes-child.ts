/**
 * The child process that reads hostile test files and code. It gets its jobs as one JSON document on standard input and writes one line per answer to standard
 * output. It holds no secret and may be killed at any time.
 */

import { readFileSync } from "node:fs";
import type { TestFinding } from "@aedev/contracts";
import { languageOf } from "@aedev/languages";
import { readersOf } from "@aedev/languages/readers";
import { explainRenames } from "@aedev/languages/same/explain-renames";
import { readRefactoring } from "@aedev/languages/same/refactored";
import type { AddedFunctions } from "@aedev/languages/shared/added-functions";
import { allWords } from "@aedev/languages/shared/mentioned-names";
import { codeDifference, withoutComments } from "@aedev/languages/shared/same-code";
import type { Surrounding } from "@aedev/languages/shared/surroundings/use";
import type { TestFile } from "@aedev/languages/shared/test-file";
import { addedMarks, type TestSigns } from "@aedev/languages/shared/thin/test-signs";
import { type SyntaxTree, UnreadableText } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { addsOnlyRows } from "./added-rows.ts";
import { compareTests, finding, newErrors } from "./compare-tests.ts";
import { type KnownCase, knownCases, rowCases } from "./known-cases.ts";
import type { Job, JobAnswer } from "./read-changes.ts";
import { findSpecialCases, mayKnowTests } from "./special-cases.ts";
import { findSpecialTables } from "./special-tables.ts";
import { findRewritten, isSnapshot } from "./test-settings.ts";
import { findTestSigns } from "./test-signs.ts";

const empty: TestFile = { tests: [], marks: [], shared: [], support: [], inert: [], errors: [], rows: [], text: "" };
/** Of each file. */
const marksMax = 50;

const { jobs, cases } = JSON.parse(readFileSync(0, "utf8")) as { jobs: Job[]; cases: KnownCase[] };
for (const job of jobs) process.stdout.write(`${JSON.stringify(answerOf(job))}\n`);

function answerOf(job: Job): JobAnswer {
  try {
    return readJob(job);
  } catch (error) {
    // A text nested too deep for the stack is unreadable too.
    if (error instanceof UnreadableText || error instanceof RangeError)
      return { kind: "unreadable", why: error.message.slice(0, 200) };
    throw error;
  }
}

function readJob(job: Job): JobAnswer {
  const [old, young] = [job.before ?? "", job.after ?? ""];
  switch (job.kind) {
    case "signs":
      return {
        kind: "signs",
        findings: [...findTestSigns(old, young), ...newErrorsOfCode(job.path, old, young)],
        isSuspect: mayKnowTests(job.path, old, young),
        addedFunctions: additions(job.path, old, young),
        surroundings: {
          before: surroundings(job.path, old, job.beside?.before ?? []),
          after: surroundings(job.path, young, job.beside?.after ?? []),
        },
      };
    case "code":
      return { kind: "code", findings: findSpecial(readSyntax(young, job.path), { path: job.path, before: old }) };
    case "cases": {
      const rowsOf = (text: string | null) =>
        text === null ? [] : (readersOf(job.path)?.caseRows?.(readSyntax(text, job.path), job.areAllTests) ?? []);
      return { kind: "cases", cases: rowCases(rowsOf(job.before), rowsOf(job.after)) };
    }
    case "names": {
      const readers = readersOf(job.path);
      return { kind: "names", names: readers?.names?.(readSyntax(young, job.path)) ?? allWords(young) };
    }
    case "uncommented":
      return { kind: "uncommented", text: uncommented(job.path, young) };
    case "same": {
      const acting = readersOf(job.path)?.actingComments;
      const read = (text: string) => readSyntax(text, job.path);
      return {
        kind: "same",
        difference: acting === undefined ? "code" : codeDifference(read(old), read(young), acting),
      };
    }
    case "renames":
      return { kind: "renames", explained: explainRenames(job.change) };
    case "refactored":
      return { kind: "refactored", refactored: readRefactoring(job.change) };
    case "rows":
      return { kind: "rows", addsOnlyRows: addsOnlyRows(job.path, old, young) };
    case "lines":
      return readLines(job, old, young);
    case "tests":
      return compareVersions(job, old, young);
  }
}

function compareVersions(job: Extract<Job, { kind: "tests" }>, old: string, young: string): JobAnswer {
  const before = job.before === null ? empty : readTests(old, job.from);
  const after = job.after === null ? empty : readTests(young, job.path);
  const { changed, added, removed, renamed, kept, findings, ...rest } = compareTests(before, after);
  const comparison = {
    ...rest,
    changed: [...changed],
    added: [...added],
    removed: [...removed],
    renamed: [...renamed],
    kept: [...kept],
    findings: [...findings],
  };
  const isKept = job.before !== null && job.after !== null && job.from === job.path;
  return {
    kind: "tests",
    comparison,
    addedFunctions: isKept && comparison.supportChanged ? additions(job.path, old, young) : null,
    cases: knownCases(before, after),
  };
}

function uncommented(path: string, text: string): string {
  const acting = readersOf(path)?.actingComments;
  return acting === undefined ? text : withoutComments(readSyntax(text, path), acting);
}

/** Findings for new unreadable places in code, which no rule about code can see. */
function newErrorsOfCode(path: string, before: string, after: string): TestFinding[] {
  if (languageOf(path)?.hasCodeRules !== true) return [];
  const [old, young] = [readSyntax(before, path), readSyntax(after, path)];
  return newErrors(old, young);
}

function readLines(job: Extract<Job, { kind: "lines" }>, old: string, young: string): JobAnswer {
  const { path, status, before, after } = job;
  const none = { changedTests: [], names: [], isSame: false };
  if (isSnapshot(path)) {
    const findings = findRewritten({ path, status, before, after });
    return { kind: "lines", assertionsBefore: 0, assertionsAfter: 0, findings, changed: false, ...none };
  }
  const readers = readersOf(path);
  const versions = { path, status, before: old, after: young, isAmongCode: job.isAmongCode === true };
  const read = readers?.testVersions?.(versions) ?? {
    before: old,
    after: young,
    changed: status === "modified" && old !== young && !addsOnlyRows(path, old, young),
    changedTests: [],
    names: [],
  };
  const signsIn = (text: string): TestSigns => readers?.signs?.(readSyntax(text, path)) ?? { assertions: 0, marks: [] };
  const [signs, now] = [signsIn(read.before), signsIn(read.after)];
  const marks = status === "deleted" ? [] : addedMarks(signs.marks, now.marks);
  return {
    kind: "lines",
    assertionsBefore: signs.assertions,
    assertionsAfter: now.assertions,
    findings: marks.slice(0, marksMax).map(({ kind, line, text }) => finding(kind, null, line, text)),
    changed: read.changed,
    changedTests: [...read.changedTests],
    names: [...read.names],
    isSame: read.before === read.after,
  };
}

function additions(path: string, before: string, after: string): AddedFunctions | null {
  return readersOf(path)?.additions?.(path, before, after) ?? null;
}

function surroundings(path: string, text: string, beside: readonly string[]): Surrounding[] {
  return readersOf(path)?.surroundings?.(path, text, beside) ?? [];
}

function readTests(text: string, path: string): TestFile {
  return readersOf(path)?.tests?.(readSyntax(text, path)) ?? empty;
}

function findSpecial(tree: SyntaxTree, file: { path: string; before: string }): TestFinding[] {
  return [...findSpecialCases(tree, file, cases), ...findSpecialTables(tree, file.before, cases)];
}
