/**
 * Finds the test files whose altered tests end the whole run, so that the tests of all other files can still be shown to fail. A failing test can end its
 * runner if it panics, exits, or leaves a global replaced for lack of a `finally`.
 */
import type { UnitResult } from "./test-units.ts";

/** Results of tests by name, one map per command. */
export type Units = readonly ReadonlyMap<string, UnitResult>[];

export interface AlteredRun {
  readonly units: Units;
  /** A limit ended the run; another run would take as long. */
  readonly reachedLimit: boolean;
}

/** Bounds further runs on a base. Finding one file of 64 takes at most twelve; files not found within the bound are left out with their neighbours. */
const runsMax = 14;
/** A run is whole if at least this share of the base's green tests has a result. A few altered tests may vanish, for example with a fixture of a class. */
const wholeShare = 0.9;

/**
 * Runs with all files altered. If more than a tenth of the results is missing, bisects until it knows which files end a run, then runs once more without them.
 * Returns the tests that failed in that run, by command, and the files to leave unaltered.
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
    // After a limit no further run is tried, because it would take as long.
    runs = reachedLimit ? runsMax : runs + 1;
    return !isWhole(units, green);
  };
  /** Searches a group that ends a run. */
  const find = async (group: readonly string[]): Promise<void> => {
    const [one, other] = halves(group);
    if (other.length === 0 || runs >= runsMax) {
      left.push(...group);
      return;
    }
    const isOne = await ends(one);
    if (isOne) await find(one);
    // If the first half does not end the run, the other half does.
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
