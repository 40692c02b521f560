/** Runs the change's new tests on the code that another run made from the same specification (ADR 0054). */
import { noneLeftOut, type SecondImplementation } from "@aedev/contracts";
import { isCodeFile } from "@aedev/languages";
import type { RunnerContext } from "../../engine/context.ts";
import { withPathsOf } from "../../tree/cells.ts";
import { type CheckEntries, readBlob } from "../../tree/check-tree.ts";
import { plainResults } from "../matrix/run-cell.ts";
import { runWithTexts } from "../pass/run-with-texts.ts";
import type { TestedChange } from "../proof/proof.ts";
import { sourceBytesMax } from "../replay/instrumented.ts";

const testsFailedMax = 100;
const filesMax = 200;

/** The change's new tests on the other code: those that pass with the change and not on the base, and call nothing that only the change has. */
export async function newTestsOn(
  other: CheckEntries,
  change: TestedChange,
  context: RunnerContext,
): Promise<Pick<SecondImplementation, "tests_passed" | "tests_failed" | "left_out">> {
  const { checkContext, candidate, matrix, isTestCode } = change;
  const { cells } = matrix;
  const idsOf = (cell: (typeof cells)["new-tests-new-code"]) =>
    cell.commands.flatMap(({ tests }) => (tests ?? []).flatMap(({ id, result }) => (result === "pass" ? [id] : [])));
  const before = new Set([...idsOf(cells["new-tests-old-code"]), ...idsOf(cells["old-tests-old-code"])]);
  const added = new Set(idsOf(cells["new-tests-new-code"]).filter((id) => !before.has(id)));
  if (added.size === 0) return { tests_passed: 0, tests_failed: [], left_out: noneLeftOut };
  checkContext.progress("checks: the change's new tests on the code of another run");
  const tree = withPathsOf(other, candidate, (path) => checkContext.isTest(path) || isTestCode(path));
  const plans = checkContext.plans.filter(({ runner }) => runner !== null);
  const asItIs = { texts: new Map<string, string>(), plans, longestMs: checkContext.limits.check_timeout_ms };
  const run = async () => {
    const passes = await runWithTexts(checkContext, tree, asItIs, context);
    if (typeof passes === "string") return { results: new Map<string, string>(), isWhole: false };
    const ran = plainResults({ ...checkContext, plans }, { newCode: true, mayBreak: true }, passes);
    const results = ran.flatMap(({ tests }) => (tests ?? []).map(({ id, result }) => [id, result] as const));
    return { results: new Map<string, string>(results), isWhole: ran.every(({ incomplete }) => incomplete === null) };
  };
  const first = await run();
  const given = (result: string) => [...added].filter((id) => first.results.get(id) === result);
  const failed = given("fail");
  const again = failed.length === 0 ? first : await run();
  const steady = failed.filter((id) => again.results.get(id) === "fail");
  const names = steady.length === 0 ? null : await callsOwnNames(other, change);
  const open = steady.filter((id) => names?.isCalling(id) === true);
  return {
    tests_passed: given("pass").length,
    tests_failed: steady.filter((id) => !open.includes(id)).slice(0, testsFailedMax),
    left_out: {
      ...noneLeftOut,
      // Without all files, a name of the other code may seem to be missing.
      unlisted: names?.isWhole === false ? open.length : 0,
      unsteady: failed.length - steady.length,
      unended: first.isWhole ? 0 : [...added].filter((id) => !first.results.has(id)).length,
    },
  };
}

/**
 * Returns whether a test's file calls a name that the change brings and the other code lacks: the specification leaves such names open. `isWhole`: all
 * files were read.
 */
async function callsOwnNames(
  other: CheckEntries,
  { checkContext: { objects, isTest }, base, candidate, isTestCode }: TestedChange,
): Promise<{ isCalling: (id: string) => boolean; isWhole: boolean }> {
  let isWhole = true;
  const textsOf = async (tree: CheckEntries, isWanted: (path: string) => boolean) => {
    const found = new Map<string, string>();
    for (const [path, { id, mode }] of tree) {
      if (!mode.startsWith("100") || !isCodeFile(path) || !isWanted(path)) continue;
      const content = found.size === filesMax ? null : await readBlob(objects, id);
      if (content === null || content.length > sourceBytesMax) isWhole = false;
      else found.set(path, content.toString("utf8").toWellFormed());
    }
    return found;
  };
  const isChanged = (tree: CheckEntries) => (path: string) => base.get(path)?.id !== tree.get(path)?.id;
  const isProduct = (path: string) => !isTest(path) && !isTestCode(path);
  const wordsOf = (texts: ReadonlyMap<string, string>) =>
    new Set([...texts.values()].flatMap((text) => text.match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu) ?? []));
  const isOfChange = (path: string) => isProduct(path) && isChanged(candidate)(path);
  const own = wordsOf(await textsOf(candidate, isOfChange));
  const isOfOther = (path: string) => isProduct(path) && (isChanged(other)(path) || isOfChange(path));
  const known = [await textsOf(other, isOfOther), await textsOf(base, isOfOther)].map(wordsOf);
  const tests = await textsOf(candidate, (path) => isTest(path) && isChanged(candidate)(path));
  const calling = new Set(
    [...tests].flatMap(([path, text]) => {
      const called = [...text.matchAll(/\.([\p{L}_$][\p{L}\p{N}_$]{2,})|([\p{L}_$][\p{L}\p{N}_$]{2,})\(/gu)];
      const names = called.map(([, member, name]) => member ?? name ?? "");
      return names.some((name) => own.has(name) && !known.some((words) => words.has(name))) ? [path] : [];
    }),
  );
  // Some runners name tests by package, without the file.
  const isNamed = (id: string) => [...tests.keys()].some((path) => id.startsWith(path));
  const isCalling = (id: string) => (isNamed(id) ? [...calling].some((path) => id.startsWith(path)) : calling.size > 0);
  return { isCalling, isWhole };
}
