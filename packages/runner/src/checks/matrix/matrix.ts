/** Runs the cells of the test matrix one after the other; cells with the same tree share one result, and say so. The base's own may come from the cache. */
import { type Cell, cellNames, type TestMatrix } from "@aedev/core/wire";
import type { RunnerContext } from "../../context.ts";
import { type CellEntries, sameEntries } from "../cells.ts";
import type { Bench } from "../pass.ts";
import { type Entries, writeEntries } from "../tree.ts";
import type { CellKind } from "./agree.ts";
import { baseKey, keepBase, readBase } from "./base-cache.ts";
import { type RanCell, runAgain } from "./run-again.ts";
import { type Reached, runCell } from "./run-cell.ts";

type CellName = (typeof cellNames)[number];

export interface MatrixRequest {
  bench: Bench;
  cells: CellEntries;
  /** The candidate with its own control files; null where the patch changes none. */
  ownControl: Entries | null;
  /** False: the repository names no test files, so tests can't be told from code. */
  hasTests: boolean;
}

const baseName = "old-tests-old-code";
const noTests = "the repository names no test files, so that old and new tests can't be told apart";

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
  const base = await runBaseCell(bench, cells[baseName], context);
  const { reached } = base.ran.request;
  const ran = new Map<CellName, RanCell>([[baseName, base.ran]]);
  const twins = new Map<CellName, CellName>();
  for (const name of cellNames.slice(1)) {
    const isMixed = name === "old-tests-new-code" || name === "new-tests-old-code";
    if (!request.hasTests && isMixed) continue;
    const twin = [...ran.keys()].find((other) => sameEntries(cells[other], cells[name]));
    if (twin !== undefined) {
      twins.set(name, twin);
      continue;
    }
    const cellRequest = { name, entries: cells[name], kind: kindOf(name), reached };
    ran.set(name, { request: cellRequest, cell: await runCell(bench, cellRequest, context) });
  }
  const candidates = [...ran.values()].filter(({ request: { kind } }) => kind.newCode);
  const ranBase = await runAgain(bench, { base: base.ran, candidates }, context);
  if (ranBase) keepBase(base.key, { cell: base.ran.cell, reached }, context);
  const ownControl =
    request.ownControl === null
      ? null
      : await runCell(
          bench,
          { name: "own control files", entries: request.ownControl, kind: kindOf("new-tests-new-code"), reached },
          context,
        );
  const cell = (name: CellName): Cell => {
    const twin = twins.get(name);
    const found = ran.get(twin ?? name);
    if (found === undefined) return notRun(noTests);
    return twin === undefined ? found.cell : { ...found.cell, why_not: `the same tree as ${twin}: its result` };
  };
  return {
    has_checks: true,
    cells: {
      "old-tests-old-code": cell("old-tests-old-code"),
      "old-tests-new-code": cell("old-tests-new-code"),
      "new-tests-old-code": cell("new-tests-old-code"),
      "new-tests-new-code": cell("new-tests-new-code"),
    },
    own_control: ownControl,
  };
}

/** The base's own cell alone: its tests on its code. It is always run, and kept for the changes to come. */
export async function runBase(bench: Bench, entries: Entries, context: RunnerContext): Promise<Cell> {
  const key = baseKey(bench, await writeEntries(bench.objects, entries), context);
  const request = baseRequest(bench, entries);
  const cell = await runCell(bench, request, context);
  keepBase(key, { cell, reached: request.reached }, context);
  return cell;
}

/** From the cache where it has this very base, else run and kept. */
async function runBaseCell(
  bench: Bench,
  entries: Entries,
  context: RunnerContext,
): Promise<{ key: string; ran: RanCell }> {
  const key = baseKey(bench, await writeEntries(bench.objects, entries), context);
  const known = await readBase(key, context);
  if (known !== null) {
    bench.progress(`checks: ${baseName} from the cache`);
    const { cell, reached, isOld } = known;
    return { key, ran: { request: { ...baseRequest(bench, entries), reached }, cell, isOld } };
  }
  const request = baseRequest(bench, entries);
  const cell = await runCell(bench, request, context);
  keepBase(key, { cell, reached: request.reached }, context);
  return { key, ran: { request, cell } };
}

function baseRequest(bench: Bench, entries: Entries) {
  const reached: Reached = bench.plans.map(() => null);
  return { name: baseName, entries, kind: kindOf(baseName), reached };
}

function kindOf(name: CellName): CellKind {
  return { newCode: name.endsWith("new-code"), mayBreak: name === "new-tests-old-code" };
}

function notRun(why: string): Cell {
  return { ran: false, why_not: why, commands: [], cached: null };
}
