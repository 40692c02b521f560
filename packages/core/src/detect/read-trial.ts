/** Reads what a try of a repository's settings brought: works, red on its base, or it could not be tried. Pure; an exit code that says "no such program" is no red test. */
import type { CommandResult, HoldCode, TryRepositoryReport } from "../wire/index.ts";

export interface TriedCommand {
  readonly command: string;
  readonly exit_code: number | null;
  readonly timed_out: boolean;
  readonly duration_ms: number;
  /** Null where the command gives only an exit code. */
  readonly tests: { readonly passed: number; readonly failed: number; readonly skipped: number } | null;
  /** Names of some failing tests. */
  readonly failing: readonly string[];
  /** Why its result can't be believed. */
  readonly incomplete: string | null;
  readonly output_tail: string;
}
/**
 * `green`: everything ran and is green. `red`: it ran, and something is red or can't be believed. `nothing`: prepare works, and there is
 * no command that proves anything. `held`: it could not be tried; `code` says why, as for a task.
 */
export interface TrialReading {
  readonly outcome: "green" | "red" | "nothing" | "held";
  readonly code: HoldCode | null;
  readonly detail: string | null;
  readonly commands: readonly TriedCommand[];
  /** What the results are worth, where it is less than it could be. */
  readonly notes: readonly string[];
}

const tailLengthMax = 4_000;
const failingMax = 10;

export function readTrial(result: TryRepositoryReport["result"]): TrialReading {
  if (result.outcome === "held")
    return { outcome: "held", code: result.code, detail: result.detail, commands: [], notes: [] };
  const commands = result.commands.map(triedCommand);
  const missing = result.commands.find(isMissingProgram);
  if (missing !== undefined) {
    const detail = `${missing.command}: the image does not have the program (exit ${missing.exit_code})`;
    return { outcome: "held", code: "HOLD-TOOLCHAIN", detail, commands, notes: [] };
  }
  if (commands.length === 0) return { outcome: "nothing", code: null, detail: null, commands, notes: [] };
  const isGreen = result.commands.every(
    ({ exit_code, incomplete, tests }) =>
      exit_code === 0 && incomplete === null && tests?.some((test) => test.result === "fail") !== true,
  );
  return {
    outcome: isGreen ? "green" : "red",
    code: null,
    detail: null,
    commands,
    notes: result.commands.flatMap(worth),
  };
}

function triedCommand(result: CommandResult): TriedCommand {
  const { command, exit_code, timed_out, duration_ms, incomplete, tests } = result;
  const count = (wanted: string) => (tests ?? []).filter((test) => test.result === wanted).length;
  return {
    command,
    exit_code,
    timed_out,
    duration_ms,
    tests: tests === null ? null : { passed: count("pass"), failed: count("fail"), skipped: count("skip") },
    failing: (tests ?? [])
      .filter((test) => test.result === "fail")
      .slice(0, failingMax)
      .map(({ id }) => id),
    incomplete,
    output_tail: result.output_tail.slice(-tailLengthMax).toWellFormed(),
  };
}

/** 126 and 127 are the shell's words for a program that is not there or can't be run; npm's scripts hand them on. */
function isMissingProgram({ exit_code }: CommandResult): boolean {
  return exit_code === 126 || exit_code === 127;
}

function worth({ command, tests, sentinel, exit_code }: CommandResult): string[] {
  if (exit_code !== 0) return [];
  if (tests === null) return [`${command} gives only an exit code: a change at best asks`];
  if (tests.length === 0) return [`${command} ran no test: a change at best asks`];
  if (sentinel === "none")
    return [
      `no file that the tests globs name could be checked for forged results of ${command}: a change at best asks`,
    ];
  return [];
}
