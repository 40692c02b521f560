/**
 * Runs again what differs from the base, a bounded number of times: a test that differs from run to run on the base too says nothing of the
 * change, one that is steady there and not here is newly flaky, one that is red each time is red. Where nothing differs nothing is run.
 */
import type { Cell, CommandResult } from "@aedev/core/wire";
import type { RunnerContext } from "../../context.ts";
import type { Bench } from "../pass.ts";
import { countRun, differenceOf, isDifferent, mergeRuns, takesBack } from "./differences.ts";
import { type CellRequest, plainResults, proven, runPlain } from "./run-cell.ts";

/** Runs of one tree, the first one among them. */
const candidateRunsMax = 2;
const baseRunsMax = 3;

/** A cell that ran, with what it takes to run it again. */
export interface RanCell {
  request: CellRequest;
  cell: Cell;
  /** It was kept a while ago. A test may turn red by the calendar alone, so the base is asked again before a change is blamed. */
  isOld?: boolean;
}

/** Replaces `cell` of the base and of the candidates by what all runs together say. True where the base was run. */
export async function runAgain(
  bench: Bench,
  cells: { base: RanCell; candidates: readonly RanCell[] },
  context: RunnerContext,
): Promise<boolean> {
  const { base } = cells;
  const differing = cells.candidates.filter(({ cell }) => isWorthAnotherRun(base.cell, cell));
  if (differing.length === 0) return false;
  for (const candidate of differing) candidate.cell = await candidateAgain(bench, { base, candidate }, context);
  let ranBase = false;
  // Once is enough to confirm what is red each time; what a candidate's runs disagree about is asked of the base more often.
  while (
    runsOf(base.cell) < 2 ||
    (base.isOld === true && !ranBase) ||
    (runsOf(base.cell) < baseRunsMax && differing.some(({ cell }) => isUnsteady(base.cell, cell)))
  ) {
    bench.progress(`checks: ${base.request.name} again`);
    const again = plainResults(bench, base.request.kind, await runPlain(bench, base.request, context));
    base.cell = mergeCells(base.cell, again);
    ranBase = true;
  }
  return ranBase;
}

/** Not where a command was stopped or can't be believed: that is no difference of results, and more runs mend nothing. */
function isWorthAnotherRun(base: Cell, cell: Cell): boolean {
  const all = [...base.commands, ...cell.commands];
  if (all.some(({ timed_out, incomplete }) => timed_out || incomplete !== null)) return false;
  return differencesOf(base, cell).some(isDifferent);
}

function differencesOf(base: Cell, cell: Cell) {
  return cell.commands.flatMap((command, index) => {
    const before = base.commands[index];
    return before === undefined ? [] : [differenceOf(before, command)];
  });
}

async function candidateAgain(
  bench: Bench,
  of: { base: RanCell; candidate: RanCell },
  context: RunnerContext,
): Promise<Cell> {
  const { base, candidate } = of;
  const { request } = candidate;
  let { cell } = candidate;
  while (runsOf(cell) < candidateRunsMax) {
    bench.progress(`checks: ${request.name} again, because it differs from the base`);
    const plain = await runPlain(bench, request, context);
    const claimed = plainResults(bench, request.kind, plain);
    const differences = differencesOf(base.cell, cell);
    const isClaim = claimed.some((again, index) => {
      const difference = differences[index];
      return difference !== undefined && takesBack(difference, again);
    });
    // Against the candidate its own word is enough; what speaks for it has to be proven as the first time.
    cell = mergeCells(cell, isClaim ? await proven(bench, { request, plain }, context) : claimed);
  }
  return cell;
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

/** A result that differs from run to run here and has not done so on the base. */
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
