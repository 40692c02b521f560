/**
 * Shows that green tests can fail (SECURITY T26): runs the base's tests with one altered expectation each, once on the base, where the result is cached, and
 * once on the new code. If a test fails on the base but passes on the new code, its green result proves nothing. Nothing in the container shows that files are
 * altered.
 */
import { randomBytes } from "node:crypto";
import { boundedProvenness, type Cell, type TestProvenness, type UnprovenReason } from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import { sameEntries } from "../../tree/cells.ts";
import { type CheckEntries, type CheckEntry, readBlob, writeBlob } from "../../tree/check-tree.ts";
import { type BesideCode, joinTests } from "../beside-code/tests-beside-code.ts";
import { type CheckContext, runPass } from "../pass/pass.ts";
import { type FileAnswer, perturbFiles } from "../perturb/perturb-files.ts";
import { type AlteredRun, runWithoutEnding } from "./ending-files.ts";
import { testUnits } from "./test-units.ts";

const fileBytesMax = 1024 * 1024;
/** Once files reach this total, the others stay unaltered. */
const allBytesMax = 32 * 1024 * 1024;

/** Further runs on both sides in which a blamed test must stay green on the new code. In a single run, one test in twenty does so by chance. */
const blamingRounds = 3;

/** The base's results with altered expectations. */
export interface PerturbedBase {
  /** Decides the altered values; the same for every change on this base. */
  seed: string;
  /** Tests that failed, by command. */
  red: readonly (readonly string[])[];
  /** Files that are not altered, because their altered tests end the whole run. */
  left: readonly string[];
}
interface RanTree {
  entries: CheckEntries;
  cell: Cell;
}
interface Altered {
  files: readonly FileAnswer[];
  /** The base's id and the altered id by path. */
  ids: ReadonlyMap<string, { base: string; altered: string }>;
}

/** Used if no test of the base is green before and after the change. */
export const nothingProven = boundedProvenness({
  proven: 0,
  unproven: [],
  stayedGreen: [],
});

/** `after`: the base's tests on the new code; null if they did not run. `kept`: from the cache. Returns what to cache; null if nothing ran. */
export async function runPerturbed(
  checkContext: CheckContext,
  trees: {
    base: RanTree;
    after: (RanTree & { readonly besideCode: readonly BesideCode[] }) | null;
    kept: PerturbedBase | null;
  },
  context: RunnerContext,
): Promise<{ provenness: TestProvenness; base: PerturbedBase | null }> {
  const { base, after, kept } = trees;
  const greens = after === null ? [] : greenTests(base.cell, after.cell);
  if (after === null || greens.every((tests) => tests.length === 0)) return { provenness: nothingProven, base: kept };
  const seed = kept?.seed ?? randomBytes(8).toString("hex");
  const all = await alterTests(checkContext, base.entries, seed);
  const known = kept ?? { seed, ...(await tryOnBase(base, { all, checkContext }, context)) };
  const onBase = known.red.map((tests) => new Set(tests));
  const altered = only(all, (path) => !known.left.includes(path));
  const onNewCode = await besideNewCode(checkContext, altered, after);
  const run = async (tree: RanTree, name: string) =>
    (await runAltered(checkContext, { tree, altered: tree === after ? onNewCode : altered, name }, context)).units;
  const found = new Map<string, UnprovenReason | "proven" | "stayed-green">();
  const isSame = sameEntries(base.entries, after.entries);
  const onNew = isSame ? null : await run(after, "new code");
  const unaltered = namesInOwnFiles(onNewCode, after.entries);
  const candidates: { test: string; index: number }[] = [];
  for (const [index, tests] of greens.entries())
    for (const test of tests) {
      const result = onNew === null ? "red" : onNew[index]?.get(test);
      if (onBase[index]?.has(test) !== true) found.set(`${index} ${test}`, whyGreen(test, all.files, known.left));
      else if (result === "red") found.set(`${index} ${test}`, "proven");
      // If the change touches a file with code and tests, its tests are the change's own.
      else if (unaltered.some((name) => test.includes(name))) found.set(`${index} ${test}`, "file-changed");
      else if (result === "green") candidates.push({ test, index });
      else found.set(`${index} ${test}`, "not-reported");
    }
  if (candidates.length > 0) {
    // Before a test is blamed, both sides run several more times, because one result may be chance.
    let steady = candidates;
    for (let round = 1; round <= blamingRounds && steady.length > 0; round += 1) {
      const [again, baseAgain] = [await run(after, "new code again"), await run(base, "old code again")];
      steady = steady.filter(
        ({ test, index }) => again[index]?.get(test) === "green" && baseAgain[index]?.get(test) === "red",
      );
    }
    for (const one of candidates)
      found.set(`${one.index} ${one.test}`, steady.includes(one) ? "stayed-green" : "unsteady");
  }
  return { provenness: provennessOf(found), base: known };
}

/** Finds the tests that fail on the base once altered. */
async function tryOnBase(
  base: RanTree,
  { all, checkContext }: { all: Altered; checkContext: CheckContext },
  context: RunnerContext,
): Promise<Pick<PerturbedBase, "red" | "left">> {
  const green = greenTests(base.cell, base.cell).map((tests) => new Set(tests));
  const { red, left } = await runWithoutEnding([...all.ids.keys()], {
    green,
    run: (paths) => {
      const altered = only(all, (path) => paths.has(path));
      return runAltered(checkContext, { tree: base, altered, name: "old code" }, context);
    },
  });
  return { red: red.map((tests) => [...tests].sort()), left };
}

function only({ files, ids }: Altered, keeps: (path: string) => boolean): Altered {
  return { files, ids: new Map([...ids].filter(([path]) => keeps(path))) };
}

function provennessOf(found: ReadonlyMap<string, UnprovenReason | "proven" | "stayed-green">): TestProvenness {
  const named = [...found].map(([key, state]) => ({ test: key.slice(key.indexOf(" ") + 1), state }));
  return boundedProvenness({
    proven: named.filter(({ state }) => state === "proven").length,
    unproven: named.flatMap(({ test, state }) =>
      state === "proven" || state === "stayed-green" ? [] : [{ test, reason: state }],
    ),
    stayedGreen: named.flatMap(({ test, state }) => (state === "stayed-green" ? [test] : [])),
  });
}

/** For each command, the tests that are green on both sides. */
function greenTests(base: Cell, after: Cell): string[][] {
  return base.commands.map((before, index) => {
    const now = after.commands[index];
    if (before.tests === null || now?.tests == null || now.incomplete !== null) return [];
    const units = testUnits(now.tests, now.format);
    return [...testUnits(before.tests, before.format)].flatMap(([test, result]) =>
      result === "green" && units.get(test) === "green" ? [test] : [],
    );
  });
}

/** Alters every test file of the base that a known runner reads. */
async function alterTests(
  { objects, plans, isTest }: CheckContext,
  entries: CheckEntries,
  seed: string,
): Promise<Altered> {
  const runners = plans.flatMap(({ runner }) => (runner?.sentinel == null ? [] : [runner]));
  const texts: { path: string; text: string }[] = [];
  let bytes = 0;
  for (const [path, entry] of entries) {
    const readers = runners.filter(
      (runner) => (isTest(path) || runner.testsAmongCode) && runner.isTestFile(path, null),
    );
    if (readers.length === 0 || !entry.mode.startsWith("100") || bytes > allBytesMax) continue;
    if (/(^|\/)(__)?(fixtures?|snapshots?)(__)?\//u.test(path)) continue;
    const content = await readBlob(objects, entry.id);
    const text = content.toString("utf8");
    if (content.length > fileBytesMax || !readers.some((runner) => runner.isTestFile(path, text))) continue;
    bytes += content.length;
    texts.push({ path, text });
  }
  const files = await perturbFiles(texts, seed);
  const ids = new Map<string, { base: string; altered: string }>();
  for (const { path, text } of files) {
    const base = entries.get(path)?.id;
    if (text !== null && base !== undefined) ids.set(path, { base, altered: await writeBlob(objects, text) });
  }
  return { files, ids };
}

/** Runs all commands that report tests once, with altered tests wherever the tree still has the base's. */
async function runAltered(
  checkContext: CheckContext,
  { tree, altered, name }: { tree: RanTree; altered: Altered; name: string },
  context: RunnerContext,
): Promise<AlteredRun> {
  checkContext.progress(`checks: altered expectations on ${name}`);
  const entries = new Map<string, CheckEntry>(tree.entries);
  for (const [path, { base, altered: id }] of altered.ids) {
    const entry = entries.get(path);
    if (entry?.id === base) entries.set(path, { ...entry, id });
  }
  const { outputsOf, ...shared } = checkContext;
  // Altered tests need no new build.
  const outputs = outputsOf === undefined ? shared.outputs : await outputsOf(tree.entries);
  const reporting = checkContext.plans.map((plan) => plan.runner !== null);
  const plans = checkContext.plans.filter((_, index) => reporting[index]);
  const passes = await runPass({ ...shared, outputs, plans }, { entries, withSentinels: false }, context);
  const units = reporting.map((isReporting, index) => {
    const pass = isReporting ? passes[reporting.slice(0, index).filter(Boolean).length] : undefined;
    return testUnits(pass?.report?.tests ?? [], checkContext.plans[index]?.runner?.format ?? "exit-code");
  });
  return { units, reachedLimit: passes.some(({ result }) => result.timedOut || result.stopped !== null) };
}

/** Puts the base's altered tests next to the new code of their file too. */
async function besideNewCode(
  { objects }: CheckContext,
  altered: Altered,
  { entries, besideCode }: { entries: CheckEntries; besideCode: readonly BesideCode[] },
): Promise<Altered> {
  const files = besideCode.flatMap(({ path, own, oldTestsNewCode: { id } }) => {
    const tests = altered.ids.get(path)?.altered;
    return tests === undefined || entries.get(path)?.id !== id ? [] : [{ path, id, code: own.id, tests }];
  });
  const joined = await joinTests(objects, files);
  const ids = new Map(altered.ids);
  for (const [index, { path, id }] of files.entries()) {
    const text = joined[index] ?? null;
    if (text !== null) ids.set(path, { base: id, altered: text });
  }
  return { ...altered, ids };
}

/** Names of tests in files that are altered only on the base, because the change touches them. */
function namesInOwnFiles({ files, ids }: Altered, entries: CheckEntries): string[] {
  return files.flatMap(({ path, tests }) => {
    const known = ids.get(path);
    return known === undefined || entries.get(path)?.id === known.base ? [] : tests.map(({ name }) => name);
  });
}

/** Why a test stayed green although altered. If several titles match, the longest decides. */
function whyGreen(test: string, files: readonly FileAnswer[], left: readonly string[]): UnprovenReason {
  const named = files
    .flatMap(({ path, tests }) => tests.map(({ name, why }) => ({ path, name, why })))
    .filter(({ name }) => name !== "" && test.includes(name));
  const length = Math.max(...named.map(({ name }) => name.length));
  const meant = named.filter(({ name }) => name.length === length);
  if (meant.some(({ path }) => left.includes(path))) return "ends-the-run";
  const reasons = meant.map(({ why }) => why);
  if (reasons.length > 0 && !reasons.includes(null)) return reasons[0] ?? "green-on-base";
  return files.some(({ path, problem }) => problem !== null && test.includes(path)) ? "unreadable" : "green-on-base";
}
