/**
 * Compares the assertions recorded on new code with those on the base (SECURITY T26). It finds an assertion that passed on unequal operands, a failure that no
 * result shows, a value whose comparison newly runs its own code, and missing assertions. Only counts that are equal in two runs of the base are used. Pure.
 *
 * Folder: assertions compared outside the process that makes them.
 */
import { counted, type TestResult } from "@aedev/contracts";
import type { Tally } from "./tally.ts";

/** A command's assertions on the base, as far as two runs agree. */
export interface BaseRecord {
  /** By file: number of assertions, of failed ones, and of those with a value that compares by its own code. */
  files: ReadonlyMap<string, FileCounts>;
  /** Assertions that pass on the base although their operands say otherwise to us. On new code they are ignored. */
  refuted: readonly string[];
  /** True if the base's record could not be read. Then an unreadable record on new code is no problem either. */
  isBroken: boolean;
}

/** The record of one pass of a command, and the line in each file from which on text was appended. */
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

/** Null if nothing comparable was recorded. */
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
 * The problems with a command's assertions on new code; empty if there are none. `isUnchanged`: true for a test file that is the base's. `tests`: the command's
 * report. `hasNewTests`: the change adds or edits test files. If it does and more assertions were made than can be recorded, low counts are no problem. A count
 * is only a problem if it is wrong in every pass, because a pass that fails by chance makes fewer assertions.
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
  // Another cell runs the base's tests alone on the new code, and always compares the counts.
  const isCounted = !options.hasNewTests || known.every(({ tally }) => !tally.isOver);
  const counts = known.map(countsOf);
  for (const [path, before] of base.files) {
    if (!options.isUnchanged(path)) continue;
    const results = resultsOf(path, options.tests);
    const now = counts.map((files) => files.get(path) ?? none);
    // A test marked "todo" may fail without a trace.
    const isPassing = results.every((result) => result === "pass");
    // A test that retries an assertion makes more calls than on the base, of which as many pass.
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

/** The file's own results if the report names files, otherwise the results of all tests. */
function resultsOf(path: string, tests: readonly TestResult[]): TestResult["result"][] {
  const own = tests.filter(({ id }) => id.startsWith(`${path} > `));
  return (own.length > 0 ? own : tests).map(({ result }) => result);
}

function more(count: number): string {
  return count === 0 ? "" : ` and ${count} more`;
}
