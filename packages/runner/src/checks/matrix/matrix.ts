/**
 * Runs the cells of the test matrix one after the other. Cells with the same tree share one marked result; the base's own cell can come from the cache.
 *
 * Folder: the cells of the test matrix, and results of a base that are kept.
 */
import { type Cell, cellNames, type TestMatrix, type WatchedPaths } from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import { composeCells, sameEntries } from "../../tree/cells.ts";
import { type CheckEntries, writeCheckTree } from "../../tree/check-tree.ts";
import { testsBesideCode, withTestsApart } from "../beside-code/tests-beside-code.ts";
import type { CheckContext } from "../pass/pass.ts";
import { type CheckedChange, proof, type TestedChange } from "../proof/proof.ts";
import type { Trace } from "../watch/read-trace.ts";
import { changedSupport, watchedPaths } from "../watch/watched-paths.ts";
import type { CellKind } from "./agree.ts";
import { baseKey, keepBase, readBase } from "./base-cache.ts";
import { isSilent } from "./differences.ts";
import { nothingProven, type PerturbedBase, runPerturbed } from "./perturbed-pass.ts";
import { confirmReds, type RanCell, runAgain, settleBase } from "./run-again.ts";
import { type Reached, type Recorded, runCell, runTracedCell } from "./run-cell.ts";

type CellName = (typeof cellNames)[number];

const baseName = "old-tests-old-code";
const ownTestsMax = 1000;
const noTests = "the repository names no test files, so old and new tests can't be distinguished";

/** Runs the cells, and finds out which changed files only tests use. */
export const testMatrix = proof({
  name: "test matrix",
  needs: {},
  async prove(change, _found, context): Promise<TestedChange> {
    const { checkContext, base, candidate, isControl } = change;
    const result = await runMatrix(change, context);
    const helpers = await changedSupport(result.watched, { ...checkContext, base, candidate });
    const isTestCode = (path: string) => isControl(path) || helpers.has(path);
    return { checkContext, base, candidate, ...result, isTestCode };
  },
});

type MatrixResult = Omit<TestedChange, "checkContext" | "base" | "candidate" | "isTestCode">;

async function runMatrix(change: CheckedChange, context: RunnerContext): Promise<MatrixResult> {
  const { checkContext } = change;
  const isInert = change.work.is_inert === true;
  if (checkContext.plans.length === 0) return nothingRan;
  const base = await runBaseCell(checkContext, change.base, context);
  const { reached, recorded } = base.ran.request;
  const { cells, ran, cellOf, ownTests, besideCode } = await runCells(change, base, context);
  const candidates = [...ran.values()].filter(({ request: { kind } }) => kind.newCode);
  const ranBase = await runAgain(checkContext, { base: base.ran, candidates }, context);
  const mixed = ran.get("new-tests-old-code");
  if (mixed !== undefined) await confirmReds(checkContext, { base: base.ran, mixed }, context);
  const kept = {
    cell: base.ran.cell,
    reached,
    recorded: recorded.commands,
    watched: base.watched,
    ...(ranBase || base.keptAt === undefined ? {} : { keptAt: base.keptAt }),
  };
  if (ranBase) keepBase(base.key, { ...kept, perturbed: base.perturbed }, context);
  const own = { name: "own control files", kind: kindOf("new-tests-new-code"), reached, recorded };
  const ownControl =
    change.ownControl === null ? null : await runCell(checkContext, { ...own, entries: change.ownControl }, context);
  const oldTests = cells["old-tests-new-code"];
  const after = cellOf("old-tests-new-code");
  // If the change's own tests fail with either version of the control files, it does not merge, and its green tests need no proof.
  const isRed = [cellOf("new-tests-new-code"), ownControl].every(
    (cell) => cell === null || isRedByItself(base.ran.cell, cell),
  );
  const perturbed = await runPerturbed(
    checkContext,
    {
      base: { entries: cells[baseName], cell: base.ran.cell },
      after: after.ran && !isRed && !isInert ? { entries: oldTests, cell: after, besideCode } : null,
      kept: base.perturbed,
    },
    context,
  );
  if (base.perturbed === null && perturbed.base !== null)
    keepBase(base.key, { ...kept, perturbed: perturbed.base }, context);
  const matrix: TestMatrix = {
    has_checks: true,
    cells: everyCell(cellOf),
    own_control: ownControl,
    ...(ownTests.length === 0 ? {} : { own_tests: ownTests }),
    ...(isInert ? { is_inert: true } : {}),
    ...(change.work.same_tests === undefined ? {} : { same_tests: change.work.same_tests }),
  };
  return { matrix, watched: base.watched, provenness: perturbed.provenness, oldTests };
}

/** Runs the other three cells. Cells with the same tree share one result. */
async function runCells(
  change: CheckedChange,
  { ran: base, watched }: Awaited<ReturnType<typeof runBaseCell>>,
  context: RunnerContext,
) {
  const { checkContext, candidate, isControl } = change;
  const { isTest } = checkContext;
  const besideCode = await testsBesideCode(checkContext, { base: change.base, candidate, isControl });
  const support = new Set(watched?.support ?? []);
  const isSupport = (path: string) => support.has(path) && !isControl(path);
  const same = new Set(change.work.same_tests);
  const isSameTest = (path: string) => same.has(path);
  const whole = composeCells({ base: change.base, candidate, isTest, isControl, isSupport, isSameTest });
  const cells = withTestsApart(whole, besideCode.files);
  // Without test globs, tests can't be distinguished from code.
  const hasTests = checkContext.testGlobs.length > 0;
  const ran = new Map<CellName, RanCell>([[baseName, base]]);
  const twins = new Map<CellName, CellName>();
  let ownTests = besideCode.unread.slice(0, ownTestsMax);
  for (const name of cellNames.slice(1)) {
    const isMixed = name === "old-tests-new-code" || name === "new-tests-old-code";
    if (isMixed && !hasTests) continue;
    const twin = [...ran.keys()].find((other) => sameEntries(cells[other], cells[name]));
    if (twin !== undefined) {
      twins.set(name, twin);
      continue;
    }
    const run = async (entries: CheckEntries) => {
      const request = { ...base.request, name, entries, kind: kindOf(name) };
      const cell = await runCell(checkContext, request, context);
      ran.set(name, { request, cell });
      return cell;
    };
    const { commands } = await run(cells[name]);
    // Tests inside code files may use private names. If the base's don't load on renamed code, the change's form of them counts, and the change asks.
    const isApart = name === "old-tests-new-code" && !sameEntries(cells[name], whole[name]);
    if (isApart && isSilent(base.cell.commands, commands)) {
      cells[name] = whole[name];
      ownTests = besideCode.files.map(({ path }) => path).slice(0, ownTestsMax);
      await run(cells[name]);
    }
  }
  const cellOf = (name: CellName): Cell => {
    const twin = twins.get(name);
    const found = ran.get(twin ?? name);
    if (found === undefined) return notRun(noTests);
    return twin === undefined ? found.cell : { ...found.cell, why_not: `same tree and result as ${twin}` };
  };
  return { cells, ran, cellOf, ownTests, besideCode: besideCode.files };
}

/**
 * Runs only the base's own cell, its tests on its code, and caches the result for later changes. `unwritable`: paths that the commands could not write, because
 * the checkout is sealed.
 */
export async function runBase(
  checkContext: CheckContext,
  entries: CheckEntries,
  context: RunnerContext,
): Promise<{ cell: Cell; unwritable: string[] }> {
  const key = await keyOf(checkContext, entries, context);
  const { ran, traces } = await runAndKeepBase(checkContext, { key, entries }, context);
  return {
    cell: ran.cell,
    unwritable: [...new Set(traces.flatMap((trace) => [...(trace?.refused ?? [])]))].toSorted(),
  };
}

async function keyOf(checkContext: CheckContext, entries: CheckEntries, context: RunnerContext): Promise<string> {
  const id = await writeCheckTree(checkContext.objects, entries);
  return baseKey(checkContext, { id, paths: entries.keys() }, context);
}

async function runAndKeepBase(
  checkContext: CheckContext,
  { key, entries }: { key: string; entries: CheckEntries },
  context: RunnerContext,
): Promise<{ ran: RanCell; watched: WatchedPaths | null; traces: (Trace | null)[] }> {
  const request = baseRequest(checkContext, entries);
  const { cell: first, traces } = await runTracedCell(checkContext, { ...request, isTraced: true }, context);
  const ran: RanCell = { request, cell: first };
  await settleBase(checkContext, ran, context);
  const outputs = checkContext.outputs?.paths ?? [];
  const watched = await watchedPaths(traces, { ...checkContext, entries, outputs });
  const found = { cell: ran.cell, reached: request.reached, recorded: request.recorded.commands, watched };
  if (!keepBase(key, found, context))
    checkContext.progress("checks: the base's result is too large to be kept, so every change runs the base again");
  return { ran, watched, traces };
}

/** The base's own cell from the cache; if it is not there, it is run and cached. */
async function runBaseCell(
  checkContext: CheckContext,
  entries: CheckEntries,
  context: RunnerContext,
): Promise<{
  key: string;
  ran: RanCell;
  watched: WatchedPaths | null;
  perturbed: PerturbedBase | null;
  keptAt?: number;
}> {
  const key = await keyOf(checkContext, entries, context);
  const known = await readBase(key, context);
  if (known !== null) {
    checkContext.progress(`checks: ${baseName} from the cache`);
    const { cell, reached, watched, isOld, perturbed = null, keptAt = 0 } = known;
    const recorded = { entries, commands: [...known.recorded] };
    const ran = { request: { ...baseRequest(checkContext, entries), reached, recorded }, cell, isOld };
    return { key, ran, watched, perturbed, keptAt };
  }
  const { ran, watched } = await runAndKeepBase(checkContext, { key, entries }, context);
  return { key, ran, watched, perturbed: null };
}

/** True if a command that succeeds on the base fails in every run of the change's own tests on its own code. */
function isRedByItself(base: Cell, own: Cell): boolean {
  return own.commands.some(
    ({ exit_code: last, exit_codes: codes }, index) =>
      base.commands[index]?.exit_code === 0 && [last, ...codes].every((code) => code !== 0),
  );
}

function baseRequest(checkContext: CheckContext, entries: CheckEntries) {
  const reached: Reached = checkContext.plans.map(() => null);
  const recorded: Recorded = { entries, commands: checkContext.plans.map(() => null) };
  return { name: baseName, entries, kind: kindOf(baseName), reached, recorded };
}

function kindOf(name: CellName): CellKind {
  return { newCode: name.endsWith("new-code"), mayBreak: name === "new-tests-old-code" };
}

function notRun(why: string): Cell {
  return { ran: false, why_not: why, commands: [], cached: null };
}

function everyCell(cellOf: (name: CellName) => Cell): TestMatrix["cells"] {
  return {
    "old-tests-old-code": cellOf("old-tests-old-code"),
    "old-tests-new-code": cellOf("old-tests-new-code"),
    "new-tests-old-code": cellOf("new-tests-old-code"),
    "new-tests-new-code": cellOf("new-tests-new-code"),
  };
}

const nothingRan: MatrixResult = {
  matrix: {
    has_checks: false,
    cells: everyCell(() => notRun("the repository names no verify command")),
    own_control: null,
  },
  watched: null,
  provenness: nothingProven,
  oldTests: null,
};
