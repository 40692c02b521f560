/** Decides whether a change's new tests test the change: at least one of them must fail on the base's code. Pure and total. */
import type { Cell, Checks, TestMatrix } from "@aedev/contracts";
import { commandOf, type Key, type Results, resultsOf } from "./cell-results.ts";

/**
 * `added`: tests that only the candidate has. `red-on-base`: a test that passes on the candidate fails or can't even run on the old code, be it
 * an added test, an old test in its new form, or a test that already failed on the base. `green-on-base`: there are added tests, but no such test.
 * Tests that are flaky on the base are ignored, because they fail there by chance.
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
  // A skipped test does not fail, and a flaky test proves nothing.
  const isGreen = added.every((key) => ["pass", "skip", undefined].includes(old.get(key)));
  return { state: isGreen ? "green-on-base" : "unknown", added };
}

/**
 * Whether the test's command ended with 0. Then nothing prevented a missing test from running; its name may depend on the
 * code.
 */
export function endedWell({ commands }: Cell, key: Key): boolean {
  return commands[commandOf(key)]?.exit_code === 0;
}
