/**
 * Repeats runs that differ from the base, a bounded number of times. A test that is unstable on the base too says nothing about the change; a test
 * that is stable only on the base is newly flaky; a test that fails every time fails. Without differences nothing is run.
 */
import type { Cell, CommandResult } from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import type { CheckContext } from "../pass/pass.ts";
import { countRun, differenceOf, isDifferent, mergeRuns, revokes } from "./differences.ts";
import { type CellRequest, plainResults, proven, runPlain } from "./run-cell.ts";

/** Runs of one tree, the first included. */
const candidateRunsMax = 2;
const baseRunsMax = 3;

/** A cell that ran, with the request to run it again. */
export interface RanCell {
  request: CellRequest;
  cell: Cell;
  /** The result is from an old cache entry. Time alone can make a test fail, so the base is run again before a change is blamed. */
  isOld?: boolean;
}

/** Replaces `cell` of the base and the candidates by the merged result of all runs. True if the base was run. */
export async function runAgain(
  checkContext: CheckContext,
  cells: { base: RanCell; candidates: readonly RanCell[] },
  context: RunnerContext,
): Promise<boolean> {
  const { base } = cells;
  const differing = cells.candidates.filter(({ cell }) => isWorthAnotherRun(base.cell, cell));
  if (differing.length === 0) return false;
  for (const candidate of differing) candidate.cell = await candidateAgain(checkContext, { base, candidate }, context);
  let ranBase = false;
  // One more run confirms a steady failure; if a candidate's runs disagree, the base is run more often.
  while (
    runsOf(base.cell) < 2 ||
    (base.isOld === true && !ranBase) ||
    (runsOf(base.cell) < baseRunsMax && differing.some(({ cell }) => isUnsteady(base.cell, cell)))
  ) {
    checkContext.progress(`checks: ${base.request.name} again`);
    const again = plainResults(checkContext, base.request.kind, await runPlain(checkContext, base.request, context));
    base.cell = mergeCells(base.cell, again);
    ranBase = true;
  }
  return ranBase;
}

/** False if a command was stopped or is not trusted: more runs would not help. */
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
  checkContext: CheckContext,
  options: { base: RanCell; candidate: RanCell },
  context: RunnerContext,
): Promise<Cell> {
  const { base, candidate } = options;
  const { request } = candidate;
  let { cell } = candidate;
  while (runsOf(cell) < candidateRunsMax) {
    checkContext.progress(`checks: ${request.name} again, because it differs from the base`);
    const plain = await runPlain(checkContext, request, context);
    const claimed = plainResults(checkContext, request.kind, plain);
    const differences = differencesOf(base.cell, cell);
    const isClaim = claimed.some((again, index) => {
      const difference = differences[index];
      return difference !== undefined && revokes(difference, again);
    });
    // A result against the candidate needs no proof; a result in its favour is proven like the first one.
    cell = mergeCells(cell, isClaim ? await proven(checkContext, { request, plain }, context) : claimed);
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

/** Whether a result is unstable here but was stable on the base. */
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
