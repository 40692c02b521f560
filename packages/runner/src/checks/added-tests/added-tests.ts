/**
 * Runs tests that a change adds without changing code on mutants of that code (ADR 0048): a test that fails on none may test nothing.
 * Contract: it never fails the checks; it says why no mutant could be tried.
 *
 * Folder: added tests run on mutants.
 */
import type { AddedTests, Cell } from "@aedev/contracts";
import type { Mutant } from "@aedev/languages/mutants";
import type { RunnerContext } from "../../engine/context.ts";
import { type CheckEntries, readBlob } from "../../tree/check-tree.ts";
import { runsLanguage } from "../coverage/coverage.ts";
import { testMatrix } from "../matrix/matrix.ts";
import { testUnits } from "../matrix/test-units.ts";
import {
  changedPaths,
  codeFiles,
  differsInTestsOnly,
  isCellGreen,
  mutantsIn,
  type TestText,
  triedMax,
} from "../mutants/code-mutants.ts";
import type { CheckContext, CommandPass } from "../pass/pass.ts";
import { controlRunsMax, flakyTests, isGreenBut, runWithTexts, withComment } from "../pass/run-with-texts.ts";
import { proof, type TestedChange } from "../proof/proof.ts";

const timeMs = 120_000;
const listedMax = 1000;
const filesMax = 100;

/** Null if the change changes code, or adds no test that passes. */
export const addedTests = proof({
  name: "added tests",
  needs: { tested: testMatrix },
  prove: (_change, { tested }, context) => tryAddedTests(tested, context),
});

async function tryAddedTests(tested: TestedChange, context: RunnerContext): Promise<AddedTests | null> {
  const { checkContext, matrix, candidate } = tested;
  const { "old-tests-old-code": before, "new-tests-new-code": after } = matrix.cells;
  if (!isCellGreen(before) || !isCellGreen(after)) return null;
  const changed = changedPaths(tested);
  const { isTest } = checkContext;
  if (changed.length > filesMax || !differsInTestsOnly(tested)) return null;
  const added = addedUnits(before, after);
  if (added.size === 0) return null;
  const none = (why: AddedTests["why_untried"]): AddedTests => ({
    tried: 0,
    ...(why === undefined ? {} : { why_untried: why }),
    noticing: 0,
    unnoticing: [...added].slice(0, listedMax),
  });
  const tests = await testFiles(changed.filter(isTest), tested);
  const files = await codeFiles(tested, tests);
  const plans = checkContext.plans.filter(({ runner }) => files.some(({ language }) => runsLanguage(runner, language)));
  const found = plans.length === 0 ? [] : await mutantsIn(files, mentionedBy(tests));
  if (found === null) return none("unreadable");
  if (found.length === 0) return none(undefined);
  const longestMs = Math.max(0, ...after.commands.map(({ duration_ms: ms }) => ms));
  if (8 * longestMs > timeMs) return none("no-time");
  checkContext.progress("checks: running added tests on mutants of the code");
  const began = performance.now();
  const run = (texts: ReadonlyMap<string, string>) =>
    runWithTexts(checkContext, candidate, { texts, plans, longestMs }, context);
  const control = new Map(files.map(({ path, text, language }) => [path, withComment(text, language)]));
  const flaky = flakyTests(matrix);
  for (let time = 1; ; time += 1) {
    const passes = await run(control);
    if (typeof passes === "string") return none(passes === "unbuildable" ? "control-failed" : "unavailable");
    if (passes.every((pass) => isGreenBut(pass, flaky))) break;
    if (time === controlRunsMax) return none("control-failed");
  }
  const left = new Set(added);
  let tried = 0;
  for (const { path, text } of found.slice(0, triedMax)) {
    if (left.size === 0 || performance.now() - began > timeMs - longestMs) break;
    const passes = await run(new Map([[path, text]]));
    if (passes === "unavailable") break;
    tried += 1;
    for (const unit of failedUnits(passes, plans)) left.delete(unit);
  }
  if (tried === 0) return none("unavailable");
  return { tried, noticing: added.size - left.size, unnoticing: [...left].slice(0, listedMax) };
}

/** Tests that pass with the change and that the base does not have. */
function addedUnits(before: Cell, after: Cell): Set<string> {
  const known = new Set(before.commands.flatMap(({ tests, format }) => [...testUnits(tests ?? [], format).keys()]));
  return new Set(
    after.commands.flatMap(({ tests, format }) =>
      [...testUnits(tests ?? [], format)].flatMap(([unit, result]) =>
        result === "green" && !known.has(unit) ? [unit] : [],
      ),
    ),
  );
}

function failedUnits(passes: CommandPass[] | "unbuildable", plans: CheckContext["plans"]): string[] {
  if (passes === "unbuildable") return [];
  return passes.flatMap(({ report }, index) =>
    [...testUnits(report?.tests ?? [], plans[index]?.runner?.format ?? "exit-code")].flatMap(([unit, result]) =>
      result === "red" ? [unit] : [],
    ),
  );
}

async function testFiles(
  paths: readonly string[],
  { checkContext, base, candidate }: TestedChange,
): Promise<TestText[]> {
  const read = async (entries: CheckEntries, path: string) => {
    const entry = entries.get(path);
    return entry?.mode.startsWith("100") === true
      ? (await readBlob(checkContext.objects, entry.id)).toString("utf8")
      : "";
  };
  const files: TestText[] = [];
  for (const path of paths) {
    const after = await read(candidate, path);
    // Code is close to tests that name it; an added file has no earlier text.
    files.push({ path, before: base.has(path) ? await read(base, path) : after, after });
  }
  return files;
}

/** Whether a mutant is within a function that the tests name. */
function mentionedBy(tests: readonly TestText[]): (mutant: Mutant) => boolean {
  const words = new Set(tests.flatMap(({ after }) => after.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []));
  return ({ within }) => within.some((name) => words.has(name));
}
