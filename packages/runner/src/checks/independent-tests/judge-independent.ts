/**
 * Chooses the test files of another run that wrote code and tests from the same specification (ADR 0044), and judges what their tests show: on the changed code, on
 * that run's own code and on the code before it. Contract: a test counts against the change only if all three say so. Runs nothing itself.
 */
import type { CommandResult, IndependentTests, TestResult } from "@aedev/contracts";
import type { CheckEntries, CheckEntry } from "../../tree/check-tree.ts";
import { steadyName } from "../matrix/agree.ts";

const filesMax = 200;
const failedMax = 1000;
const pathCharactersMax = 5000;

/** `changed`: the changed code; `own`: that run's own code; `base`: the code that it started from. */
export type IndependentTree = "changed" | "own" | "base";

/** By test id; null: the command was stopped or its report can't be trusted, so that it says nothing. */
export type ReportedResults = ReadonlyMap<string, TestResult["result"]> | null;

/** By command. `unbuildable`: preparing the tree failed; `unavailable`: something outside failed. */
export type IndependentTreeRun = readonly ReportedResults[] | "unbuildable" | "unavailable";

interface FoundTest {
  readonly command: number;
  readonly id: string;
}

/** Returns the new test files of the other run, sorted by path. `own`: its tree; `base`: the tree that it started from; `changed`: the tree on which they run. */
export function independentFiles({
  own,
  base,
  changed,
  isTest,
  isControl,
}: {
  own: CheckEntries;
  base: CheckEntries;
  changed: CheckEntries;
  isTest: (path: string) => boolean;
  isControl: (path: string) => boolean;
}): ReadonlyMap<string, CheckEntry> {
  const isFree = [base, changed].map(freeIn);
  const chosen = [...own].filter(
    ([path, { mode }]) =>
      mode.startsWith("100") &&
      isTest(path) &&
      !isControl(path) &&
      path.length <= pathCharactersMax &&
      isFree.every((free) => free(path)),
  );
  return new Map(chosen.sort(([one], [other]) => (one < other ? -1 : 1)).slice(0, filesMax));
}

/** Tells whether a tree has nothing at a path: no file, link or folder there, and none but folders above it. */
function freeIn(tree: CheckEntries): (path: string) => boolean {
  const folders = new Set([...tree.keys()].flatMap(foldersAbove));
  return (path) => !tree.has(path) && !folders.has(path) && !foldersAbove(path).some((folder) => tree.has(folder));
}

function foldersAbove(path: string): string[] {
  return [...path.matchAll(/\//gu)].map(({ index }) => path.slice(0, index));
}

/** What a command's result says. `stopped`: why it was stopped, except by the time limit. */
export function reportedResults(
  command: Pick<CommandResult, "tests" | "incomplete" | "timed_out" | "exit_code">,
  stopped: string | null,
): ReportedResults {
  const tests = command.tests ?? [];
  // It fails without a result, as if nothing could be compiled or loaded.
  const isSilent = tests.length === 0 && (command.exit_code ?? 0) !== 0 && !command.timed_out && stopped === null;
  return command.incomplete !== null && !isSilent ? null : new Map(tests.map(({ id, result }) => [id, result]));
}

/** `known`: by command, the ids that the base's tests have. `run`: runs the tests on a tree; the changed code runs again, and the others at all, only if a test fails. */
export async function judgeIndependent(
  known: readonly ReadonlySet<string>[],
  run: (tree: IndependentTree) => Promise<IndependentTreeRun>,
): Promise<Omit<IndependentTests, "files">> {
  const none = (why: NonNullable<IndependentTests["why_none"]>) => ({
    ...{ passed: 0, failed: [], uncounted: 0 },
    why_none: why,
  });
  const first = await run("changed");
  if (typeof first === "string") return none(first === "unbuildable" ? "not-loaded" : "unavailable");
  const found = first.flatMap((results, command) =>
    [...(results ?? [])].flatMap(([id]) => (isKnown(known[command], id) ? [] : [{ command, id }])),
  );
  const [passing, failing] = [having("pass", found, first), having("fail", found, first)];
  // Whether a command reports nothing although the base has tests for it, so that probably nothing could be loaded.
  const isUnloaded = first.some((results, command) => results?.size === 0 && (known[command]?.size ?? 0) > 0);
  if (failing.length === 0) {
    // What a command would have shown that says nothing is unknown, whatever passes in another.
    if (first.includes(null)) return none("unavailable");
    return passing.length === 0 || isUnloaded ? none("not-loaded") : summary({ passing, failing, failed: [] });
  }
  const again = await run("changed");
  if (typeof again === "string") return none("unavailable");
  const steady = having("fail", failing, again);
  const turned = passing.filter(({ command, id }) => again[command]?.get(id) !== "pass");
  const own = steady.length === 0 ? [] : await run("own");
  if (own === "unavailable") return none("unavailable");
  const right = own === "unbuildable" ? [] : having("pass", steady, own);
  const base = right.length === 0 ? [] : await run("base");
  if (base === "unavailable") return none("unavailable");
  const failed = right.filter(
    ({ command, id }) => base === "unbuildable" || (base[command] != null && base[command].get(id) !== "pass"),
  );
  const all = summary({ passing, failing: [...failing, ...turned], failed });
  if (all.failed.length > 0) return all;
  // A command that reports nothing, the second time or on the other run's code, leaves a failed test unexplained. On the base that is expected: new tests may not load there.
  const isGone = (results: ReportedResults | undefined) => results === null || results?.size === 0;
  const isUnknown =
    first.includes(null) ||
    again.includes(null) ||
    failing.some(({ command }) => isGone(again[command])) ||
    steady.some(({ command }) => (own !== "unbuildable" && isGone(own[command])) || base[command] === null);
  if (isUnknown) return none("unavailable");
  if (all.passed > 0) return isUnloaded ? none("not-loaded") : all;
  // A file that can't be loaded has one result under its own name, which it does not have where it can.
  const isOwnless = ({ command, id }: FoundTest) => {
    const results = own === "unbuildable" ? null : own[command];
    return results != null && results.size > 0 && !results.has(id);
  };
  if (steady.length === failing.length && steady.every(isOwnless)) return none("not-loaded");
  return { ...all, why_none: "none-counted" };
}

/** Of a test whose name differs from pass to pass, the base's cells have the name without numbers. */
function isKnown(ids: ReadonlySet<string> | undefined, id: string): boolean {
  return ids !== undefined && (ids.has(id) || ids.has(steadyName(id)));
}

function having(
  result: TestResult["result"],
  tests: readonly FoundTest[],
  run: readonly ReportedResults[],
): FoundTest[] {
  return tests.filter(({ command, id }) => run[command]?.get(id) === result);
}

/** A test that several commands run counts once, by its worst result. */
function summary(tests: Readonly<Record<"passing" | "failing" | "failed", readonly FoundTest[]>>) {
  const idsOf = (list: readonly FoundTest[]) => new Set(list.map(({ id }) => id));
  const [failing, failed] = [idsOf(tests.failing), idsOf(tests.failed)];
  return {
    passed: [...idsOf(tests.passing)].filter((id) => !failing.has(id)).length,
    failed: [...failed].sort().slice(0, failedMax),
    uncounted: [...failing].filter((id) => !failed.has(id)).length,
  };
}
