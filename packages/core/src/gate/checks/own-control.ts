/** Tells which new tests fail only because control files are the base's, as a test does whose fixture the change adds to `conftest.py`. Pure and total. */
import type { Cell, CommandResult } from "@aedev/contracts";
import { type Key, type Results, resultsOf } from "./cell-results.ts";

/**
 * The newly failing tests, if each is new and passes with the change's own control files. Empty if any other one fails, or unless every test that
 * passes on the base passes with these files as well.
 */
export function testsThatNeedControl(newlyFailing: ReadonlySet<Key>, before: Results, ownControl: Cell | null): Key[] {
  if (ownControl === null || !ownControl.ran || !ownControl.commands.every(isGreen)) return [];
  const own = resultsOf(ownControl);
  const isKept = [...before].every(([key, result]) => result !== "pass" || own.get(key) === "pass");
  const keys = [...newlyFailing];
  return isKept && keys.every((key) => !before.has(key) && own.get(key) === "pass") ? keys : [];
}

function isGreen({ exit_code, exit_codes, incomplete, timed_out }: CommandResult): boolean {
  return !timed_out && incomplete === null && [exit_code, ...exit_codes].every((code) => code === 0);
}
