/** Places sentinels in a checkout that no container has used yet, and checks their results in a report (SECURITY T10). */
import { appendFileSync, readFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import type { CommandResult, TestResult } from "@aedev/contracts";
import { placeOfPath } from "@aedev/host/git/path-text";
import type { CheckEntries } from "../../tree/check-tree.ts";
import type { Runner } from "./runner.ts";

const testFileBytesMax = 2 * 1024 * 1024;

export interface PlacedSentinel {
  /** Part of the name of each of its results. */
  readonly name: string;
  /** True if a build constraint can leave its file out. */
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

/** The line of each file from which on it is a sentinel's text. */
export function sentinelLines(placed: Placed, checkout: string): Map<string, number> {
  const lines = [...placed].map(([path, { name }]): [string, number] => {
    const text = readFileSync(placeOfPath(checkout, path), "utf8");
    return [path, text.slice(0, text.indexOf(name)).split("\n").length];
  });
  return new Map(lines);
}

/**
 * The files whose sentinel must be reported: those whose sentinel was reported on the base and that still exist, and new files next to them.
 * If none was reported on the base, every file in the command's folder. A file that `others`, other commands, run with their own sentinel need not be
 * reported if this command reports nothing of it. A file as it is on the base that was silent there, because its runner leaves it out or it skips itself
 * before a test, may stay silent if `plain`, the results without sentinels, has none of it but skipped ones. So may one that has a build constraint, which
 * left it out on the base: the constraint can't be met later without a result of the sentinel. `isUnchanged`: the file is the base's.
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
    /** Whether the command can run the file. */
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
  // Only if names of results say their files, silence is known.
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

/** Whether a result is of a file. A command that runs in a folder can name the files as it sees them. */
function isOfFile(id: string, { path, folder }: { path: string; folder: string }): boolean {
  return namesIn(folder, path).some((name) => id.startsWith(`${name}${separator}`));
}

function namesIn(folder: string, path: string): string[] {
  return folder !== "" && isIn(folder, path) ? [path, path.slice(folder.length + 1)] : [path];
}

function isIn(folder: string, path: string): boolean {
  return folder === "" || path.startsWith(`${folder}/`);
}
/** Between the parts of a result's name. */
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

/** What a test's results say of their place. */
interface OfFile {
  readonly path: string;
  /** Where the command runs. */
  readonly folder: string;
  readonly runner: Runner;
  /** Results that are not a sentinel's. */
  readonly others: readonly TestResult[];
}

/**
 * True if a mark of a Python module (`pytestmark`) skips its sentinels and every other test of it: it claims nothing that could be forged.
 */
function isSkippedWhole(results: readonly TestResult[], file: OfFile): boolean {
  const { runner, others } = file;
  if (runner.name !== "pytest" || results.length === 0 || results.some(({ result }) => result !== "skip")) return false;
  const isOfModule = moduleOf(results, file);
  return isOfModule !== null && others.every(({ id, result }) => result === "skip" || !isOfModule(id));
}

/**
 * Whether a result is of the Python module whose sentinels these are; null if their names do not tell. pytest names a result by file, suites (one, or two in
 * new versions), module or class, and function; which tests are the module's is known by its name, because a decorated test names another file.
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
 * Results of a pytest file's sentinels without those of variants that are skipped whole: a fixture that every test uses has parameters, and one of them
 * can't be tested here (an extension that is not built). Such a variant claims nothing if no test of the module with its parameters, which are parts of the
 * name in brackets, has another result; then the sentinels of the other variants decide.
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

/** Parts of what pytest writes in brackets behind the name of a test with parameters. A text that is a parameter can have dashes of its own. */
function parametersOf(id: string): string[] {
  return /\[(.+)\](?:#\d+)?$/su.exec(id)?.[1]?.split("-") ?? [];
}

/** Whether each part is among all of them, as often. pytest numbers names that would be equal. */
function hasAllOf(all: readonly string[], parts: readonly string[]): boolean {
  const isNamed = (one: string, part: string) => one === part || one.replace(/_?\d+$/u, "") === part;
  return parts.every(
    (part) => all.filter((one) => isNamed(one, part)).length >= parts.filter((one) => one === part).length,
  );
}

/** `expected`: null for the first cell, where one reported file of the command's folder is enough, if there is one. `reachedBefore`: files whose sentinel failed on the base: they can't be skipped now. */
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
  // A file of two runners has both runners' sentinels.
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
  // Every file is of other commands.
  const isNone = reached.size === 0 && skipped.size === 0;
  return { ...answer, state: isNone ? "none" : "failed-as-it-must", problem: null };
}
