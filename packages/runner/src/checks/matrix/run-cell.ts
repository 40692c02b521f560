/** Runs one cell of the matrix: a plain pass and, where there is a report to be believed, one with sentinels. */
import type { Cell, CommandResult } from "@aedev/core/wire";
import type { RunnerContext } from "../../context.ts";
import { expectedFiles } from "../command/sentinel.ts";
import { type Bench, type CommandPass, runPass } from "../pass.ts";
import type { Entries } from "../tree.ts";
import { agree, type CellKind, plainResult } from "./agree.ts";

/** Files whose sentinel answered on the base, by command; null until the base's cell is known. */
export type Reached = (ReadonlySet<string> | null)[];

export interface CellRequest {
  name: string;
  entries: Entries;
  kind: CellKind;
  /** Filled where it is still unknown: by the base's own cell, which is the first. */
  reached: Reached;
}

export async function runCell(bench: Bench, request: CellRequest, context: RunnerContext): Promise<Cell> {
  bench.progress(`checks: ${request.name}`);
  const plain = await runPass(bench, { entries: request.entries, withSentinels: false }, context);
  return { ran: true, why_not: null, commands: await proven(bench, { request, plain }, context), cached: null };
}

/** A further plain pass, which is enough to say that what is red stays red. */
export function runPlain(bench: Bench, request: CellRequest, context: RunnerContext): Promise<CommandPass[]> {
  return runPass(bench, { entries: request.entries, withSentinels: false }, context);
}

export function plainResults(bench: Bench, kind: CellKind, plain: readonly CommandPass[]): CommandResult[] {
  const how = { kind, outputTailBytes: bench.limits.output_tail_bytes };
  return bench.plans.flatMap((plan, index) => {
    const run = plain[index];
    return run === undefined ? [] : [plainResult(plan, run, how)];
  });
}

/** What the plain pass says, with a pass with sentinels beside it. */
export async function proven(
  bench: Bench,
  of: { request: CellRequest; plain: readonly CommandPass[] },
  context: RunnerContext,
): Promise<CommandResult[]> {
  const { entries, kind, reached } = of.request;
  const hasSentinels = bench.plans.some(({ runner }) => runner?.sentinel != null);
  const sentinel = hasSentinels ? await runPass(bench, { entries, withSentinels: true }, context) : null;
  return bench.plans.flatMap((plan, index) => {
    const run = of.plain[index];
    if (run === undefined) return [];
    const second = sentinel?.[index] ?? null;
    const known = reached[index] ?? null;
    const expected = known === null || second === null ? null : expectedFiles(second.placed, known);
    const how = { kind, outputTailBytes: bench.limits.output_tail_bytes };
    const agreed = agree(plan, { plain: run, sentinel: second, expected }, how);
    if (known === null) reached[index] = agreed.reached;
    return [agreed.command];
  });
}
