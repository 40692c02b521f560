/** Places sentinels in a checkout that no container has used yet, and checks their results in a report (SECURITY T10). */
import { appendFileSync, readFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import type { CommandResult, TestResult } from "@aedev/contracts";
import { placeOfPath } from "@aedev/host/git/path-text";
import type { CheckEntries } from "../../tree/check-tree.ts";
import type { Runner } from "./runner.ts";

const testFileBytesMax = 2 * 1024 * 1024;

export interface PlacedSentinel {
  /** Part of the name of each result of the sentinel. */
  readonly name: string;
  /** True if a build constraint can leave the file out. */
  readonly isConditional: boolean;
}
/** Each file's sentinel, by the file's path. */
export type Placed = ReadonlyMap<string, PlacedSentinel>;

/** Appends the runner's sentinel to each of its test files in `checkout`, which contains exactly `entries`. `nonce` is random hex. */
export function placeSentinels(
  runner: Runner,
  checkout: string,
  files: { entries: CheckEntries; isTest: (path: string) => boolean; nonce: string },
): Placed {
  const placed = new Map<string, PlacedSentinel>();
  if (runner.sentinel === null) return placed;
  for (const [path, entry] of files.entries) {
    const isPlace = files.isTest(path) || (runner.testsAmongCode && runner.isTestFile(path, null));
    if (!entry.mode.startsWith("100") || !isPlace || /(^|\/)(__)?(fixtures?|snapshots?)(__)?\//u.test(path)) continue;
    const bytes = readFileSync(placeOfPath(checkout, path));
    if (bytes.length > testFileBytesMax) continue;
    const content = bytes.toString("utf8");
    if (!runner.isTestFile(path, content)) continue;
    const name = `t${files.nonce}_${runner.name.replace("-", "_")}_${placed.size}_x`;
    appendFileSync(placeOfPath(checkout, path), runner.sentinel.source(name, { path, content }));
    placed.set(path, { name, isConditional: runner.isConditional?.(path, content) ?? false });
  }
  return placed;
}

/** The line in each file at which the sentinel's text starts. */
export function sentinelLines(placed: Placed, checkout: string): Map<string, number> {
  const lines = [...placed].map(([path, { name }]): [string, number] => {
    const text = readFileSync(placeOfPath(checkout, path), "utf8");
    return [path, text.slice(0, text.indexOf(name)).split("\n").length];
  });
  return new Map(lines);
}

/**
 * The files whose sentinel must be reported: those whose sentinel was reported on the base and that still exist, and new files next to them; every file in the
 * command's folder if the base reported none. `others`: files that other commands run with their own sentinels; they need no report here if this command
 * reports none of their tests. `isUnchanged`: the file is the base's. `plain`: the results without sentinels. An unchanged file without a sentinel on the base
 * may stay silent if `plain` has no or only skipped results of it. So may an unchanged file that its build constraint left out on the base: it can't be built
 * without reporting its sentinel.
 */
export function expectedFiles(
  placed: Placed,
  reached: ReadonlySet<string> | null,
  {
    isUnchanged,
    plain,
    selects = () => true,
    folder = "",
    others = new Set(),
  }: {
    isUnchanged: (path: string) => boolean;
    plain: readonly TestResult[];
    /** True if the command can run the file. */
    selects?: (path: string) => boolean;
    folder?: string;
    /** Files whose sentinel failed in another command. */
    others?: ReadonlySet<string>;
  },
): string[] {
  if (reached === null || reached.size === 0) {
    const isNotRun = (path: string) => plain.length === 0 && others.has(path);
    const own = [...placed.keys()].filter((path) => isIn(folder, path) && !isNotRun(path));
    const selected = own.filter((path) => selects(path));
    return selected.length === 0 ? own : selected;
  }
  const kinds = new Set([...reached].map(kindOf));
  // A file's silence is only visible if the names of results include their files.
  const saysFiles = plain.some(({ id }) => [...reached].some((path) => isOfFile(id, { path, folder })));
  const isSilent = (path: string) =>
    plain.every(({ id, result }) => result === "skip" || !isOfFile(id, { path, folder }));
  return [...placed]
    .filter(([path, { isConditional }]) => {
      const isLeftOut = saysFiles && isSilent(path);
      const maySkip = isUnchanged(path) && (isConditional || isLeftOut);
      const isNotRun = others.has(path) && isLeftOut;
      return reached.has(path) || (kinds.has(kindOf(path)) && selects(path) && !maySkip && !isNotRun);
    })
    .map(([path]) => path);
}

/** True if a result comes from the file. A command in a folder may name files relative to it. */
function isOfFile(id: string, { path, folder }: { path: string; folder: string }): boolean {
  return namesIn(folder, path).some((name) => id.startsWith(`${name}${separator}`));
}

function namesIn(folder: string, path: string): string[] {
  return folder !== "" && isIn(folder, path) ? [path, path.slice(folder.length + 1)] : [path];
}

function isIn(folder: string, path: string): boolean {
  return folder === "" || path.startsWith(`${folder}/`);
}
/** Separates the parts of a result's name. */
const separator = " > ";

function kindOf(path: string): string {
  return `${dirname(path)}\n${extname(path)}`;
}

export interface SentinelReading {
  state: CommandResult["sentinel"];
  /** What is wrong and in which file; null if the sentinels failed as they must. */
  problem: string | null;
  /** Files whose sentinel failed as it must. */
  reached: Set<string>;
  /** The report without the sentinels. */
  tests: TestResult[];
}

/** What the names of results are compared with. */
interface OfFile {
  readonly path: string;
  /** The folder in which the command runs. */
  readonly folder: string;
  readonly runner: Runner;
  /** All results but the sentinels'. */
  readonly others: readonly TestResult[];
}

/** True if a module-level mark (`pytestmark`) skips all tests of a Python file, its sentinels included. Then no result of it can be forged. */
function isSkippedWhole(results: readonly TestResult[], file: OfFile): boolean {
  const { runner, others } = file;
  if (runner.name !== "pytest" || results.length === 0 || results.some(({ result }) => result !== "skip")) return false;
  const isOfModule = moduleOf(results, file);
  return isOfModule !== null && others.every(({ id, result }) => result === "skip" || !isOfModule(id));
}

/**
 * A test that tells whether a result comes from the sentinels' Python module; null if their names don't show it. pytest names a result by file, suites (one, or
 * two in new versions), module or class, and function. The module decides, because a decorated test names another file.
 */
function moduleOf(sentinels: readonly TestResult[], { path, folder }: OfFile): ((id: string) => boolean) | null {
  const names = namesIn(folder, path);
  const classes = sentinels
    .map(({ id }) => id.split(separator))
    .map((parts) => (names.includes(parts[0] ?? "") ? (parts.at(-2) ?? "") : ""));
  const module = classes.toSorted((left, right) => left.length - right.length)[0] ?? "";
  const isIn = (name: string) => name === module || name.startsWith(`${module}.`);
  if (module === "" || !classes.every(isIn)) return null;
  return (id) => isOfFile(id, { path, folder }) || id.split(separator).some(isIn);
}

/**
 * The sentinels' results in a pytest file without those of skipped variants: if a fixture of every test has parameters, one of them may be impossible here (an
 * extension that is not built). A variant is left out if all the module's tests with its parameters (the parts of the name in brackets) are skipped; the
 * sentinels of the other variants decide.
 */
function withoutSkippedVariants(results: readonly TestResult[], file: OfFile): readonly TestResult[] {
  const { runner, others } = file;
  const isOfModule = runner.name === "pytest" ? moduleOf(results, file) : null;
  if (isOfModule === null) return results;
  const ran = [...results, ...others.filter(({ id }) => isOfModule(id))]
    .filter(({ result }) => result !== "skip")
    .map(({ id }) => parametersOf(id));
  return results.filter(({ id, result }) => {
    const parameters = parametersOf(id);
    return result !== "skip" || parameters.length === 0 || ran.some((one) => hasAllOf(one, parameters));
  });
}

/** The parts of the brackets that pytest adds to the name of a test with parameters. A text parameter can contain dashes itself. */
function parametersOf(id: string): string[] {
  return /\[(.+)\](?:#\d+)?$/su.exec(id)?.[1]?.split("-") ?? [];
}

/** True if `all` has each of the parts at least as often. pytest numbers names that would be equal. */
function hasAllOf(all: readonly string[], parts: readonly string[]): boolean {
  const isNamed = (one: string, part: string) => one === part || one.replace(/_?\d+$/u, "") === part;
  return parts.every(
    (part) => all.filter((one) => isNamed(one, part)).length >= parts.filter((one) => one === part).length,
  );
}

/** `expected`: null for the first cell, where one file is enough. `reachedBefore`: files whose sentinel the base reported, so they can't be skipped now. */
export function readSentinels(
  tests: readonly TestResult[],
  options: {
    placed: Placed;
    nonce: string;
    runner: Runner;
    expected: readonly string[] | null;
    reachedBefore: ReadonlySet<string> | null;
    folder?: string;
  },
): SentinelReading {
  const { placed, runner, folder = "" } = options;
  // A file that two runners run has the sentinels of both.
  const others = tests.filter(({ id }) => !id.includes(options.nonce));
  if (placed.size === 0) return { state: "none", problem: null, reached: new Set(), tests: others };
  const reached = new Set<string>();
  const passing: string[] = [];
  const skipped = new Set<string>();
  for (const [path, { name }] of placed) {
    const all = tests.filter(({ id }) => id.includes(name));
    const file = { path, folder, runner, others };
    const results = withoutSkippedVariants(all, file);
    const failed = results.filter(({ result }) => result === "fail").length;
    const mayBeSkipped = options.reachedBefore?.has(path) !== true;
    if (mayBeSkipped && isSkippedWhole(all, file)) skipped.add(path);
    else if (results.length > failed) passing.push(path);
    // One file can be part of several test programs.
    else if (failed > 0 && failed % (runner.sentinel?.assertions ?? 0) === 0) reached.add(path);
  }
  const silent =
    options.expected === null
      ? reached.size === 0
        ? [...placed.keys()].filter((path) => isIn(folder, path))
        : []
      : options.expected.filter((path) => !reached.has(path) && !skipped.has(path));
  const answer = { reached, tests: others };
  if (passing.length > 0)
    return {
      ...answer,
      state: "reported-passing",
      problem: `a failing sentinel is reported as passing in ${passing[0]}`,
    };
  if (silent.length > 0)
    return { ...answer, state: "not-reported", problem: `the sentinel in ${silent[0]} is not reported as failing` };
  // No file is this command's alone.
  const isNone = reached.size === 0 && skipped.size === 0;
  return { ...answer, state: isNone ? "none" : "failed-as-it-must", problem: null };
}
