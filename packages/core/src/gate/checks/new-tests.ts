/** Decides whether a change's new tests test the change: at least one of them must fail on the base's code. Pure and total. */
import { type Cell, type Checks, type CommandResult, confirmingPasses, type TestMatrix } from "@aedev/contracts";
import { commandOf, type Key, type Results, resultsOf } from "./cell-results.ts";
import type { RedBefore } from "./red-before.ts";

/**
 * `added`: tests that only the candidate has. `red-on-base`: a test that passes on the candidate fails or can't even run on the old code; it is an added
 * test, an old test in its new form, or a test that already failed on the base. `green-on-base`: there are added tests, but no such test. Tests that are
 * flaky on the base are ignored, because they fail there by chance.
 */
export function readNewTests(
  matrix: TestMatrix,
  before: Results,
  red: RedBefore,
): { state: Checks["new_tests"]; added: Key[] } {
  const { "new-tests-new-code": own, "new-tests-old-code": onOldCode } = matrix.cells;
  if (!own.ran || !onOldCode.ran) return { state: "unknown", added: [] };
  const results = resultsOf(own);
  const old = resultsOf(onOldCode);
  const added = [...results.keys()].filter((key) => !before.has(key));
  const isRedBefore = (key: Key) =>
    red.inItsForm(key) || (red.isConcerned(key) && !old.has(key) && !endedWell(onOldCode, key));
  if ([...results].some(([key, result]) => result === "pass" && isRedBefore(key)))
    return { state: "red-on-base", added };
  if (exitCodesProve(matrix) === "red-on-base") return { state: "red-on-base", added };
  if (added.length === 0) {
    const isKnown = own.commands.every(({ tests }) => tests !== null);
    return { state: isKnown ? "none" : "unknown", added };
  }
  // A skipped test does not fail, and a flaky test proves nothing.
  const isGreen = added.every((key) => ["pass", "skip", undefined].includes(old.get(key)));
  return { state: isGreen ? "green-on-base" : "unknown", added };
}

/**
 * What the exit codes alone prove if no command of any cell gives a result for each test: 0/0/1/0 shows that the new tests fail on the old code, 0/0/0/0
 * that they do not. Exit code 1 counts only if it was repeated. Undefined for any other pattern, and for a command that was ended from outside or ended
 * with different codes.
 */
export function exitCodesProve({ cells }: TestMatrix): Checks["exit_codes"] {
  const codes = (cell: Cell) =>
    cell.ran && cell.commands.length > 0
      ? cell.commands.map((command) =>
          command.tests === null && command.incomplete === null && !command.timed_out && isSteady(command)
            ? command.exit_code
            : null,
        )
      : [null];
  const { "new-tests-old-code": mixed, ...others } = cells;
  if (!Object.values(others).every((cell) => codes(cell).every((code) => code === 0))) return undefined;
  const onOldCode = codes(mixed);
  if (onOldCode.includes(null)) return undefined;
  if (onOldCode.every((code) => code === 0)) return "green-on-base";
  return mixed.commands.some(({ exit_code, runs }) => exit_code !== 0 && runs >= confirmingPasses)
    ? "red-on-base"
    : undefined;
}

function isSteady({ exit_code, exit_codes }: CommandResult): boolean {
  return exit_codes.every((code) => code === exit_code);
}

/** Whether the test's command ended with 0. If so, a missing test was not prevented from running; its name may depend on the code. */
export function endedWell({ commands }: Cell, key: Key): boolean {
  return commands[commandOf(key)]?.exit_code === 0;
}
