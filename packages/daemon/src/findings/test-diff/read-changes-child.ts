/**
 * The child process that reads hostile test files and code: jobs arrive as one JSON document on standard input, answers leave as one line each
 * on standard output. It holds no secret and may be killed at any time.
 */
import { readFileSync } from "node:fs";
import type { TestFinding } from "@aedev/contracts";
import { parsedLanguageOf, type SyntaxTree, UnreadableText } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { surroundingsIn } from "../surroundings/surroundings.ts";
import { addsOnlyRows } from "./added-rows.ts";
import { compareTests } from "./compare-tests.ts";
import { actsOnGoPackage, changesExistingGo } from "./go/only-adds.ts";
import { readJavascriptTests } from "./javascript/read-tests.ts";
import { compiledCases, type KnownCase, knownCases } from "./known-cases.ts";
import { changesMoreThanTests, countAssertions, findLineMarks } from "./line-tests.ts";
import { readPythonTests } from "./python/read-tests.ts";
import type { Job, JobAnswer } from "./read-changes.ts";
import { readRust } from "./rust/read-rust.ts";
import { findSpecialCases, mayKnowTests } from "./special-cases.ts";
import { findSpecialTables } from "./special-tables.ts";
import { mentionedNames } from "./syntax/mentioned-names.ts";
import type { TestFile } from "./syntax/test-file.ts";
import { findRewritten, isSnapshot } from "./test-settings.ts";
import { findTestSigns } from "./test-signs.ts";
import { addedFunctions } from "./test-support/added-functions.ts";

const empty: TestFile = { tests: [], marks: [], shared: [], support: [], inert: [], errors: [], rows: [], text: "" };

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
        findings: findTestSigns(old, young),
        isSuspect: mayKnowTests(job.path, old, young),
        addedFunctions: addedFunctions(job.path, old, young),
        surroundings: {
          before: surroundingsIn(job.path, old, job.beside?.before),
          after: surroundingsIn(job.path, young, job.beside?.after),
        },
      };
    case "code":
      return { kind: "code", findings: findSpecial(readSyntax(young, job.path), { path: job.path, before: old }) };
    case "cases": {
      const [before, after] = [job.before, job.after].map((text) =>
        text === null ? null : readSyntax(text, job.path),
      );
      return { kind: "cases", cases: compiledCases(before ?? null, after ?? null, job.areAllTests) };
    }
    case "names":
      return { kind: "names", names: mentionedNames(young, job.path) };
    case "rows":
      return { kind: "rows", addsOnlyRows: addsOnlyRows(job.path, old, young) };
    case "lines":
      return readLines(job, old, young);
    case "tests": {
      const before = job.before === null ? empty : readTests(job.before, job.from);
      const after = job.after === null ? empty : readTests(job.after, job.path);
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
        addedFunctions: isKept && comparison.supportChanged ? addedFunctions(job.path, old, young) : null,
        cases: knownCases(before, after),
      };
    }
  }
}

function readLines(job: Extract<Job, { kind: "lines" }>, old: string, young: string): JobAnswer {
  const { path, status, before, after } = job;
  const none = { changedTests: [], names: [], isSame: false };
  if (isSnapshot(path)) {
    const findings = findRewritten({ path, status, before, after });
    return { kind: "lines", assertionsBefore: 0, assertionsAfter: 0, findings, changed: false, ...none };
  }
  const isRust = path.endsWith(".rs");
  const rust = isRust ? readRust(path, { before: old, after: young, isAmongCode: job.isAmongCode === true }) : null;
  const [one, other] = rust === null ? [old, young] : [rust.before, rust.after];
  return {
    kind: "lines",
    assertionsBefore: countAssertions(one, path),
    assertionsAfter: countAssertions(other, path),
    findings: status === "deleted" ? [] : findLineMarks(one, other, path),
    changed: rust === null ? changesOtherTests(job, old, young) : status !== "deleted" && rust.changed,
    changedTests: status === "modified" ? [...(rust?.changedTests ?? [])] : [],
    names: [...(rust?.names ?? [])],
    isSame: one === other,
  };
}

function changesOtherTests({ path, status }: Job & { kind: "lines" }, old: string, young: string): boolean {
  const isGo = path.endsWith(".go");
  if (status !== "modified") return status === "added" && isGo && actsOnGoPackage(young);
  return isGo
    ? changesExistingGo(old, young)
    : changesMoreThanTests(old, young, path) && !addsOnlyRows(path, old, young);
}

function readTests(text: string, path: string): TestFile {
  const tree = readSyntax(text, path);
  return parsedLanguageOf(path) === "python" ? readPythonTests(tree) : readJavascriptTests(tree);
}

function findSpecial(tree: SyntaxTree, file: { path: string; before: string }): TestFinding[] {
  return [...findSpecialCases(tree, file, cases), ...findSpecialTables(tree, file.before, cases)];
}
