/**
 * Proposes verify commands without the few tests that fail on the base, for example because they need a network, so that the other tests can still check a
 * change. Supports runners that can exclude single tests; a trial shows whether the base is then green. Pure.
 */
import { type CommandResult, shellWord } from "@aedev/contracts";
import type { Tried } from "@aedev/contracts/api";
import { programPattern, pytestPattern, simpleCommands } from "@aedev/host/program-pattern";

type LeftOut = NonNullable<Tried["without_failing"]>;

/** More failing tests mean that something is missing. Every excluded test counts, even one that passes; a test with several parameters counts once. */
const leftOutMax = 10;
/** As a share of all tests that a command reports. */
const leftOutShareMax = 0.05;
const separator = " > ";

/** Null if a command failed in another way, if too many tests would be left out, or if the runner can't exclude them. */
export function leaveOutFailing(commands: readonly CommandResult[]): LeftOut | null {
  const verify: string[] = [];
  const tests: string[] = [];
  let count = 0;
  for (const { command, exit_code, timed_out, incomplete, tests: all = [] } of commands) {
    const names = (all ?? []).map(({ id }) => id);
    const failing = (all ?? []).filter(({ result }) => result === "fail").map(({ id }) => id);
    if (timed_out || incomplete !== null || (exit_code !== 0 && failing.length === 0)) return null;
    if (failing.length === 0) {
      verify.push(command);
      continue;
    }
    const less = commandWithout(command, failing, names);
    if (less === null || less.leftOut.length > names.length * leftOutShareMax) return null;
    verify.push(less.command);
    tests.push(...less.leftOut);
    count += less.count;
  }
  return count === 0 || count > leftOutMax ? null : { verify, tests };
}

/** `names`: all tests that the command reports. */
function commandWithout(
  command: string,
  failing: readonly string[],
  names: readonly string[],
): { command: string; leftOut: string[]; count: number } | null {
  const variables = /^(?:[A-Za-z_]\w*=\S*\s+)*/u.exec(command)?.[0] ?? "";
  const bare = command.slice(variables.length);
  const runner = simpleCommands(command)?.length === 1 ? runners.find(({ runs }) => runs.test(bare)) : undefined;
  const testOf = (id: string) => runner?.testOf?.(id) ?? id;
  const single = new Set(failing.map((id) => runner?.selectorOf(id) ?? null));
  // If many values of one test fail, all of them are left out.
  const selectors = single.size > leftOutMax ? new Set(failing.map((id) => wholeSelector(id, runner))) : single;
  const isWithin = (one: string) =>
    [...selectors].some((other) => other !== null && other !== one && one.startsWith(`${other}[`));
  const option = runner?.optionOf([...selectors].filter((one) => one !== null).filter((one) => !isWithin(one)));
  if (runner === undefined || option == null || selectors.has(null)) return null;
  const leftOut = names.filter((id) => runner.selects(selectors, id));
  return { command: `${command} ${option}`, leftOut, count: new Set(leftOut.map(testOf)).size };
}

/** For a test with parameters: what selects all its values, but no other test whose name begins the same. */
function wholeSelector(id: string, runner: Excluding | undefined): string | null {
  const test = runner?.testOf?.(id) ?? id;
  const selector = runner?.selectorOf(test) ?? null;
  return selector === null || test === id ? selector : `${selector}[`;
}

interface Excluding {
  readonly runs: RegExp;
  /** The selector that excludes this test; null if its name can't be given. It may match more tests. */
  readonly selectorOf: (id: string) => string | null;
  /** The test without its parameters, for runners that have them. */
  readonly testOf?: (id: string) => string;
  /** Whether one of `selectors` excludes this test. */
  readonly selects: (selectors: ReadonlySet<string | null>, id: string) => boolean;
  /** The option with all these selectors; null if one option can't hold them. */
  readonly optionOf: (selectors: readonly string[]) => string | null;
}

const byTitle = {
  selectorOf: (id: string) => titleOf(id),
  selects: (selectors: ReadonlySet<string | null>, id: string) => selectors.has(titleOf(id)),
};

const runners: readonly Excluding[] = [
  {
    runs: pytestPattern,
    selectorOf: pytestNode,
    testOf: (id) => id.replace(/\[[\s\S]*\]$/u, ""),
    // Every test whose path begins like this.
    selects: (selectors, id) => {
      const path = pytestPath(id)?.join("::") ?? "";
      return [...selectors].some((selector) => selector !== null && path.startsWith(selector));
    },
    optionOf: (nodes) => nodes.map((node) => `--deselect=${shellWord(node)}`).join(" "),
  },
  {
    runs: /^(?:\S*\/)?go\s+test(?=\s|$)(?!.*\s--?(?:skip|run)(?:=|\s|$))/u,
    selectorOf: goTest,
    // All subtests of a test, and tests with that name in every package.
    selects: (selectors, id) => selectors.has(goTest(id)),
    optionOf: (names) => quoted("-skip", names, (either) => `^${either}$`),
  },
  {
    ...byTitle,
    runs: new RegExp(`(?!.*\\s(?:-t|--testNamePattern)(?:=|\\s|$))${programPattern("(?:vitest|jest)").source}`, "u"),
    // jest ignores case.
    selects: (selectors, id) => [...selectors].some((one) => one?.toLowerCase() === titleOf(id)?.toLowerCase()),
    optionOf: (titles) => quoted("-t", titles, (either) => `^(?!${either}$)`),
  },
  {
    ...byTitle,
    runs: new RegExp(
      `(?!.*\\s(?:-g|-f|--grep|--fgrep|-i|--invert)(?:=|\\s|$))${programPattern("_?mocha").source}`,
      "u",
    ),
    optionOf: (titles) => quoted("--invert --grep", titles, (either) => `^${either}$`),
  },
];

/** File, classes and function of a pytest test. Parameters are dropped if they have characters that a shell or pytest could misread. */
function pytestNode(id: string): string | null {
  const path = pytestPath(id);
  const name = path?.pop() ?? "";
  const plain = /^\w+(?:\[[\w.,:/@=+-]+\])?$/u.test(name) ? name : (/^\w+(?=\[)/u.exec(name)?.[0] ?? null);
  return path === null || plain === null ? null : [...path, plain].join("::");
}

/** File, classes and name of a pytest test; null if it is not in its file. */
function pytestPath(id: string): string[] | null {
  const [file = "", ...rest] = id.split(separator);
  const [group = "", name = ""] = rest.slice(-2);
  const module = file.replace(/\.py$/u, "").replaceAll("/", ".");
  if (!file.endsWith(".py") || !(group === module || group.startsWith(`${module}.`))) return null;
  return [
    file,
    ...group
      .slice(module.length)
      .split(".")
      .filter((part) => part !== ""),
    name,
  ];
}

function goTest(id: string): string | null {
  return /^\w+/u.exec(id.split(separator)[1] ?? "")?.[0] ?? null;
}

/** Names that mocha's and vitest's reports add to a test's own titles. */
const suiteNames: readonly string[] = ["Mocha Tests", "vitest tests"];

/** A test's full title, without the file's name that some reports repeat. Null if it can't stand in shell quotes or has several lines. */
function titleOf(id: string): string | null {
  const [file = "", ...rest] = id.split(separator);
  const title = rest.filter((part) => part !== file && !suiteNames.includes(part)).join(" ");
  // A title with characters that separate commands would confuse whoever looks for the runner in the command.
  return /^[^'"\\`$&\n]+$/u.test(title) ? title : null;
}

/** An option with a pattern of names. Special characters of the pattern are quoted with brackets, not backslashes. */
function quoted(option: string, names: readonly string[], patternOf: (either: string) => string): string {
  const plain = names.map((name) => name.replaceAll(/[.*+?^{}()|[]/gu, "[$&]").replaceAll("[^]", "."));
  return `${option} '${patternOf(plain.length === 1 ? (plain[0] ?? "") : `(${plain.join("|")})`)}'`;
}
