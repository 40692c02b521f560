/** Whether a change's new tests test the change: the candidate's tests on the base's code have to be red somewhere. Pure and total. */
import type { Cell, Checks, TestMatrix } from "../wire/index.ts";
import { commandOf, type Key, type Results, resultsOf } from "./cell-results.ts";

/** How the sentence begins that names the new tests which are green on the base. */
export const untestedChange = "the new tests do not test the change: none is red on the base";

/**
 * `added`: tests that only the candidate has. `red-on-base`: a test that passes on the candidate fails or can't even run on the old code, be it
 * an added one, an old one in its new form, or one that the base had red already. `green-on-base`: there are added tests, and no such test. What is
 * flaky on the base is red there by chance.
 */
export function readNewTests(matrix: TestMatrix, before: Results): { state: Checks["new_tests"]; added: Key[] } {
  const { "new-tests-new-code": own, "new-tests-old-code": onOldCode } = matrix.cells;
  if (!own.ran || !onOldCode.ran) return { state: "unknown", added: [] };
  const results = resultsOf(own);
  const old = resultsOf(onOldCode);
  const added = [...results.keys()].filter((key) => !before.has(key));
  const isRedBefore = (key: Key) =>
    before.get(key) !== "flaky" && (old.get(key) === "fail" || (!old.has(key) && !endedWell(onOldCode, key)));
  if ([...results].some(([key, result]) => result === "pass" && isRedBefore(key)))
    return { state: "red-on-base", added };
  if (added.length === 0) {
    const isKnown = own.commands.every(({ tests }) => tests !== null);
    return { state: isKnown ? "none" : "unknown", added };
  }
  // A skipped test is red for nobody; one that differs from run to run says nothing.
  const isGreen = added.every((key) => ["pass", "skip", undefined].includes(old.get(key)));
  return { state: isGreen ? "green-on-base" : "unknown", added };
}

/**
 * The test's command ended with 0: a test that is missing there is not one that could not run, but one whose name, say, tells which code it
 * stands on.
 */
export function endedWell({ commands }: Cell, key: Key): boolean {
  return commands[commandOf(key)]?.exit_code === 0;
}
