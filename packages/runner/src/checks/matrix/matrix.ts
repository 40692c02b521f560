/** Runs the cells of the test matrix one after the other. Cells with the same tree share one marked result; the base's own cell can come from the cache. */
import { type Cell, cellNames, type TestMatrix } from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import { type CellEntries, sameEntries } from "../../tree/cells.ts";
import { type CheckEntries, writeCheckTree } from "../../tree/check-tree.ts";
import type { CheckContext } from "../pass/pass.ts";
import type { CellKind } from "./agree.ts";
import { baseKey, keepBase, readBase } from "./base-cache.ts";
import { type RanCell, runAgain } from "./run-again.ts";
import { type Reached, runCell } from "./run-cell.ts";

type CellName = (typeof cellNames)[number];

export interface MatrixRequest {
  checkContext: CheckContext;
  cells: CellEntries;
  /** The candidate with its own control files; null if the patch changes none. */
  ownControl: CheckEntries | null;
  /** False: the repository names no test files, so tests can't be distinguished from code. */
  hasTests: boolean;
}

const baseName = "old-tests-old-code";
const noTests = "the repository names no test files, so old and new tests can't be distinguished";

export async function runMatrix(request: MatrixRequest, context: RunnerContext): Promise<TestMatrix> {
  const { checkContext, cells } = request;
  if (checkContext.plans.length === 0) {
    const none = notRun("the repository names no verify command");
    return {
      has_checks: false,
      cells: { ...(Object.fromEntries(cellNames.map((name) => [name, none])) as Record<CellName, Cell>) },
      own_control: null,
    };
  }
  const base = await runBaseCell(checkContext, cells[baseName], context);
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
    ran.set(name, { request: cellRequest, cell: await runCell(checkContext, cellRequest, context) });
  }
  const candidates = [...ran.values()].filter(({ request: { kind } }) => kind.newCode);
  const ranBase = await runAgain(checkContext, { base: base.ran, candidates }, context);
  if (ranBase) keepBase(base.key, { cell: base.ran.cell, reached }, context);
  const ownControl =
    request.ownControl === null
      ? null
      : await runCell(
          checkContext,
          { name: "own control files", entries: request.ownControl, kind: kindOf("new-tests-new-code"), reached },
          context,
        );
  const cell = (name: CellName): Cell => {
    const twin = twins.get(name);
    const found = ran.get(twin ?? name);
    if (found === undefined) return notRun(noTests);
    return twin === undefined ? found.cell : { ...found.cell, why_not: `same tree and result as ${twin}` };
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

/** Runs only the base's own cell, its tests on its code, and caches the result for later changes. */
export async function runBase(
  checkContext: CheckContext,
  entries: CheckEntries,
  context: RunnerContext,
): Promise<Cell> {
  const key = baseKey(checkContext, await writeCheckTree(checkContext.objects, entries), context);
  const request = baseRequest(checkContext, entries);
  const cell = await runCell(checkContext, request, context);
  keepBase(key, { cell, reached: request.reached }, context);
  return cell;
}

/** The base's own cell from the cache; if it is not there, it is run and cached. */
async function runBaseCell(
  checkContext: CheckContext,
  entries: CheckEntries,
  context: RunnerContext,
): Promise<{ key: string; ran: RanCell }> {
  const key = baseKey(checkContext, await writeCheckTree(checkContext.objects, entries), context);
  const known = await readBase(key, context);
  if (known !== null) {
    checkContext.progress(`checks: ${baseName} from the cache`);
    const { cell, reached, isOld } = known;
    return { key, ran: { request: { ...baseRequest(checkContext, entries), reached }, cell, isOld } };
  }
  const request = baseRequest(checkContext, entries);
  const cell = await runCell(checkContext, request, context);
  keepBase(key, { cell, reached: request.reached }, context);
  return { key, ran: { request, cell } };
}

function baseRequest(checkContext: CheckContext, entries: CheckEntries) {
  const reached: Reached = checkContext.plans.map(() => null);
  return { name: baseName, entries, kind: kindOf(baseName), reached };
}

function kindOf(name: CellName): CellKind {
  return { newCode: name.endsWith("new-code"), mayBreak: name === "new-tests-old-code" };
}

function notRun(why: string): Cell {
  return { ran: false, why_not: why, commands: [], cached: null };
}
