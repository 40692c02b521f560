/** Compares a candidate's results with the base's and merges several runs of one tree. Pure. */
import { type CommandResult, comparedTests, failuresOf, reportedTestsMax, type TestResult } from "@aedev/contracts";

export interface Difference {
  /** Tests that pass on the base but not here, and tests that fail here but not on the base. */
  tests: ReadonlySet<string>;
  /** Tests that fail by chance on the base and failed here: they may fail more often now. */
  compared: ReadonlySet<string>;
  /** The exit code changed from 0 to another value. */
  exit: boolean;
}

/** Finds only differences that count against the candidate; tests that it fixes need no second run. */
export function differenceOf(base: CommandResult, after: CommandResult): Difference {
  const now = resultsOf(after);
  const before = resultsOf(base);
  const tests = new Set<string>();
  for (const [id, result] of before) if (result === "pass" && now.get(id) !== "pass") tests.add(id);
  for (const [id, result] of now)
    if (result === "fail" && before.get(id) !== "fail" && before.get(id) !== "flaky") tests.add(id);
  const compared = new Set(comparedTests(base, after));
  return { tests, compared, exit: base.exit_code === 0 && after.exit_code !== null && after.exit_code !== 0 };
}

export function isDifferent({ tests, compared, exit }: Difference): boolean {
  return exit || tests.size + compared.size > 0;
}

/** True if a command that gives results on the base fails here without any, as if nothing could be compiled. */
export function isSilent(base: readonly CommandResult[], after: readonly CommandResult[]): boolean {
  const count = (command: CommandResult | undefined) => command?.tests?.length ?? 0;
  return base.some((command, index) => {
    const now = after[index];
    return count(command) > 0 && now?.exit_code !== 0 && count(now) === 0;
  });
}

/** With more failing tests, or a longer run, we don't test whether the failures happen by chance. */
const [chanceTestsMax, chanceMs] = [10, 60_000];

/** True if only a few of many tests fail, in each run so far. They may fail by chance. */
export function mayFailByChance({ tests, duration_ms: ms }: CommandResult): boolean {
  const count = (wanted: TestResult["result"]) => (tests ?? []).filter(({ result }) => result === wanted).length;
  const failed = count("fail");
  return failed > 0 && failed <= chanceTestsMax && ms <= chanceMs && count("pass") > 0;
}

/** True if no run ended with 0, although all failed tests are flaky here or on the base. */
export function isUnsettled({ exit_code, tests }: CommandResult, base?: CommandResult): boolean {
  const before = base === undefined ? null : resultsOf(base);
  const failing = (tests ?? []).filter(({ result }) => result === "fail" || result === "flaky");
  return (
    exit_code !== null &&
    exit_code !== 0 &&
    failing.length > 0 &&
    failing.every(({ id, result }) => result === "flaky" || before?.get(id) === "flaky")
  );
}

/** True if `again` contradicts part of the difference. */
export function revokes(difference: Difference, again: CommandResult): boolean {
  const now = resultsOf(again);
  return (
    (difference.exit && again.exit_code === 0) ||
    [...difference.tests, ...difference.compared].some((id) => now.get(id) === "pass")
  );
}

/**
 * Merges two runs: a test that passed in only one is flaky; a test that passed in neither keeps its worse result. Exit code and output come from
 * a failed run if a test fails in both, else from a run with exit code 0 if there is one.
 */
export function mergeRuns(first: CommandResult, again: CommandResult): CommandResult {
  const tests = first.tests === null || again.tests === null ? first.tests : mergeTests(first, again);
  const isRed = tests?.some(({ result }) => result === "fail") === true;
  const isWanted = ({ exit_code }: CommandResult) => (isRed ? exit_code !== 0 : exit_code === 0);
  const reported = !isWanted(first) && isWanted(again) ? again : first;
  return {
    ...first,
    exit_code: reported.exit_code,
    duration_ms: reported.duration_ms,
    output_tail: reported.output_tail,
    omitted_bytes: reported.omitted_bytes,
    tests,
    passes: (first.passes ?? first.runs) + (again.passes ?? again.runs),
    ...counted(first, again),
  };
}

/** An untrusted run is counted but does not change the first result. */
export function countRun(first: CommandResult, again: CommandResult): CommandResult {
  return { ...first, ...counted(first, again) };
}

function counted(first: CommandResult, again: CommandResult): Pick<CommandResult, "runs" | "exit_codes"> {
  const codes = first.exit_codes.length > 0 ? first.exit_codes : [first.exit_code];
  return { runs: first.runs + again.runs, exit_codes: [...codes, again.exit_code] };
}

function mergeTests(first: CommandResult, again: CommandResult): TestResult[] {
  const before = new Map((first.tests ?? []).map((test) => [test.id, test]));
  const after = new Map((again.tests ?? []).map((test) => [test.id, test]));
  const ids = [...before.keys(), ...[...after.keys()].filter((id) => !before.has(id))];
  return ids.slice(0, reportedTestsMax).map((id) => {
    const [one, other] = [before.get(id), after.get(id)];
    const result = mergeResults(one?.result, other?.result);
    return result === "flaky"
      ? { id, result, failed: failuresOf(first, one).failed + failuresOf(again, other).failed }
      : { id, result };
  });
}

type Answer = TestResult["result"] | undefined;

function mergeResults(one: Answer, other: Answer): TestResult["result"] {
  const answers = [one, other];
  if (one === other && one !== undefined) return one;
  if (answers.includes("flaky") || answers.includes("pass")) return "flaky";
  return answers.includes("fail") ? "fail" : "skip";
}

function resultsOf({ tests }: CommandResult): Map<string, TestResult["result"]> {
  return new Map((tests ?? []).map(({ id, result }) => [id, result]));
}
