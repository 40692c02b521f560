/** Tests whether a test that fails by chance on the base fails more often with a change: Fisher's exact test, one-sided, on the passes that were made. Pure. */
import type { CommandResult, TestResult } from "./evidence.ts";

/**
 * The level of the test: at most this share of the changes that make no test worse is asked about, over all tests of a command. The share that was measured
 * is lower, because ten passes have few outcomes; a level of 0.1 would overlook more. Measured with `npx -y pnpm@12.21.0 flaky:rates`, 4,000 changes a row, each of one cell:
 *
 * | fails on the base | with the change | asked about | further passes of the change, on average | passes of a tree, at most |
 * | --- | --- | --- | --- | --- |
 * | 10 % | 10 % | 6 % | 0.9 | 11 |
 * | 33 % | 33 % | 8 % | 2.9 | 11 |
 * | 50 % | 50 % | 13 % | 3.3 | 11 |
 * | 10 % | 60 % | 79 % | 3.3 | 11 |
 * | 10 % | 80 % | 96 % | 3.1 | 11 |
 * | 10 % | 90 % | 99 % | 2.9 | 11 |
 * | 33 % | 60 % | 47 % | 4.6 | 11 |
 * | 33 % | 80 % | 83 % | 5.2 | 11 |
 * | 33 % | 90 % | 96 % | 5.2 | 11 |
 *
 * The first three ask because the base's eleven passes showed no failure, or by the level. A suite so slow that ten minutes are not enough for ten passes is
 * compared on fewer, and shows less.
 */
const level = 0.2;

/** The most passes of a candidate that are compared with at least as many passes of its base. Only a command that never ended with 0 gets further passes. */
export const comparedPassesMax = 10;

/**
 * How many failures in a row on the old code prove a fix, if the change neither added nor edited the test, or if the command gives no results per test.
 * A test that fails in a third of its runs fails this often in a row once in two hundred times.
 */
export const confirmingPasses = 4;

interface Count {
  readonly failed: number;
  readonly of: number;
}

/** Stands for the command itself, if no test explains why its exit code differs from run to run. */
const ownExit = Symbol();
type Compared = string | typeof ownExit;

/** Tests, or the exit code itself, that fail by chance on the base and significantly more often with the change. */
export function failsMoreOften(base: CommandResult, after: CommandResult): { tests: string[]; exit: boolean } {
  const pairs = comparedPairs(base, after);
  const worse = pairs.filter((pair) => isMore(pair, pairs.length)).map(({ what }) => what);
  return { tests: worse.filter((what) => what !== ownExit), exit: worse.includes(ownExit) };
}

/** Whether something fails by chance on the base and the candidate had only one pass, as with a runner without sentinels. */
export function isSeenOnce(base: CommandResult, after: CommandResult): boolean {
  return (
    (after.passes ?? after.runs) === 1 &&
    (hasMixedExits(base) || base.tests?.some(({ result }) => result === "flaky") === true)
  );
}

/** Whether something fails by chance on the base and failed with the change. */
export function isCompared(base: CommandResult, after: CommandResult): boolean {
  return comparedPairs(base, after).length > 0;
}

/** The compared tests, without the command's own failure. */
export function comparedTests(base: CommandResult, after: CommandResult): string[] {
  return comparedPairs(base, after).flatMap(({ what }) => (what === ownExit ? [] : [what]));
}

/** Whether the candidate's remaining passes could change the result of `failsMoreOften`. */
export function mayStillDiffer(base: CommandResult, after: CommandResult): boolean {
  const pairs = comparedPairs(base, after);
  return pairs.some((pair) => {
    const left = Math.max(0, comparedPassesMax - pair.now.of);
    const ending = (failed: number) =>
      isMore({ ...pair, now: { failed: pair.now.failed + failed, of: pair.now.of + left } }, pairs.length);
    return ending(0) !== ending(left);
  });
}

interface Pair {
  readonly what: Compared;
  readonly before: Count;
  readonly now: Count;
}

function comparedPairs(base: CommandResult, after: CommandResult): Pair[] {
  const known = new Map((base.tests ?? []).map((test) => [test.id, test]));
  const flaky = [...known.values()].filter(({ result }) => result === "flaky");
  if (flaky.length === 0) {
    const [before, now] = [exitCount(base), exitCount(after)];
    const isExplained = after.tests?.some(({ result }) => result === "fail" || result === "flaky") === true;
    return hasMixedExits(base) && !isExplained && now.failed > 0 ? [{ what: ownExit, before, now }] : [];
  }
  const failed = (after.tests ?? []).filter(({ result }) => result === "fail" || result === "flaky");
  const here = new Map(failed.map((test) => [test.id, test]));
  return flaky.flatMap((test) => {
    const now = here.get(test.id);
    return now === undefined ? [] : [{ what: test.id, before: failuresOf(base, test), now: failuresOf(after, now) }];
  });
}

/** The number of passes over a tree in which a test did not pass, or was skipped or missing. */
export function failuresOf(command: CommandResult, test: TestResult | undefined): Count {
  const of = command.passes ?? command.runs;
  if (test?.result === "pass") return { failed: 0, of };
  // An earlier version's evidence does not count failures; its exit codes do.
  const counted = () => test?.failed ?? Math.max(1, exitCount(command).failed);
  return { failed: test?.result === "flaky" ? Math.min(of, counted()) : of, of };
}

function exitCount({ exit_codes, exit_code }: CommandResult): Count {
  const codes = exit_codes.length > 0 ? exit_codes : [exit_code];
  return { failed: codes.filter((code) => code !== 0).length, of: codes.length };
}

function hasMixedExits(command: CommandResult): boolean {
  const { failed, of } = exitCount(command);
  return failed > 0 && failed < of;
}

function isMore({ before, now }: Pair, compared: number): boolean {
  return chanceOfAsMany(before, now) <= level / compared;
}

/** The probability that at least this many of the failures fall to `now` if both sides fail equally often (the upper tail of the hypergeometric distribution). */
export function chanceOfAsMany(before: Count, now: Count): number {
  const failed = before.failed + now.failed;
  const all = ways(before.of + now.of, failed);
  let chance = 0;
  for (let count = now.failed; count <= Math.min(failed, now.of); count += 1)
    chance += (ways(now.of, count) * ways(before.of, failed - count)) / all;
  return chance;
}

function ways(of: number, chosen: number): number {
  if (chosen > of) return 0;
  let found = 1;
  for (let at = 1; at <= chosen; at += 1) found = (found * (of - chosen + at)) / at;
  return found;
}
