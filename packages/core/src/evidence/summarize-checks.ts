/**
 * Reads the test matrix: which tests a change broke, lost, or turned from red to green, and what may be concluded.
 * Pure and total. Contract: whatever is unknown, missing or incomplete is never `green`.
 */
import type { Cell, Checks, CommandResult, TestMatrix, TestResult } from "../wire/index.ts";

const listMax = 1000;
const reasonsMax = 100;
const reasonCharsMax = 500;

/** A test within its command: two commands may both have a test named `adds`. */
type Key = string;
type Result = TestResult["result"];

/**
 * The summary control and policy read. `red`: a test the base passes is failing or gone on the candidate, a test of the candidate
 * fails, or a command's exit code turned non-zero. `base-red`: only what was red on the base still is. `exit-code-only`: nothing
 * speaks against the change, and some command gives no believable per-test results, so that a person has to look.
 */
export function summarizeChecks(matrix: TestMatrix): Checks {
  if (!matrix.has_checks) return { ...nothing, status: "none", reasons: ["the repository names no verify command"] };
  const cells = matrix.cells;
  const before = resultsOf(cells["old-tests-old-code"]);
  const oldTests = resultsOf(cells["old-tests-new-code"]);
  const newTests = resultsOf(cells["new-tests-new-code"]);
  const newTestsBefore = resultsOf(cells["new-tests-old-code"]);

  const newlyFailing = new Set<Key>();
  const vanished = new Set<Key>();
  for (const [key, result] of before) {
    if (result !== "pass") continue;
    for (const after of [
      cells["old-tests-new-code"].ran ? oldTests : null,
      cells["new-tests-new-code"].ran ? newTests : null,
    ]) {
      if (after === null) continue;
      if (after.get(key) === "fail") newlyFailing.add(key);
      // A test that the base runs and the candidate skips proves as little as one that is gone.
      else if (after.get(key) !== "pass") vanished.add(key);
    }
  }
  for (const [key, result] of newTests) if (result === "fail" && before.get(key) !== "fail") newlyFailing.add(key);

  const failToPass = cells["new-tests-old-code"].ran
    ? keysWhere(newTests, (key) => newTestsBefore.get(key) !== "pass" && before.get(key) !== "pass")
    : [];
  const passToPass = keysWhere(newTests, (key) => before.get(key) === "pass" && oldTests.get(key) === "pass");
  const incomplete = incompleteReasons(matrix);
  const exits = turnedNonZero(matrix);
  const weak = weaknesses(matrix);
  const stillRed = baseReds(matrix, before, [oldTests, newTests]);
  const lostForSure = vanished.size > 0 && incomplete.length === 0;
  const reasons = [
    ...named(newlyFailing, "newly failing"),
    ...named(vanished, "vanished"),
    ...exits,
    ...incomplete,
    ...stillRed,
    ...weak,
  ];
  return {
    ...nothing,
    status:
      newlyFailing.size > 0 || exits.length > 0 || lostForSure
        ? "red"
        : incomplete.length > 0
          ? "incomplete"
          : stillRed.length > 0
            ? "base-red"
            : weak.length > 0
              ? "exit-code-only"
              : "green",
    newly_failing: idsOf(newlyFailing),
    vanished: idsOf(vanished),
    fail_to_pass: idsOf(failToPass),
    pass_to_pass: passToPass.length,
    reasons: reasons.slice(0, reasonsMax).map((reason) => reason.slice(0, reasonCharsMax)),
  };
}

const nothing = {
  newly_failing: [],
  vanished: [],
  fail_to_pass: [],
  pass_to_pass: 0,
  newly_skipped: [],
  flaky: [],
  newly_flaky: [],
  new_tests: "unknown",
} as const satisfies Omit<Checks, "status" | "reasons">;

function resultsOf(cell: Cell): Map<Key, Result> {
  const results = new Map<Key, Result>();
  for (const [index, command] of cell.commands.entries()) {
    for (const test of command.tests ?? []) {
      const key = `${index}\n${test.id}`;
      // The same id twice can only be forged: the worse answer counts.
      if (!results.has(key) || test.result === "fail") results.set(key, test.result);
    }
  }
  return results;
}

function idsOf(keys: Iterable<Key>): string[] {
  const ids = new Set<string>();
  for (const key of keys) ids.add(key.slice(key.indexOf("\n") + 1));
  return [...ids].sort().slice(0, listMax);
}

function keysWhere(results: Map<Key, Result>, isWanted: (key: Key) => boolean): Key[] {
  return [...results].filter(([key, result]) => result === "pass" && isWanted(key)).map(([key]) => key);
}

function named(keys: ReadonlySet<Key>, what: string): string[] {
  return idsOf(keys)
    .slice(0, 20)
    .map((id) => `${what}: ${id}`);
}

/** What should have run and did not, or ran and can't be believed. */
function incompleteReasons(matrix: TestMatrix): string[] {
  const reasons: string[] = [];
  const first = matrix.cells["old-tests-old-code"];
  for (const name of ["old-tests-old-code", "new-tests-new-code"] as const) {
    if (!matrix.cells[name].ran)
      reasons.push(`${name} did not run: ${matrix.cells[name].why_not ?? "no reason is given"}`);
  }
  for (const [name, cell] of Object.entries(matrix.cells)) {
    if (!cell.ran) continue;
    if (cell.commands.length === 0) reasons.push(`${name} ran no command`);
    const same = cell.commands.length === first.commands.length;
    if (!same || cell.commands.some((command, index) => command.command !== first.commands[index]?.command))
      reasons.push(`${name} ran other commands than old-tests-old-code`);
    for (const command of cell.commands) {
      const why = whyIncomplete(command, name === "new-tests-old-code");
      if (why !== null) reasons.push(`${name}: ${command.command}: ${why}`);
    }
  }
  return reasons;
}

/** `mayBreak`: new tests on old code may fail to load or hang; that is a red result and not a gap. */
function whyIncomplete(command: CommandResult, mayBreak: boolean): string | null {
  if (command.incomplete !== null) return command.incomplete;
  const broke = mayBreak && command.exit_code !== 0;
  if (broke) return null;
  if (command.timed_out) return "it was stopped at its time limit";
  if (command.exit_code === null) return "it has no exit code";
  if (command.tests === null || command.sentinel === "none" || command.sentinel === "failed-as-it-must") {
    const failing = command.tests?.some((test) => test.result === "fail") === true;
    return failing && command.exit_code === 0 ? "tests are reported failing, and the exit code is 0" : null;
  }
  return `the sentinel test was ${command.sentinel}`;
}

function turnedNonZero(matrix: TestMatrix): string[] {
  const reasons: string[] = [];
  for (const [index, command] of matrix.cells["old-tests-old-code"].commands.entries()) {
    if (command.exit_code !== 0) continue;
    for (const name of ["old-tests-new-code", "new-tests-new-code"] as const) {
      const after = matrix.cells[name].commands[index];
      if (after !== undefined && after.exit_code !== null && after.exit_code !== 0)
        reasons.push(`${name}: ${after.command}: the exit code turned from 0 to ${after.exit_code}`);
    }
  }
  return reasons;
}

/** Reds of the base that the candidate has still, by test or by exit code. */
function baseReds(matrix: TestMatrix, before: Map<Key, Result>, after: readonly Map<Key, Result>[]): string[] {
  const still = [...before]
    .filter(([key, result]) => result === "fail" && after.some((results) => results.get(key) !== "pass"))
    .map(([key]) => key);
  const exits: string[] = [];
  for (const [index, command] of matrix.cells["old-tests-old-code"].commands.entries()) {
    const codes = [matrix.cells["old-tests-new-code"], matrix.cells["new-tests-new-code"]].map(
      (cell) => cell.commands[index]?.exit_code,
    );
    if (command.exit_code !== 0 && codes.some((code) => code !== 0 && code !== undefined))
      exits.push(`${command.command}: red on the base already (exit ${command.exit_code ?? "none"})`);
  }
  return [...named(new Set(still), "red on the base already"), ...exits];
}

/** Why the evidence, with nothing against it, is still only an exit code's worth. */
function weaknesses(matrix: TestMatrix): string[] {
  const reasons: string[] = [];
  for (const name of ["old-tests-new-code", "new-tests-old-code"] as const) {
    const cell = matrix.cells[name];
    if (!cell.ran) reasons.push(`${name} did not run: ${cell.why_not ?? "no reason is given"}`);
  }
  for (const [name, cell] of Object.entries(matrix.cells)) {
    for (const command of cell.commands) {
      if (command.tests === null) reasons.push(`${name}: ${command.command} gives only an exit code`);
      else if (command.tests.length === 0 && name === "new-tests-new-code")
        reasons.push(`${name}: ${command.command} ran no test`);
      else if (command.sentinel === "none") reasons.push(`${name}: ${command.command} has no sentinel test`);
    }
  }
  return [...new Set(reasons)];
}
