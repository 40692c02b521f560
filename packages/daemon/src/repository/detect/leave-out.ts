/**
 * Proposes verify commands without the few tests that fail on the base, for example because they need a network, so that all other tests can still check
 * a change. Supports the runners with an option to exclude single tests; a trial shows whether the base is then green. Pure.
 */
import { type CommandResult, shellWord } from "@aedev/contracts";
import type { Tried } from "@aedev/contracts/api";
import { isCompound, programPattern } from "@aedev/host/program-pattern";

type LeftOut = NonNullable<Tried["without_failing"]>;

/** More than a few failing tests say that something is missing. */
const failingMax = 10;
const failingShareMax = 0.05;
const separator = " > ";

/** Null if a command failed in another way, too many tests fail, or the runner can't leave one out. */
export function leaveOutFailing(commands: readonly CommandResult[]): LeftOut | null {
  const verify: string[] = [];
  const tests: string[] = [];
  for (const result of commands) {
    const all = result.tests ?? [];
    const failing = all.filter((test) => test.result === "fail").map(({ id }) => id);
    if (failing.length === 0 && (result.exit_code !== 0 || result.incomplete !== null)) return null;
    if (result.timed_out || result.incomplete !== null) return null;
    const command = failing.length === 0 ? result.command : without(result.command, failing);
    if (command === null || failing.length > all.length * failingShareMax) return null;
    verify.push(command);
    tests.push(...failing);
  }
  return tests.length === 0 || tests.length > failingMax ? null : { verify, tests };
}

function without(command: string, failing: readonly string[]): string | null {
  const variables = /^(?:[A-Za-z_]\w*=\S*\s+)*/u.exec(command)?.[0] ?? "";
  const bare = command.slice(variables.length);
  if (isCompound(bare)) return null;
  const added = runners.find(({ runs }) => runs.test(bare))?.without(bare, failing) ?? null;
  return added === null ? null : `${variables}${added}`;
}

/** How each runner leaves out tests; null if their names can't be given. */
const runners: readonly {
  readonly runs: RegExp;
  readonly without: (command: string, failing: readonly string[]) => string | null;
}[] = [
  {
    runs: new RegExp(
      `${programPattern("(?:py\\.test|pytest)").source}|^(?:\\S*/)?python[\\d.]*\\s+-m\\s+pytest(?:\\s|$)`,
      "u",
    ),
    without: (command, failing) => {
      const nodes = failing.map(pytestNode);
      return nodes.includes(null)
        ? null
        : [command, ...new Set(nodes.map((node) => `--deselect=${shellWord(node ?? "")}`))].join(" ");
    },
  },
  {
    runs: /^(?:\S*\/)?go\s+test(?=\s|$)(?!.*\s--?(?:skip|run)(?:=|\s|$))/u,
    // A subtest is left out with its test.
    without: (command, failing) =>
      withPattern(
        command,
        "-skip",
        failing.map((id) => id.split(separator)[1]?.split("/")[0] ?? ""),
      ),
  },
  {
    runs: new RegExp(`${programPattern("vitest").source}(?!.*\\s(?:-t|--testNamePattern)(?:=|\\s|$))`, "u"),
    without: (command, failing) => withPattern(command, "-t", failing.map(titleOf), "but"),
  },
  {
    runs: new RegExp(`${programPattern("jest").source}(?!.*\\s(?:-t|--testNamePattern)(?:=|\\s|$))`, "u"),
    without: (command, failing) => withPattern(command, "-t", failing.map(titleOf), "but"),
  },
  {
    runs: new RegExp(
      `${programPattern("_?mocha").source}(?!.*\\s(?:-g|-f|--grep|--fgrep|-i|--invert)(?:=|\\s|$))`,
      "u",
    ),
    without: (command, failing) => withPattern(command, "--invert --grep", failing.map(titleOf)),
  },
];

/** What selects a test of pytest: file, classes and function. Without its parameters if they have characters that a shell or pytest could read in another way. */
function pytestNode(id: string): string | null {
  const [file = "", ...rest] = id.split(separator);
  const [group = "", name = ""] = rest.slice(-2);
  const module = file.replace(/\.py$/u, "").replaceAll("/", ".");
  if (rest.length < 2 || module === file || !(group === module || group.startsWith(`${module}.`))) return null;
  const plain = /^\w+(?:\[[\w.,:/@=+-]+\])?$/u.test(name) ? name : (/^\w+(?=\[)/u.exec(name)?.[0] ?? null);
  if (plain === null) return null;
  const classes = group.slice(module.length + 1);
  return [file, ...(classes === "" ? [] : classes.split(".")), plain].join("::");
}

/** What mocha's and vitest's reports name beside a test's own titles. */
const suiteNames: readonly string[] = ["Mocha Tests", "vitest tests"];

/** A test's full title: what follows the file's name, which some reports repeat. */
function titleOf(id: string): string {
  const [file = "", ...rest] = id.split(separator);
  return rest.filter((part) => part !== file && !suiteNames.includes(part)).join(" ");
}

/** The command with an option whose pattern matches these names whole, or every name `but` these. */
function withPattern(
  command: string,
  option: string,
  names: readonly string[],
  kind: "only" | "but" = "only",
): string | null {
  if (names.some((name) => name === "" || !/^[^'"\\`$\n]+$/u.test(name))) return null;
  const either = [...new Set(names)].map((name) => name.replaceAll(/[.*+?^{}()|[]/gu, "[$&]").replaceAll("[^]", "."));
  const all = either.length === 1 ? either[0] : `(${either.join("|")})`;
  return `${command} ${option} '${kind === "but" ? `^(?!${all}$)` : `^${all}$`}'`;
}
