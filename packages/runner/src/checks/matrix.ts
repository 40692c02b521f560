/** Runs the cells of the test matrix one after the other; cells with the same tree share one result, and say so. */
import { type Cell, cellNames, type TestMatrix } from "@aedev/core/wire";
import type { RunnerContext } from "../context.ts";
import { agree, type CellKind } from "./agree.ts";
import { type CellEntries, sameEntries } from "./cells.ts";
import { expectedFiles } from "./command/sentinel.ts";
import { type Bench, runPass } from "./pass.ts";
import type { Entries } from "./tree.ts";

type CellName = (typeof cellNames)[number];

export interface MatrixRequest {
  bench: Bench;
  cells: CellEntries;
  /** The candidate with its own control files; null where the patch changes none. */
  ownControl: Entries | null;
  /** False: the repository names no test files, so tests can't be told from code. */
  hasTests: boolean;
}

const noTests = "the repository names no test files, so that old and new tests can't be told apart";

/** Files whose sentinel answered on the base, by command; null until the first cell has run. */
type Reached = (ReadonlySet<string> | null)[];

export async function runMatrix(request: MatrixRequest, context: RunnerContext): Promise<TestMatrix> {
  const { bench, cells } = request;
  if (bench.plans.length === 0) {
    const none = notRun("the repository names no verify command");
    return {
      has_checks: false,
      cells: { ...(Object.fromEntries(cellNames.map((name) => [name, none])) as Record<CellName, Cell>) },
      own_control: null,
    };
  }
  const reached: Reached = bench.plans.map(() => null);
  const first = await runCell(
    request,
    { name: "old-tests-old-code", entries: cells["old-tests-old-code"], kind: kindOf("old-tests-old-code"), reached },
    context,
  );
  const done = new Map<CellName, Cell>([["old-tests-old-code", first]]);
  for (const name of cellNames.slice(1)) {
    const isMixed = name === "old-tests-new-code" || name === "new-tests-old-code";
    if (!request.hasTests && isMixed) {
      done.set(name, notRun(noTests));
      continue;
    }
    const twin = [...done.keys()].find((other) => done.get(other)?.ran && sameEntries(cells[other], cells[name]));
    const known = twin === undefined ? undefined : done.get(twin);
    done.set(
      name,
      known === undefined
        ? await runCell(request, { name, entries: cells[name], kind: kindOf(name), reached }, context)
        : { ...known, why_not: `the same tree as ${twin}: its result` },
    );
  }
  const ownControl =
    request.ownControl === null
      ? null
      : await runCell(
          request,
          { name: "own control files", entries: request.ownControl, kind: kindOf("new-tests-new-code"), reached },
          context,
        );
  const cell = (name: CellName) => done.get(name) ?? notRun("it was not reached");
  return {
    has_checks: true,
    cells: {
      "old-tests-old-code": first,
      "old-tests-new-code": cell("old-tests-new-code"),
      "new-tests-old-code": cell("new-tests-old-code"),
      "new-tests-new-code": cell("new-tests-new-code"),
    },
    own_control: ownControl,
  };
}

/** The base's own cell alone: its tests on its code. */
export async function runBase(bench: Bench, entries: Entries, context: RunnerContext): Promise<Cell> {
  const name = "old-tests-old-code";
  return runCell({ bench }, { name, entries, kind: kindOf(name), reached: bench.plans.map(() => null) }, context);
}

/** Fills `reached` where it is still unknown: by the first cell, the base's own. */
async function runCell(
  request: Pick<MatrixRequest, "bench">,
  cell: { name: string; entries: Entries; kind: CellKind; reached: Reached },
  context: RunnerContext,
): Promise<Cell> {
  const { bench } = request;
  bench.progress(`checks: ${cell.name}`);
  const plain = await runPass(bench, { entries: cell.entries, withSentinels: false }, context);
  const hasReports = bench.plans.some(({ runner }) => runner !== null);
  const sentinel = hasReports ? await runPass(bench, { entries: cell.entries, withSentinels: true }, context) : null;
  const commands = bench.plans.flatMap((plan, index) => {
    const run = plain[index];
    if (run === undefined) return [];
    const second = sentinel?.[index] ?? null;
    const known = cell.reached[index] ?? null;
    const expected = known === null || second === null ? null : expectedFiles(second.placed, known);
    const how = { kind: cell.kind, outputTailBytes: bench.limits.output_tail_bytes };
    const agreed = agree(plan, { plain: run, sentinel: second, expected }, how);
    if (known === null) cell.reached[index] = agreed.reached;
    return [agreed.command];
  });
  return { ran: true, why_not: null, commands, cached: null };
}

function kindOf(name: CellName): CellKind {
  return { newCode: name.endsWith("new-code"), mayBreak: name === "new-tests-old-code" };
}

function notRun(why: string): Cell {
  return { ran: false, why_not: why, commands: [], cached: null };
}
