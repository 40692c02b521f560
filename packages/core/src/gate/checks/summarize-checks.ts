/**
 * Summarizes the test matrix: the tests that a change broke, lost or fixed. Pure and total. Contract: anything unknown, missing or incomplete is never
 * `green`.
 *
 * Folder: what follows from test results: broken, lost, flaky, new and moved tests.
 */
import {
  type Checks,
  type CommandResult,
  checksSchema,
  failsMoreOften,
  type NewNames,
  reasonText,
  type TestMatrix,
} from "@aedev/contracts";
import { hasFlakyExit, idsOf, type Key, named, type Results, resultKey, resultsOf } from "./cell-results.ts";
import { incompleteReasons } from "./incomplete-checks.ts";
import { endedWell, exitCodesProve, readNewTests } from "./new-tests.ts";
import { testsThatNeedControl } from "./own-control.ts";
import { redBefore } from "./red-before.ts";
import { movedTests, renamedKeys } from "./relocated-tests.ts";
import type { EditedFile, RenamedTest } from "./result-names.ts";
import { withNewNames } from "./same-tests.ts";
import { undoneTests } from "./undone-tests.ts";

const [reasonsMax, reasonCharsMax] = [100, 500];

/**
 * The summary of the checks that control and policy read. `red`: a test that passes on the base fails, is skipped or is missing on the candidate, a test
 * of the candidate fails, or a command's exit code became non-zero; a missing test that passes under another title is not missing. `base-red`: the only
 * failures are those of the base. `flaky`: tests that are stable on the base are flaky on the candidate, or fail there significantly more often.
 * `exit-code-only`: nothing failed, but a command gives no trustworthy result for each test. Other tests that are flaky on the base count neither for
 * nor against the change.
 */
export function summarizeChecks(matrix: TestMatrix, kind: ChangeKind = {}): Checks {
  const { checks, findings } = examine(matrix, kind);
  const reasons = findings.slice(0, reasonsMax).map(({ text }) => text.slice(0, reasonCharsMax).toWellFormed());
  return { ...checks, reasons };
}

/** `ofRevert`: the change takes a landed change back, so some of the base's tests go with it. `renamed`: tests that only got another title. `edited`: tests of the base that the change edited. */
interface ChangeKind {
  readonly ofRevert?: boolean;
  readonly renamed?: readonly RenamedTest[];
  readonly edited?: readonly EditedFile[];
  /** What tests and their code are called before and after. */
  readonly newNames?: NewNames | undefined;
}

/** The reasons in the summary, apart from newly failing and vanished tests. */
export function otherCheckReasons(matrix: TestMatrix, kind: ChangeKind = {}): string[] {
  return examine(matrix, kind)
    .findings.filter(({ isListed }) => !isListed)
    .map(({ text }) => text.slice(0, reasonCharsMax).toWellFormed());
}

interface Finding {
  readonly text: string;
  /** True if the summary also lists the test by name. */
  readonly isListed: boolean;
}

function examine(
  given: TestMatrix,
  { ofRevert = false, renamed: titles = [], edited = [], newNames }: ChangeKind = {},
): { checks: Omit<Checks, "reasons">; findings: readonly Finding[] } {
  const matrix = withNewNames(given, newNames);
  if (!matrix.has_checks) return { checks: nothing, findings: findings(["the repository names no verify command"]) };
  const cells = matrix.cells;
  const before = resultsOf(cells["old-tests-old-code"]);
  const oldTests = resultsOf(cells["old-tests-new-code"]);
  const newTests = resultsOf(cells["new-tests-new-code"]);
  const newTestsBefore = resultsOf(cells["new-tests-old-code"]);

  const against = compare(matrix, before);
  const { newlyFailing, vanished, newlySkipped, flaky, newlyFlaky } = against;
  const renamed = renamedKeys([...vanished], titles, { before, oldTests, newTests });
  for (const key of renamed.keys()) vanished.delete(key);
  const onOldCode = cells["new-tests-old-code"];
  const known = new Map([...before, ...[...renamed.values()].map((key) => [key, "pass"] as const)]);
  const red = redBefore(matrix, known, edited);
  const isUnrunBefore = (key: Key) => !newTestsBefore.has(key) && !endedWell(onOldCode, key);
  const isRedBefore = (key: Key) => red.inItsForm(key) || (isUnrunBefore(key) && (!known.has(key) || red.onBase(key)));
  const failToPass = onOldCode.ran ? keysWhere(newTests, isRedBefore) : [];
  const isGreenBefore = (key: Key) => before.get(key) === "pass" && oldTests.get(key) === "pass";
  const passToPass = keysWhere(newTests, (key) => isGreenBefore(key) && newTestsBefore.get(key) !== "fail");
  const incomplete = incompleteReasons(matrix, { ofRevert });
  const { turnedExits: exits, unsettled } = readExits(matrix, new Set([...flaky, ...newlyFlaky]));
  const weak = weaknesses(matrix);
  const knownFlaky = [...flaky].filter((key) => !newlyFlaky.has(key));
  const stillRed = baseReds(matrix, before, [oldTests, newTests]);
  const seen = { exits, incomplete, oldTests, newTests };
  const outdated = outdatedTests(against, seen);
  const isExplained = ({ failing }: TurnedExit) => failing.length > 0 && failing.every((key) => outdated.includes(key));
  const isAllOutdated = exits.every(isExplained) && [...stillRed, ...newlyFlaky, ...unsettled, ...weak].length === 0;
  const gone = goneTests(against, seen);
  const lostForSure = vanished.size + newlySkipped.size > 0 && incomplete.length === 0;
  const broken = brokenTests(against, { ...seen, before });
  const { state: newTestsState, added } = readNewTests(matrix, known, red);
  const skipped = added.filter((key) => newTests.get(key) === "skip");
  const untested = newTestsState === "green-on-base" ? idsOf(added) : [];
  const undone = ofRevert ? undoneTests(against, seen, cells["new-tests-new-code"]) : [];
  const listed = [...named(newlyFailing, "newly failing"), ...named(vanished, "vanished")];
  const others = [
    ...named(newlySkipped, "newly skipped"),
    ...exits.map(({ text }) => text),
    ...incomplete,
    ...stillRed,
    ...named(newlyFlaky, "newly flaky"),
    ...unsettled,
    ...named(knownFlaky, "flaky on the base too"),
    ...(untested.length > 0 ? [reasonText({ kind: "new-tests-green-on-base", tests: untested, more: 0 })] : []),
    ...weak,
  ];
  const proved = exitCodesProve(matrix);
  const checks = {
    status:
      newlyFailing.size > 0 || exits.length > 0 || lostForSure
        ? "red"
        : incomplete.length > 0
          ? "incomplete"
          : stillRed.length > 0
            ? "base-red"
            : newlyFlaky.size > 0 || unsettled.length > 0
              ? "flaky"
              : weak.length > 0
                ? "exit-code-only"
                : "green",
    newly_failing: idsOf(newlyFailing),
    vanished: idsOf(vanished),
    fail_to_pass: idsOf(failToPass),
    pass_to_pass: passToPass.length,
    newly_skipped: idsOf(newlySkipped),
    flaky: idsOf(knownFlaky),
    newly_flaky: idsOf(newlyFlaky),
    outdated: idsOf(outdated),
    ...(outdated.length === 0 || isAllOutdated ? {} : { outdated_beside: true as const }),
    needs_own_control: isElsewhereRed(against, seen)
      ? []
      : idsOf(testsThatNeedControl(newlyFailing, { before, oldTests, ownControl: matrix.own_control })),
    gone: idsOf(gone),
    moved: idsOf(movedTests(gone, { before, oldTests, newTests })),
    new_tests: newTestsState,
    untested,
    ...(matrix.build_writes === undefined ? {} : { build_writes: matrix.build_writes }),
    ...(matrix.own_tests === undefined ? {} : { own_tests: matrix.own_tests }),
    ...(renamed.size === 0 ? {} : { renamed: idsOf(renamed.keys()) }),
    ...(skipped.length === 0 ? {} : { skipped_new: idsOf(skipped) }),
    ...(matrix.skipped === undefined ? {} : { skipped: matrix.skipped }),
    ...(undone.length === 0 ? {} : { undone }),
    ...(broken.length === 0 || ofRevert ? {} : { broken: idsOf(broken) }),
    ...(proved === undefined ? {} : { exit_codes: proved }),
  } as const;
  return { checks, findings: [...findings(listed, true), ...findings(others)] };
}

function findings(texts: readonly string[], isListed = false): Finding[] {
  return texts.map((text) => ({ text, isListed }));
}

const nothing = checksSchema.parse({
  status: "none",
  newly_failing: [],
  vanished: [],
  fail_to_pass: [],
  pass_to_pass: 0,
  reasons: [],
});

interface Against {
  newlyFailing: Set<Key>;
  vanished: Set<Key>;
  newlySkipped: Set<Key>;
  /** Tests that are already flaky on the base. */
  flaky: Set<Key>;
  /** Tests that are flaky only on the candidate, or fail much more often there. */
  newlyFlaky: Set<Key>;
}

/** Compares the candidate's cells with the base's results, test by test. */
function compare({ cells }: TestMatrix, before: Results): Against {
  const found: Against = {
    newlyFailing: new Set(),
    vanished: new Set(),
    newlySkipped: new Set(),
    flaky: new Set([...before].filter(([, result]) => result === "flaky").map(([key]) => key)),
    newlyFlaky: new Set(),
  };
  for (const name of ["old-tests-new-code", "new-tests-new-code"] as const) {
    if (!cells[name].ran) continue;
    const after = resultsOf(cells[name]);
    for (const [key, result] of before) {
      if (result !== "pass") continue;
      const now = after.get(key);
      if (now === "fail") found.newlyFailing.add(key);
      // A test that the candidate skips proves as little as a missing test.
      else if (now === "skip") found.newlySkipped.add(key);
      else if (now === undefined) found.vanished.add(key);
    }
    for (const [key, result] of after) {
      if (result === "flaky" && !found.flaky.has(key)) found.newlyFlaky.add(key);
      const isOwn = name === "new-tests-new-code" && result === "fail";
      if (isOwn && before.get(key) !== "fail" && !found.flaky.has(key)) found.newlyFailing.add(key);
    }
    for (const [index, command] of cells[name].commands.entries()) {
      const first = cells["old-tests-old-code"].commands[index];
      const key = resultKey(index, `the exit code of ${command.command}`);
      if (first !== undefined && hasFlakyExit(first) && !hasFlakyTest(first)) found.flaky.add(key);
      else if (hasFlakyExit(command) && !hasFlakyTest(command)) found.newlyFlaky.add(key);
      if (first === undefined) continue;
      const worse = failsMoreOften(first, command);
      for (const id of worse.tests) found.newlyFlaky.add(resultKey(index, id));
      if (worse.exit) found.newlyFlaky.add(key);
    }
  }
  return found;
}

/** A command whose exit code changed from 0 to something else. */
interface TurnedExit {
  cell: keyof TestMatrix["cells"];
  text: string;
  /** Its tests that fail. */
  failing: readonly Key[];
}

interface Seen {
  exits: readonly TurnedExit[];
  incomplete: readonly string[];
  oldTests: Results;
  newTests: Results;
}

/** The base's own tests that fail, or that the change removed. Contract: empty if anything else is wrong. */
function brokenTests(
  { newlyFailing, vanished, newlySkipped }: Against,
  { incomplete, before, oldTests, newTests }: Omit<Seen, "exits"> & { before: Results },
): Key[] {
  const keys = [...new Set([...newlyFailing, ...vanished])];
  if (newlySkipped.size + incomplete.length > 0) return [];
  const isRemoved = (key: Key) => oldTests.get(key) === "pass" && !newTests.has(key);
  const isBroken = (key: Key) => before.get(key) === "pass" && (oldTests.get(key) === "fail" || isRemoved(key));
  return keys.every(isBroken) ? keys : [];
}

/** Failing old forms of edited tests. Contract: empty if anything else is red, gone, skipped or unknown. */
function outdatedTests({ newlyFailing, vanished, newlySkipped }: Against, seen: Seen): Key[] {
  const { exits, incomplete, oldTests, newTests } = seen;
  const isOnlyOld = exits.every(({ cell }) => cell === "old-tests-new-code");
  if (vanished.size + newlySkipped.size + incomplete.length > 0 || !isOnlyOld) return [];
  const keys = [...newlyFailing];
  return keys.every((key) => oldTests.get(key) === "fail" && newTests.get(key) === "pass") ? keys : [];
}

/** True if anything outside the cell of the change's own tests on its own code fails, is gone, is skipped or is unknown. */
function isElsewhereRed({ vanished, newlySkipped, newlyFlaky }: Against, { exits, incomplete }: Seen): boolean {
  const isOnlyNew = exits.every(({ cell }) => cell === "new-tests-new-code");
  return vanished.size + newlySkipped.size + newlyFlaky.size + incomplete.length > 0 || !isOnlyNew;
}

/** Vanished tests that the change removed. Contract: empty if anything else is red, gone, skipped or unknown; a failing test must be one of them in its old form. */
function goneTests({ newlyFailing, vanished, newlySkipped }: Against, seen: Seen): Key[] {
  const { exits, incomplete, oldTests, newTests } = seen;
  const isOnlyOld = exits.every(({ cell }) => cell === "old-tests-new-code");
  if (newlySkipped.size + incomplete.length > 0 || !isOnlyOld) return [];
  const isGone = (key: Key) => !newTests.has(key) && ["pass", "fail"].includes(oldTests.get(key) ?? "");
  return [...newlyFailing].every((key) => vanished.has(key)) && [...vanished].every(isGone) ? [...vanished] : [];
}

function hasFlakyTest({ tests }: CommandResult): boolean {
  return tests?.some(({ result }) => result === "flaky") === true;
}

function keysWhere(results: Results, isWanted: (key: Key) => boolean): Key[] {
  return [...results].filter(([key, result]) => result === "pass" && isWanted(key)).map(([key]) => key);
}

/**
 * Exit codes that changed from 0 to something else. If only `flaky` tests failed, that is not the change's fault, but the command never succeeded
 * either: the code is `unsettled`, and a person has to review it.
 */
function readExits({ cells }: TestMatrix, flaky: ReadonlySet<Key>): { turnedExits: TurnedExit[]; unsettled: string[] } {
  const turned: TurnedExit[] = [];
  const unsettled: string[] = [];
  for (const [index, command] of cells["old-tests-old-code"].commands.entries()) {
    if (command.exit_code !== 0) continue;
    for (const name of ["old-tests-new-code", "new-tests-new-code"] as const) {
      const after = cells[name].commands[index];
      if (after === undefined || after.exit_code === null || after.exit_code === 0) continue;
      const failing = (after.tests ?? []).filter(({ result }) => result === "fail" || result === "flaky");
      const where = `${name}: ${after.command}`;
      const isFlaky =
        after.tests === null || failing.length === 0
          ? hasFlakyExit(command) && !hasFlakyTest(command)
          : failing.every(({ id }) => flaky.has(resultKey(index, id)));
      if (isFlaky) unsettled.push(`${where}: it never ended with 0, although only flaky tests failed`);
      else
        turned.push({
          cell: name,
          text: `${where}: the exit code changed from 0 to ${after.exit_code}`,
          failing: failing.map(({ id }) => resultKey(index, id)),
        });
    }
  }
  return { turnedExits: turned, unsettled };
}

/** Failures of the base that the candidate still has, by test or exit code. */
function baseReds(matrix: TestMatrix, before: Results, after: readonly Results[]): string[] {
  const remaining = [...before]
    .filter(([key, result]) => result === "fail" && after.some((results) => results.get(key) !== "pass"))
    .map(([key]) => key);
  const exits: string[] = [];
  for (const [index, command] of matrix.cells["old-tests-old-code"].commands.entries()) {
    const codes = [matrix.cells["old-tests-new-code"], matrix.cells["new-tests-new-code"]].map(
      (cell) => cell.commands[index]?.exit_code,
    );
    if (command.exit_code !== 0 && codes.some((code) => code !== 0 && code !== undefined))
      exits.push(`${command.command}: already failing on the base (exit ${command.exit_code ?? "none"})`);
  }
  return [...named(new Set(remaining), "already failing on the base"), ...exits];
}

/** Why evidence without failures is still worth no more than an exit code. */
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
