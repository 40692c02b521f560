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

async function runMatrix(
  change: CheckedChange,
  context: RunnerContext,
): Promise<Omit<TestedChange, "checkContext" | "base" | "candidate" | "isTestCode">> {
  const { checkContext, candidate, isControl } = change;
  const { isTest } = checkContext;
  if (checkContext.plans.length === 0) {
    const none = notRun("the repository names no verify command");
    const cells = { ...(Object.fromEntries(cellNames.map((name) => [name, none])) as Record<CellName, Cell>) };
    return {
      matrix: { has_checks: false, cells, own_control: null },
      watched: null,
      provenness: nothingProven,
      oldTests: null,
    };
  }
  const besideCode = await testsBesideCode(checkContext, { base: change.base, candidate, isControl });
  const base = await runBaseCell(checkContext, change.base, context);
  const { watched } = base;
  const support = new Set(watched?.support ?? []);
  const isSupport = (path: string) => support.has(path) && !isControl(path);
  const whole = composeCells({ base: change.base, candidate, isTest, isControl, isSupport });
  const cells = withTestsApart(whole, besideCode.files);
  const { reached, recorded } = base.ran.request;
  // Without names of test files, tests can't be distinguished from code.
  const hasTests = checkContext.testGlobs.length > 0;
  const ran = new Map<CellName, RanCell>([[baseName, base.ran]]);
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
      const cellRequest = { name, entries, kind: kindOf(name), reached, recorded };
      ran.set(name, { request: cellRequest, cell: await runCell(checkContext, cellRequest, context) });
    };
    await run(cells[name]);
    // Tests beside code may use what is private there. If they don't even load on code that was renamed, the change's own form of them counts, and asks.
    if (
      name === "old-tests-new-code" &&
      !sameEntries(cells[name], whole[name]) &&
      isSilent(base.ran.cell.commands, ran.get(name)?.cell.commands ?? [])
    ) {
      cells[name] = whole[name];
      ownTests = besideCode.files.map(({ path }) => path).slice(0, ownTestsMax);
      await run(cells[name]);
    }
  }
  const candidates = [...ran.values()].filter(({ request: { kind } }) => kind.newCode);
  const ranBase = await runAgain(checkContext, { base: base.ran, candidates }, context);
  const mixed = ran.get("new-tests-old-code");
  if (mixed !== undefined) await confirmReds(checkContext, { base: base.ran, mixed }, context);
  const kept = {
    cell: base.ran.cell,
    reached,
    recorded: recorded.commands,
    watched,
    ...(ranBase || base.keptAt === undefined ? {} : { keptAt: base.keptAt }),
  };
  if (ranBase) keepBase(base.key, { ...kept, perturbed: base.perturbed }, context);
  const ownControl =
    change.ownControl === null
      ? null
      : await runCell(
          checkContext,
          {
            name: "own control files",
            entries: change.ownControl,
            kind: kindOf("new-tests-new-code"),
            reached,
            recorded,
          },
          context,
        );
  const cell = (name: CellName): Cell => {
    const twin = twins.get(name);
    const found = ran.get(twin ?? name);
    if (found === undefined) return notRun(noTests);
    return twin === undefined ? found.cell : { ...found.cell, why_not: `same tree and result as ${twin}` };
  };
  const after = cell("old-tests-new-code");
  // A change whose own tests fail with either version of the control files does not merge: it needs no proof that green tests can fail.
  const isRed = [cell("new-tests-new-code"), ownControl].every(
    (own) => own === null || isRedByItself(base.ran.cell, own),
  );
  const perturbed = await runPerturbed(
    checkContext,
    {
      base: { entries: cells[baseName], cell: base.ran.cell },
      after:
        after.ran && !isRed
          ? { entries: cells["old-tests-new-code"], cell: after, besideCode: besideCode.files }
          : null,
      kept: base.perturbed,
    },
    context,
  );
  if (base.perturbed === null && perturbed.base !== null)
    keepBase(base.key, { ...kept, perturbed: perturbed.base }, context);
  const matrix: TestMatrix = {
    has_checks: true,
    cells: {
      "old-tests-old-code": cell("old-tests-old-code"),
      "old-tests-new-code": cell("old-tests-new-code"),
      "new-tests-old-code": cell("new-tests-old-code"),
      "new-tests-new-code": cell("new-tests-new-code"),
    },
    own_control: ownControl,
    ...(ownTests.length === 0 ? {} : { own_tests: ownTests }),
  };
  return { matrix, watched, provenness: perturbed.provenness, oldTests: cells["old-tests-new-code"] };
}

/**
 * Runs only the base's own cell, its tests on its code, and caches the result for later changes. `unwritable`: paths that the commands could not
 * write because the checkout is sealed.
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

/** A command that succeeds on the base fails in every run with the change's own tests on its own code. */
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
