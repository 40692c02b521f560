/** Finds new tests that fail only because they ran with the base's control files, such as a test whose fixture the change adds to `conftest.py`. Pure and total. */
import type { Cell, CommandResult } from "@aedev/contracts";
import { type Key, type Results, resultsOf } from "./cell-results.ts";

/**
 * The newly failing tests, if each of them is new and passes with the change's own control files. Empty if any other test fails, or if a test that
 * passes on the base fails on the new code with either version of these files.
 */
export function testsThatNeedControl(
  newlyFailing: ReadonlySet<Key>,
  { before, oldTests, ownControl }: { before: Results; oldTests: Results; ownControl: Cell | null },
): Key[] {
  if (ownControl === null || !ownControl.ran || !ownControl.commands.every(isGreen)) return [];
  const own = resultsOf(ownControl);
  const green = [...before].flatMap(([key, result]) => (result === "pass" ? [key] : []));
  const isKept = green.every((key) => own.get(key) === "pass" && oldTests.get(key) === "pass");
  const keys = [...newlyFailing];
  return isKept && keys.every((key) => !before.has(key) && own.get(key) === "pass") ? keys : [];
}

function isGreen({ exit_code, exit_codes, incomplete, timed_out }: CommandResult): boolean {
  return !timed_out && incomplete === null && [exit_code, ...exit_codes].every((code) => code === 0);
}
