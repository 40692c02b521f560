/**
 * Finds the test files whose altered tests end the run of all others, so that the rest can still be shown able to fail. A failing test can take its
 * runner with it: it leaves a global replaced because it has no `finally`, panics, or exits.
 */
import type { UnitResult } from "./test-units.ts";

/** Results by command, each by test. */
export type Units = readonly ReadonlyMap<string, UnitResult>[];

export interface AlteredRun {
  readonly units: Units;
  /** A limit ended it; another run would take as long. */
  readonly reachedLimit: boolean;
}

/** Further runs on a base; one broken file of a thousand takes at most ten. */
const runsMax = 12;
/** A run is whole if at least this share of the base's green tests has a result: altered tests may drop out, for example with a fixture of a class. */
const wholeShare = 0.9;

/**
 * Runs with all files altered and, if most results are missing, with halves of them, until it is known which files end a run. Returns the tests that
 * failed in any whole run, by command, and the files that are better left as they are.
 */
export async function runWithoutEnding(
  paths: readonly string[],
  { green, run }: { green: readonly ReadonlySet<string>[]; run: (paths: ReadonlySet<string>) => Promise<AlteredRun> },
): Promise<{ red: Set<string>[]; left: string[] }> {
  const first = await run(new Set(paths));
  const asItIs = { red: redOf(first.units), left: [] };
  if (first.reachedLimit || paths.length < 2 || isWhole(first.units, green)) return asItIs;
  // What failed in a run that ended early counts only if its file is altered in later runs too.
  const red = green.map(() => new Set<string>());
  const left: string[] = [];
  const groups = halves(paths);
  for (let runs = 0; groups.length > 0; runs += 1) {
    const group = groups.shift() ?? [];
    if (runs >= runsMax) {
      left.push(...group);
      continue;
    }
    const { units, reachedLimit } = await run(new Set(group));
    if (isWhole(units, green))
      for (const [index, tests] of redOf(units).entries()) for (const test of tests) red[index]?.add(test);
    else if (group.length === 1 || reachedLimit) left.push(...group);
    else groups.push(...halves(group));
  }
  return countOf(red) < countOf(asItIs.red) ? asItIs : { red, left: left.sort() };
}

const countOf = (tests: readonly ReadonlySet<string>[]) => tests.reduce((sum, { size }) => sum + size, 0);

function isWhole(units: Units, green: readonly ReadonlySet<string>[]): boolean {
  const reported = green.reduce(
    (sum, tests, index) => sum + [...tests].filter((test) => units[index]?.has(test) === true).length,
    0,
  );
  return reported >= countOf(green) * wholeShare;
}

function halves(paths: readonly string[]): string[][] {
  const middle = Math.ceil(paths.length / 2);
  return [paths.slice(0, middle), paths.slice(middle)].filter((half) => half.length > 0);
}

function redOf(units: Units): Set<string>[] {
  return units.map((results) => new Set([...results].flatMap(([test, result]) => (result === "red" ? [test] : []))));
}
