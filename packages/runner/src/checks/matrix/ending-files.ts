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

/** Further runs on a base. One file of 64 takes at most twelve; what is not found within these is left with the files near it. */
const runsMax = 14;
/** A run is whole if at least this share of the base's green tests has a result: altered tests may drop out, for example with a fixture of a class. */
const wholeShare = 0.9;

/**
 * Runs with all files altered and, if more than a tenth of the results is missing, with halves of them, until it is known which files end a run; then once more with all others. Returns the
 * tests that failed in that run, by command, and the files that are better left as they are.
 */
export async function runWithoutEnding(
  paths: readonly string[],
  { green, run }: { green: readonly ReadonlySet<string>[]; run: (paths: ReadonlySet<string>) => Promise<AlteredRun> },
): Promise<{ red: Set<string>[]; left: string[] }> {
  const first = await run(new Set(paths));
  const asItIs = { red: redOf(first.units), left: [] };
  if (first.reachedLimit || paths.length < 2 || isWhole(first.units, green)) return asItIs;
  const left: string[] = [];
  let runs = 0;
  const ends = async (group: readonly string[]) => {
    const { units, reachedLimit } = await run(new Set(group));
    // Another run would take as long.
    runs = reachedLimit ? runsMax : runs + 1;
    return !isWhole(units, green);
  };
  /** Of a group that ends a run. */
  const find = async (group: readonly string[]): Promise<void> => {
    const [one, other] = halves(group);
    if (other.length === 0 || runs >= runsMax) {
      left.push(...group);
      return;
    }
    const isOne = await ends(one);
    if (isOne) await find(one);
    // If it is not the one, it is the other.
    if (!isOne || runs >= runsMax || (await ends(other))) await find(other);
  };
  await find(paths);
  const rest = await run(new Set(paths.filter((path) => !left.includes(path))));
  const red = redOf(rest.units);
  return !isWhole(rest.units, green) || countOf(red) < countOf(asItIs.red) ? asItIs : { red, left: left.sort() };
}

const countOf = (tests: readonly ReadonlySet<string>[]) => tests.reduce((sum, { size }) => sum + size, 0);

function isWhole(units: Units, green: readonly ReadonlySet<string>[]): boolean {
  const reported = green.reduce(
    (sum, tests, index) => sum + [...tests].filter((test) => units[index]?.has(test) === true).length,
    0,
  );
  return reported >= countOf(green) * wholeShare;
}

function halves(paths: readonly string[]): [string[], string[]] {
  const middle = Math.ceil(paths.length / 2);
  return [paths.slice(0, middle), paths.slice(middle)];
}

function redOf(units: Units): Set<string>[] {
  return units.map((results) => new Set([...results].flatMap(([test, result]) => (result === "red" ? [test] : []))));
}
