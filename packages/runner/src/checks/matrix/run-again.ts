/**
 * Repeats runs that differ from the base, a bounded number of times. A test that is unstable on the base too runs until both rates of failure can be compared;
 * one that is unstable only with the change is newly flaky; one that fails every time fails. Without differences nothing is repeated.
 */
import {
  type Cell,
  type CommandResult,
  comparedPassesMax,
  confirmingPasses,
  isCompared,
  isSeenOnce,
  mayStillDiffer,
} from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import type { CheckContext } from "../pass/pass.ts";
import { keptRunsMax } from "./base-cache.ts";
import {
  countRun,
  differenceOf,
  isDifferent,
  isUnsettled,
  mayFailByChance,
  mergeRuns,
  revokes,
} from "./differences.ts";
import { type CellRequest, plainResults, proven, runPlain } from "./run-cell.ts";

/** The total number of runs of one tree: to confirm a result, and to see a command with only flaky failures end with 0. */
const [confirmingRuns, settlingRunsMax] = [2, 8];
/** Runs of the base in search of a chance failure: a test that fails in one of three runs stays unseen in one search of fifty. */
const baseRunsMax = keptRunsMax;
/** Runs of a base whose failures may be chance. */
const redBaseRunsMax = 4;
/** Runs of a candidate whose rate of failure is compared; each has at least one pass. */
const comparedRunsMax = comparedPassesMax;
/** No further run begins once a tree's runs took this long in total. */
const allRunsMs = 600_000;

/** A cell that ran, with the request to run it again. */
export interface RanCell {
  request: CellRequest;
  cell: Cell;
  /** The result comes from an old cache entry. Time alone can make a test fail, so the base runs again before a change is blamed. */
  isOld?: boolean;
}

/** Runs a tree once more. `claimed`: the result of the plain pass; `prove`: adds a pass with sentinels. */
export type RunOnce = (
  checkContext: CheckContext,
  request: CellRequest,
  context: RunnerContext,
) => Promise<{ claimed: CommandResult[]; prove: () => Promise<CommandResult[]> }>;

const inContainers: RunOnce = async (checkContext, request, context) => {
  const plain = await runPlain(checkContext, request, context);
  return {
    claimed: plainResults(checkContext, request.kind, plain),
    prove: () => proven(checkContext, { request, plain }, context),
  };
};

/** Repeats a base while a few of its tests fail, perhaps by chance, or until a command with only flaky failures ends with 0. */
export async function settleBase(
  checkContext: CheckContext,
  base: RanCell,
  context: RunnerContext,
  runOnce: RunOnce = inContainers,
): Promise<void> {
  if (!isTrusted(base.cell)) return;
  while (
    (runsOf(base.cell) < redBaseRunsMax && base.cell.commands.some(mayFailByChance)) ||
    (mayRun(base.cell, settlingRunsMax) && base.cell.commands.some((command) => isUnsettled(command)))
  )
    await runBaseAgain(checkContext, base, { context, runOnce });
}

/** Replaces `cell` of the base and the candidates by the merged result of all runs. Returns true if the base ran. */
export async function runAgain(
  checkContext: CheckContext,
  cells: { base: RanCell; candidates: readonly RanCell[] },
  context: RunnerContext,
  runOnce: RunOnce = inContainers,
): Promise<boolean> {
  const { base } = cells;
  const how = { context, runOnce };
  const differing = cells.candidates.filter(({ cell }) => isWorthAnotherRun(base.cell, cell));
  if (differing.length === 0) return false;
  for (const candidate of differing)
    await candidateAgain(checkContext, { base, candidate, isEnough: (cell) => runsOf(cell) >= confirmingRuns }, how);
  let ranBase = false;
  // One more run confirms a steady failure. If the candidate's runs disagree, the base runs until its own disagree too, and then further to learn its rate.
  const isInDoubt = ({ cell }: RanCell) => isUnsteady(base.cell, cell) || anyCommand(base.cell, cell, isCompared);
  while (
    runsOf(base.cell) < confirmingRuns ||
    (base.isOld === true && !ranBase) ||
    (mayRun(base.cell, baseRunsMax) && differing.some(isInDoubt))
  ) {
    await runBaseAgain(checkContext, base, how);
    ranBase = true;
  }
  const isEnough = (cell: Cell) =>
    !(mayRun(cell, settlingRunsMax) && anyCommand(base.cell, cell, (before, now) => isUnsettled(now, before))) &&
    !(mayRun(cell, comparedRunsMax) && anyCommand(base.cell, cell, mayStillDiffer));
  for (const candidate of differing) await candidateAgain(checkContext, { base, candidate, isEnough }, how);
  return ranBase;
}

/** Repeats new tests on old code while tests fail there that pass on the base: an untouched test that fails by chance would count as fixed. */
export async function confirmReds(
  checkContext: CheckContext,
  { base, mixed }: { base: RanCell; mixed: RanCell },
  context: RunnerContext,
  runOnce: RunOnce = inContainers,
): Promise<void> {
  if (!isTrusted(mixed.cell)) return;
  while (mayRun(mixed.cell, confirmingPasses) && anyCommand(base.cell, mixed.cell, isUnconfirmed)) {
    checkContext.progress(`checks: ${mixed.request.name} again, because tests fail there that pass on the base`);
    const { claimed } = await runOnce(checkContext, mixed.request, context);
    mixed.cell = mergeCells(mixed.cell, claimed);
  }
}

function isUnconfirmed(before: CommandResult, now: CommandResult): boolean {
  if (Math.max(now.passes ?? 1, now.runs) >= confirmingPasses) return false;
  if (now.tests === null || before.tests === null) return before.exit_code === 0 && now.exit_code !== 0;
  const green = new Set(before.tests.flatMap(({ id, result }) => (result === "pass" ? [id] : [])));
  return now.tests.some(({ id, result }) => result === "fail" && green.has(id));
}

interface How {
  context: RunnerContext;
  runOnce: RunOnce;
}

async function runBaseAgain(checkContext: CheckContext, base: RanCell, { context, runOnce }: How): Promise<void> {
  checkContext.progress(`checks: ${base.request.name} again`);
  const { claimed } = await runOnce(checkContext, base.request, context);
  base.cell = mergeCells(base.cell, claimed);
}

/** False if a command was stopped or is not trusted: more runs would not help. */
function isWorthAnotherRun(base: Cell, cell: Cell): boolean {
  if (!isTrusted(base) || !isTrusted(cell)) return false;
  return differencesOf(base, cell).some(isDifferent) || anyCommand(base, cell, isSeenOnce);
}

function isTrusted({ commands }: Cell): boolean {
  return commands.every(({ timed_out, incomplete }) => !timed_out && incomplete === null);
}

function anyCommand(base: Cell, cell: Cell, is: (before: CommandResult, now: CommandResult) => boolean): boolean {
  return cell.commands.some((now, index) => {
    const before = base.commands[index];
    return before !== undefined && is(before, now);
  });
}

function differencesOf(base: Cell, cell: Cell) {
  return cell.commands.flatMap((command, index) => {
    const before = base.commands[index];
    return before === undefined ? [] : [differenceOf(before, command)];
  });
}

async function candidateAgain(
  checkContext: CheckContext,
  { base, candidate, isEnough }: { base: RanCell; candidate: RanCell; isEnough: (cell: Cell) => boolean },
  { context, runOnce }: How,
): Promise<void> {
  const { request } = candidate;
  while (!isEnough(candidate.cell)) {
    checkContext.progress(`checks: ${request.name} again, because it differs from the base`);
    const { claimed, prove } = await runOnce(checkContext, request, context);
    const differences = differencesOf(base.cell, candidate.cell);
    const isClaim = claimed.some((again, index) => {
      const difference = differences[index];
      return difference !== undefined && revokes(difference, again);
    });
    // A result against the candidate needs no proof; one in its favour is proven like the first.
    const again = isClaim ? await prove() : claimed;
    candidate.cell = mergeCells(candidate.cell, again);
  }
}

function mergeCells(cell: Cell, again: readonly CommandResult[]): Cell {
  const commands = cell.commands.map((first, index) => {
    const second = again[index];
    if (second === undefined) return first;
    return second.incomplete === null && !second.timed_out ? mergeRuns(first, second) : countRun(first, second);
  });
  return { ...cell, commands };
}

function runsOf({ commands }: Cell): number {
  return Math.min(...commands.map(({ runs }) => runs));
}

function mayRun(cell: Cell, runsMax: number): boolean {
  const onceMs = cell.commands.reduce((sum, { duration_ms: ms }) => sum + ms, 0);
  const runs = runsOf(cell);
  return runs <= confirmingRuns || (runs < runsMax && (runs + 1) * onceMs <= allRunsMs);
}

/** True if a result is unstable here but was stable on the base. */
function isUnsteady(base: Cell, cell: Cell): boolean {
  return cell.commands.some(({ tests, exit_codes }, index) => {
    const before = base.commands[index];
    const known = new Set((before?.tests ?? []).filter(({ result }) => result === "flaky").map(({ id }) => id));
    const isOwn = tests?.some(({ id, result }) => result === "flaky" && !known.has(id)) === true;
    return isOwn || (isMixed(exit_codes) && !isMixed(before?.exit_codes ?? []));
  });
}

function isMixed(codes: readonly (number | null)[]): boolean {
  return codes.includes(0) && codes.some((code) => code !== 0);
}
