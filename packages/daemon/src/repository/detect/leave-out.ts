/**
 * Proposes verify commands without the few tests that fail on the base, for example because they need a network, so that all other tests can still check
 * a change. Supports the runners with an option to exclude single tests; a trial shows whether the base is then green. Pure.
 */
import { type CommandResult, shellWord } from "@aedev/contracts";
import type { Tried } from "@aedev/contracts/api";
import { programPattern, pytestPattern, simpleCommands } from "@aedev/host/program-pattern";

type LeftOut = NonNullable<Tried["without_failing"]>;

/** More than a few tests say that something is missing. Counted are all that are left out, also those that pass; a test with several parameters counts once here. */
const leftOutMax = 10;
/** Of all tests that a command reports. */
const leftOutShareMax = 0.05;
const separator = " > ";

/** Null if a command failed in another way, too many tests would be left out, or the runner can't leave them out. */
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
    const less = without(command, failing, names);
    if (less === null || less.leftOut.length > names.length * leftOutShareMax) return null;
    verify.push(less.command);
    tests.push(...less.leftOut);
    count += less.count;
  }
  return count === 0 || count > leftOutMax ? null : { verify, tests };
}

/** `names`: of all tests that the command reports. */
function without(
  command: string,
  failing: readonly string[],
  names: readonly string[],
): { command: string; leftOut: string[]; count: number } | null {
  const variables = /^(?:[A-Za-z_]\w*=\S*\s+)*/u.exec(command)?.[0] ?? "";
  const bare = command.slice(variables.length);
  const runner = simpleCommands(command)?.length === 1 ? runners.find(({ runs }) => runs.test(bare)) : undefined;
  const testOf = (id: string) => runner?.testOf?.(id) ?? id;
  const single = new Set(failing.map((id) => runner?.selectorOf(id) ?? null));
  // Many values of one test: all of them.
  const selectors = single.size > leftOutMax ? new Set(failing.map((id) => wholeSelector(id, runner))) : single;
  const isWithin = (one: string) =>
    [...selectors].some((other) => other !== null && other !== one && one.startsWith(`${other}[`));
  const option = runner?.optionOf([...selectors].filter((one) => one !== null).filter((one) => !isWithin(one)));
  if (runner === undefined || option == null || selectors.has(null)) return null;
  const leftOut = names.filter((id) => runner.selects(selectors, id));
  return { command: `${command} ${option}`, leftOut, count: new Set(leftOut.map(testOf)).size };
}

/** Of a test with parameters, what selects all of them and no other test whose name begins so. */
function wholeSelector(id: string, runner: Excluding | undefined): string | null {
  const test = runner?.testOf?.(id) ?? id;
  const selector = runner?.selectorOf(test) ?? null;
  return selector === null || test === id ? selector : `${selector}[`;
}

interface Excluding {
  readonly runs: RegExp;
  /** What leaves out this test; null if its name can't be given. It can stand for more tests. */
  readonly selectorOf: (id: string) => string | null;
  /** The test without its parameters, if the runner has such. */
  readonly testOf?: (id: string) => string;
  /** Whether one of `selectors` leaves out this test. */
  readonly selects: (selectors: ReadonlySet<string | null>, id: string) => boolean;
  /** The option for these; null if they can't stand in one. */
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
    // Every test whose path begins so.
    selects: (selectors, id) => {
      const path = pytestPath(id)?.join("::") ?? "";
      return [...selectors].some((selector) => selector !== null && path.startsWith(selector));
    },
    optionOf: (nodes) => nodes.map((node) => `--deselect=${shellWord(node)}`).join(" "),
  },
  {
    runs: /^(?:\S*\/)?go\s+test(?=\s|$)(?!.*\s--?(?:skip|run)(?:=|\s|$))/u,
    selectorOf: goTest,
    // All subtests of a test, and tests of that name in every package.
    selects: (selectors, id) => selectors.has(goTest(id)),
    optionOf: (names) => quoted("-skip", names, (either) => `^${either}$`),
  },
  {
    ...byTitle,
    runs: new RegExp(`(?!.*\\s(?:-t|--testNamePattern)(?:=|\\s|$))${programPattern("(?:vitest|jest)").source}`, "u"),
    // jest does not tell upper from lower case.
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

/** File, classes and function of a pytest test. Without its parameters if they have characters that a shell or pytest could read in another way. */
function pytestNode(id: string): string | null {
  const path = pytestPath(id);
  const name = path?.pop() ?? "";
  const plain = /^\w+(?:\[[\w.,:/@=+-]+\])?$/u.test(name) ? name : (/^\w+(?=\[)/u.exec(name)?.[0] ?? null);
  return path === null || plain === null ? null : [...path, plain].join("::");
}

/** File, classes and name of a pytest test; null if its file does not have it. */
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

/** What mocha's and vitest's reports name beside a test's own titles. */
const suiteNames: readonly string[] = ["Mocha Tests", "vitest tests"];

/** A test's full title: what follows the file's name, which some reports repeat. Null if it can't stand in quotes of a shell or is not one line. */
function titleOf(id: string): string | null {
  const [file = "", ...rest] = id.split(separator);
  const title = rest.filter((part) => part !== file && !suiteNames.includes(part)).join(" ");
  // What divides commands would be read as that by whoever looks for the runner in the command.
  return /^[^'"\\`$&\n]+$/u.test(title) ? title : null;
}

/** An option with a pattern of names. Brackets and not backslashes quote what has a meaning in a pattern. */
function quoted(option: string, names: readonly string[], patternOf: (either: string) => string): string {
  const plain = names.map((name) => name.replaceAll(/[.*+?^{}()|[]/gu, "[$&]").replaceAll("[^]", "."));
  return `${option} '${patternOf(plain.length === 1 ? (plain[0] ?? "") : `(${plain.join("|")})`)}'`;
}
