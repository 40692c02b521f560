/**
 * Chooses test files of another run that wrote code and tests from the same specification (ADR 0044), and judges their results on the changed code, on that
 * run's own code and on the base. Contract: a failed test counts against the change only if it passes on the other run's code and does not pass on the base.
 * Runs nothing itself.
 */
import type { CommandResult, IndependentTests, TestResult } from "@aedev/contracts";
import type { CheckEntries, CheckEntry } from "../../tree/check-tree.ts";
import { steadyName } from "../matrix/agree.ts";

const filesMax = 200;
const failedMax = 1000;
const pathCharactersMax = 5000;

/** `changed`: the changed code; `own`: that run's own code; `base`: the code that it started from. */
export type IndependentTree = "changed" | "own" | "base";

/** Null if the command was stopped or its report can't be trusted; then it shows nothing. */
export type ReportedResults = {
  readonly byId: ReadonlyMap<string, TestResult["result"]>;
  /** The command failed although none of its tests did, so some tests may not have run. */
  readonly isPartial: boolean;
} | null;

/** How a command's own tests behave without the other run's files. */
export interface BaseTests {
  /** Their ids on the base and on the changed code. */
  readonly known: ReadonlySet<string>;
  /** Ids of those that pass on the changed code and are not flaky. */
  readonly passing: ReadonlySet<string>;
  /** Whether the command succeeds on the changed code. */
  readonly succeeds: boolean;
}

/** Results by command. `unbuildable`: preparing the tree failed; `unavailable`: something outside failed. */
export type IndependentTreeRun = readonly ReportedResults[] | "unbuildable" | "unavailable";

interface FoundTest {
  readonly command: number;
  readonly id: string;
}

/** The other run's new test files, sorted by path. `own`: its tree; `base`: the tree that it started from; `changed`: the tree on which they run. */
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

/** Returns whether a path is free in a tree: nothing is there, and only folders are above it. */
function freeIn(tree: CheckEntries): (path: string) => boolean {
  const folders = new Set([...tree.keys()].flatMap(foldersAbove));
  return (path) => !tree.has(path) && !folders.has(path) && !foldersAbove(path).some((folder) => tree.has(folder));
}

function foldersAbove(path: string): string[] {
  return [...path.matchAll(/\//gu)].map(({ index }) => path.slice(0, index));
}

/** Reads a command's result. `stopped`: why it was stopped; null also after a timeout. */
export function reportedResults(
  command: Pick<CommandResult, "tests" | "incomplete" | "timed_out" | "exit_code">,
  stopped: string | null,
): ReportedResults {
  const tests = command.tests ?? [];
  // The command failed without a single result, as if nothing could be compiled or loaded.
  const isSilent = tests.length === 0 && (command.exit_code ?? 0) !== 0 && !command.timed_out && stopped === null;
  if (command.incomplete !== null && !isSilent) return null;
  return {
    byId: new Map(tests.map(({ id, result }) => [id, result])),
    isPartial: command.exit_code !== 0 && tests.every(({ result }) => result !== "fail"),
  };
}

type CellCommand = Pick<CommandResult, "tests" | "exit_code"> | undefined;

/** Compares the command's results on the base with those on the changed code, both with the base's tests. */
export function baseTestsOf(onBase: CellCommand, onChanged: CellCommand): BaseTests {
  const idsOf = (command: CellCommand, wanted?: TestResult["result"]) =>
    (command?.tests ?? []).filter(({ result }) => wanted === undefined || result === wanted).map(({ id }) => id);
  const flaky = new Set(idsOf(onBase, "flaky"));
  return {
    known: new Set([...idsOf(onBase), ...idsOf(onChanged)]),
    passing: new Set(idsOf(onChanged, "pass").filter((id) => !flaky.has(id))),
    succeeds: onChanged?.exit_code === 0,
  };
}

/** True if some of the command's tests did not run with the other run's files, for example because a file can't be loaded. */
function isUnloaded(results: ReportedResults, { known, passing, succeeds }: BaseTests): boolean {
  if (results === null) return false;
  const { byId, isPartial } = results;
  return (isPartial && succeeds) || (byId.size === 0 && known.size > 0) || isAnyGone(passing, new Set(byId.keys()));
}

/** True if a passing test is no longer reported. A test whose name differs only in numbers can take its place. */
function isAnyGone(passing: ReadonlySet<string>, reported: ReadonlySet<string>): boolean {
  const byName = (ids: Iterable<string>, known: ReadonlySet<string>) =>
    Map.groupBy(
      [...ids].filter((id) => !known.has(id)),
      looseName,
    );
  const [others, missing] = [byName(reported, passing), byName(passing, reported)];
  return [...missing].some(([name, ids]) => ids.length > (others.get(name)?.length ?? 0));
}

/** `baseTests`: by command. `run`: runs the tests on a tree. After a failed test it is called again for the changed code, then for the other trees. */
export async function judgeIndependent(
  baseTests: readonly BaseTests[],
  run: (tree: IndependentTree) => Promise<IndependentTreeRun>,
): Promise<Omit<IndependentTests, "files">> {
  const none = (why: NonNullable<IndependentTests["why_none"]>) => ({
    ...{ passed: 0, failed: [], uncounted: 0 },
    why_none: why,
  });
  const first = await run("changed");
  if (typeof first === "string") return none(first === "unbuildable" ? "not-loaded" : "unavailable");
  const found = first.flatMap((results, command) =>
    [...(results?.byId.keys() ?? [])].flatMap((id) => (isKnown(baseTests[command], id) ? [] : [{ command, id }])),
  );
  const [passing, failing] = [having("pass", found, first), having("fail", found, first)];
  const isAnyUnloaded = baseTests.some((tests, command) => isUnloaded(first[command] ?? null, tests));
  if (failing.length === 0) {
    // A command without a usable result may hide failures, even if another command's tests pass.
    if (first.includes(null)) return none("unavailable");
    return passing.length === 0 || isAnyUnloaded ? none("not-loaded") : summary({ passing, failing, failed: [] });
  }
  const again = await run("changed");
  if (typeof again === "string") return none("unavailable");
  const steady = having("fail", failing, again);
  const turned = passing.filter(({ command, id }) => again[command]?.byId.get(id) !== "pass");
  const own = steady.length === 0 ? [] : await run("own");
  if (own === "unavailable") return none("unavailable");
  const right = own === "unbuildable" ? [] : having("pass", steady, own);
  const base = right.length === 0 ? [] : await run("base");
  if (base === "unavailable") return none("unavailable");
  const failed = right.filter(
    ({ command, id }) => base === "unbuildable" || (base[command] != null && base[command].byId.get(id) !== "pass"),
  );
  const all = summary({ passing, failing: [...failing, ...turned], failed });
  if (all.failed.length > 0) return all;
  // If a command reports nothing, in the second run or on the other run's code, its failed tests stay unexplained. On the base silence is expected: new tests
  // may not load there.
  const isGone = (results: ReportedResults | undefined) => results === null || results?.byId.size === 0;
  const isUnknown =
    first.includes(null) ||
    again.includes(null) ||
    failing.some(({ command }) => isGone(again[command])) ||
    steady.some(({ command }) => (own !== "unbuildable" && isGone(own[command])) || base[command] === null);
  if (isUnknown) return none("unavailable");
  if (all.passed > 0) return isAnyUnloaded ? none("not-loaded") : all;
  // A file that can't be loaded reports one result under its own name; a file that loads does not.
  const isOwnless = ({ command, id }: FoundTest) => {
    const results = own === "unbuildable" ? null : own[command];
    return results != null && results.byId.size > 0 && !results.byId.has(id);
  };
  if (steady.length === failing.length && steady.every(isOwnless)) return none("not-loaded");
  return { ...all, why_none: "none-counted" };
}

/** True if the base's cells have the test, perhaps under its name without numbers. */
function isKnown(tests: BaseTests | undefined, id: string): boolean {
  return tests !== undefined && (tests.known.has(id) || tests.known.has(steadyName(id)));
}

/** The name without any numbers, including the one that distinguishes tests of the same name. */
const looseName = (id: string) => steadyName(id).replace(/ \(#\)$|##$/u, "");

function having(
  result: TestResult["result"],
  tests: readonly FoundTest[],
  run: readonly ReportedResults[],
): FoundTest[] {
  return tests.filter(({ command, id }) => run[command]?.byId.get(id) === result);
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
