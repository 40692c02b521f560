/** Runs one cell of the matrix: a plain pass and, if a report needs proof, a pass with sentinels. */
import type { Cell, CommandResult } from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import type { CheckEntries } from "../../tree/check-tree.ts";
import { expectedFiles } from "../command/sentinel.ts";
import { type CheckContext, type CommandPass, runPass } from "../pass/pass.ts";
import { type BaseRecord, baseRecord, recordProblems } from "../record/adjudicate.ts";
import type { Trace } from "../watch/read-trace.ts";
import { agree, type CellKind, failingFiles, plainResult, withProblems } from "./agree.ts";

/** Files whose sentinel was reported on the base, by command; null before the base's cell ran. */
export type Reached = (ReadonlySet<string> | null)[];

/** The base's files and its assertion counts by command, filled by the first cell. */
export interface Recorded {
  entries: CheckEntries;
  commands: (BaseRecord | null)[];
}

/** Maximum number of pairs of passes in one cell; a further pair runs if the last one's reports differ. */
const pairsMax = 3;

export interface CellRequest {
  name: string;
  entries: CheckEntries;
  kind: CellKind;
  /** Filled by the first cell, the base's own. */
  reached: Reached;
  recorded: Recorded;
}

export async function runCell(checkContext: CheckContext, request: CellRequest, context: RunnerContext): Promise<Cell> {
  return (await runTracedCell(checkContext, { ...request, isTraced: false }, context)).cell;
}

/** Like `runCell`, but also traces what the plain pass of each command does with files. */
export async function runTracedCell(
  checkContext: CheckContext,
  request: CellRequest & { isTraced: boolean },
  context: RunnerContext,
): Promise<{ cell: Cell; traces: (Trace | null)[] }> {
  const { entries, isTraced } = request;
  checkContext.progress(`checks: ${request.name}`);
  const plain = await runPass(checkContext, { entries, withSentinels: false, isTraced }, context);
  const first = await agreed(checkContext, { request, plain }, context);
  const commands = await untilSteady(first, async () => {
    checkContext.progress(`checks: ${request.name} again, because its passes reported different tests`);
    return agreed(checkContext, { request, plain: await runPlain(checkContext, request, context) }, context);
  });
  return { cell: { ran: true, why_not: null, commands, cached: null }, traces: plain.map(({ trace }) => trace) };
}

/** The results by command of a plain pass and one with sentinels. `isUnsteady`: another pair may agree where this one does not. */
export interface PairOfPasses {
  readonly commands: readonly CommandResult[];
  readonly isUnsteady: readonly boolean[];
}

/** For each command, the result of the first pair that agrees; of the last pair if none does. */
export async function untilSteady(first: PairOfPasses, another: () => Promise<PairOfPasses>): Promise<CommandResult[]> {
  let [commands, isUnsteady] = [[...first.commands], [...first.isUnsteady]];
  for (let pair = 2; pair <= pairsMax && isUnsteady.includes(true); pair += 1) {
    const again = await another();
    commands = commands.map((command, index) => (isUnsteady[index] ? (again.commands[index] ?? command) : command));
    isUnsteady = isUnsteady.map((was, index) => was && again.isUnsteady[index] === true);
  }
  return commands;
}

/** Runs another plain pass, which is enough to confirm failures. */
export function runPlain(
  checkContext: CheckContext,
  request: CellRequest,
  context: RunnerContext,
): Promise<CommandPass[]> {
  return runPass(checkContext, { entries: request.entries, withSentinels: false }, context);
}

export function plainResults(
  checkContext: CheckContext,
  kind: CellKind,
  plain: readonly CommandPass[],
): CommandResult[] {
  const resultOptions = { kind, outputTailBytes: checkContext.limits.output_tail_bytes };
  return checkContext.plans.flatMap((plan, index) => {
    const run = plain[index];
    return run === undefined ? [] : [plainResult(plan, run, resultOptions)];
  });
}

/** The results of the plain pass, checked by a pass with sentinels. */
export async function proven(...given: Parameters<typeof agreed>): Promise<CommandResult[]> {
  return [...(await agreed(...given)).commands];
}

async function agreed(
  checkContext: CheckContext,
  options: { request: CellRequest; plain: readonly CommandPass[] },
  context: RunnerContext,
): Promise<PairOfPasses> {
  const { entries, kind, reached, recorded } = options.request;
  const hasSentinels = checkContext.plans.some(({ runner }) => runner?.sentinel != null);
  // A command that ran out of time proves nothing, and its second pass would take as long.
  const isOverTime = options.plain.every(({ result }) => result.timedOut);
  const sentinel =
    hasSentinels && !isOverTime ? await runPass(checkContext, { entries, withSentinels: true }, context) : null;
  const isAsOnBase = (path: string) =>
    recorded.entries.has(path) && entries.get(path)?.id === recorded.entries.get(path)?.id;
  const failing = checkContext.plans.map((plan, index) => failingFiles(plan, sentinel?.[index] ?? null));
  const isUnsteady: boolean[] = [];
  const commands = checkContext.plans.flatMap((plan, index) => {
    const run = options.plain[index];
    if (run === undefined) return [];
    const second = sentinel?.[index] ?? null;
    const known = reached[index] ?? null;
    const tests = run.report?.tests ?? [];
    const others = new Set(failing.flatMap((files, other) => (other === index ? [] : [...files])));
    const silence = {
      isUnchanged: isAsOnBase,
      plain: tests,
      selects: plan.selects,
      folder: plan.folder,
      others,
    };
    const expected = known === null || second === null ? null : expectedFiles(second.placed, known, silence);
    const resultOptions = { kind, outputTailBytes: checkContext.limits.output_tail_bytes };
    const passes = { plain: run, sentinel: second, expected, reachedBefore: known };
    const both = agree(plan, passes, resultOptions);
    isUnsteady.push(both.isUnsteady);
    const records = second === null ? [run.record] : [run.record, second.record];
    if (known === null) {
      reached[index] = both.reached;
      recorded.commands[index] = baseRecord(records);
    }
    if (!kind.newCode) return [both.command];
    const isUnchanged = (path: string) => checkContext.isTest(path) && isAsOnBase(path);
    const hasNewTests = [...entries.keys()].some((path) => checkContext.isTest(path) && !isAsOnBase(path));
    const problems = recordProblems(records, recorded.commands[index] ?? null, { isUnchanged, tests, hasNewTests });
    return [withProblems(both.command, problems)];
  });
  return { commands, isUnsteady };
}
