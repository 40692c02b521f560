/**
 * Compares what assertions wrote on new code with the same files' on the base (SECURITY T26): an assertion that passed on unequal operands, a failure
 * that no result shows, a value that newly decides itself what it is equal to, and assertions that are missing. Only what is the same in two runs of the base counts. Pure.
 *
 * Folder: assertions compared outside the process that makes them.
 */
import { counted, type TestResult } from "@aedev/contracts";
import type { Tally } from "./tally.ts";

/** What a command's assertions did on the base, in two runs alike. */
export interface BaseRecord {
  /** By file: calls of assertions, failed ones, and those with a value that compares by code of its own. */
  files: ReadonlyMap<string, FileCounts>;
  /** Assertions whose outcome is not what we take their operands to mean; on new code they say nothing either. */
  refuted: readonly string[];
  /** True if what they wrote could not be read; on new code that says nothing either. */
  isBroken: boolean;
}

/** A pass of a command: what was recorded, and where in each file text was appended that is not the file's own. */
export interface RecordedPass {
  tally: Tally;
  ends: ReadonlyMap<string, number>;
}

interface FileCounts {
  calls: number;
  failures: number;
  hidden: number;
}
type Counts = Map<string, FileCounts>;
const none: FileCounts = { calls: 0, failures: 0, hidden: 0 };

/** Null if nothing was recorded that can be compared. */
export function baseRecord(passes: readonly (RecordedPass | null)[]): BaseRecord | null {
  const known = passes.filter((pass) => pass !== null);
  const [first, ...others] = known.map(countsOf);
  if (first === undefined || known.length < passes.length) return null;
  if (known.some(({ tally }) => tally.isOver)) return null;
  const isBroken = known.some(({ tally }) => tally.isBroken);
  const files = [...first].filter(([path, counts]) => others.every((other) => isSame(counts, other.get(path) ?? none)));
  const refuted = [...new Set(known.flatMap(({ tally }) => tally.refuted))];
  return { files: new Map(isBroken ? [] : files), refuted, isBroken };
}

/**
 * What is wrong with the assertions of a command on new code; empty if nothing is. `isUnchanged`: true for a test file that is the base's; `tests`: the
 * command's report; `hasNewTests`: whether the change adds or edits test files. If it does, and more assertions were made than are recorded, a file with
 * few of them is no problem: the others may just not be recorded. A count is only wrong if it differs in every pass, because a pass that fails by chance
 * makes fewer assertions.
 */
export function recordProblems(
  passes: readonly (RecordedPass | null)[],
  base: BaseRecord | null,
  options: { isUnchanged: (path: string) => boolean; tests: readonly TestResult[]; hasNewTests: boolean },
): string[] {
  const known = passes.filter((pass) => pass !== null);
  if (base?.isBroken !== true && known.some(({ tally }) => tally.isBroken))
    return ["what its assertions wrote can't be read"];
  const refuted = [...new Set(known.flatMap(({ tally }) => tally.refuted))].filter(
    (text) => base?.refuted.includes(text) !== true,
  );
  const problems =
    refuted[0] === undefined
      ? []
      : [`an assertion passed although its operands say otherwise: ${refuted[0]}${more(refuted.length - 1)}`];
  if (base === null || known.length === 0) return problems;
  // Another cell runs the base's tests alone on the new code; there the counts are always compared.
  const isCounted = !options.hasNewTests || known.every(({ tally }) => !tally.isOver);
  const counts = known.map(countsOf);
  for (const [path, before] of base.files) {
    if (!options.isUnchanged(path)) continue;
    const results = resultsOf(path, options.tests);
    const now = counts.map((files) => files.get(path) ?? none);
    // A test that is still to be done may fail without a trace.
    const isPassing = results.every((result) => result === "pass");
    // A test that tries again until an assertion passes makes more calls than on the base, and as many that pass.
    const isLost = now.every(({ calls, failures }) => failures > 0 && calls - failures < before.calls);
    if (isPassing && before.failures === 0 && isLost)
      problems.push(`an assertion failed in ${path}, but all its tests are reported as passing`);
    const isGreen = results.every((result) => result === "pass" || result === "skip");
    if (isGreen && now.every(({ hidden }) => hidden > before.hidden))
      problems.push(`a value in ${path} compares by code of its own, and did not on the base`);
    if (isCounted && isGreen && now.every(({ calls }) => calls < before.calls)) {
      const most = Math.max(...now.map(({ calls }) => calls));
      problems.push(`${path} made ${counted(most, "assertion")}, and ${before.calls} on the base`);
    }
  }
  return problems;
}

function isSame(one: FileCounts, other: FileCounts): boolean {
  return one.calls === other.calls && one.failures === other.failures && one.hidden === other.hidden;
}

function countsOf({ tally, ends }: RecordedPass): Counts {
  const counts: Counts = new Map();
  for (const { path, line, calls, failures, hidden } of tally.sites) {
    if (path === "" || line >= (ends.get(path) ?? Number.POSITIVE_INFINITY)) continue;
    const before = counts.get(path) ?? none;
    counts.set(path, {
      calls: before.calls + calls,
      failures: before.failures + failures,
      hidden: before.hidden + hidden,
    });
  }
  return counts;
}

/** Reports that name files show a file's own results; others only those of all tests together. */
function resultsOf(path: string, tests: readonly TestResult[]): TestResult["result"][] {
  const own = tests.filter(({ id }) => id.startsWith(`${path} > `));
  return (own.length > 0 ? own : tests).map(({ result }) => result);
}

function more(count: number): string {
  return count === 0 ? "" : ` and ${count} more`;
}
