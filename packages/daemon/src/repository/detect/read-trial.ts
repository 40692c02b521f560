/** Reads the result of a trial of settings: they work, the base is red, or they could not be tried. Pure. A missing program is not a red test. */
import type { CommandResult, TryRepositoryReport } from "@aedev/contracts";
import type { Tried, TriedCommand } from "@aedev/contracts/api";
import { leaveOutFailing } from "./leave-out.ts";
import { neededService } from "./needed-service.ts";

/** The result of a trial; the caller adds the tried commit. */
export type TrialReading = Omit<Tried, "commit" | "ref">;

const tailLengthMax = 4_000;
const failingMax = 10;
/** A tenth of the tests, if that is more than a handful, is worth a sentence. */
const skippedShareMin = 0.1;
const skippedMin = 10;

export function readTrial(result: TryRepositoryReport["result"]): TrialReading {
  if (result.outcome === "held")
    return {
      outcome: "held",
      code: result.code,
      detail: result.detail,
      commands: [],
      notes: [],
      writable: [],
      without_failing: null,
    };
  const commands = result.commands.map(triedCommand);
  const missing = result.commands.find(isMissingProgram);
  if (missing !== undefined) {
    const detail = `${missing.command}: the image does not have the program (exit ${missing.exit_code})`;
    return {
      outcome: "held",
      code: "HOLD-TOOLCHAIN",
      detail,
      commands,
      notes: [],
      writable: [],
      without_failing: null,
    };
  }
  if (commands.length === 0)
    return { outcome: "nothing", code: null, detail: null, commands, notes: [], writable: [], without_failing: null };
  const isGreen = result.commands.every(
    ({ exit_code, incomplete, tests }) =>
      exit_code === 0 && incomplete === null && tests?.some((test) => test.result === "fail") !== true,
  );
  return {
    outcome: isGreen ? "green" : "red",
    code: null,
    detail: null,
    commands,
    notes: [
      ...(isGreen ? [] : refusedWrites(result.refused_at_top)),
      ...(isGreen ? [] : missingServices(result.commands)),
      ...result.commands.flatMap(worthNotes),
      ...result.commands.flatMap(skippedNotes),
    ],
    writable: result.writable,
    without_failing: isGreen ? null : leaveOutFailing(result.commands),
  };
}

/** Advice: run only tests that need no server, or have the server in the image and start it in the command. */
function missingServices(commands: readonly CommandResult[]): string[] {
  const needed = commands.flatMap(({ output_tail }) => neededService(output_tail) ?? []);
  return [...new Set(needed)].map(
    (service) =>
      `the tests need ${service}, which the sandbox does not have: name only tests that do without it with --verify, or give an --image that has it and a --verify that starts it first`,
  );
}

function refusedWrites(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const names = files.join(", ");
  return [
    `its tests could not write ${names} at the top of the checkout, which is read-only: let them write to /tmp, or to a folder that --writable names`,
  ];
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

/** 126 and 127 are the shell's codes for a program that can't be run or is missing; npm's scripts pass them on. */
function isMissingProgram({ exit_code }: CommandResult): boolean {
  return exit_code === 126 || exit_code === 127;
}

function worthNotes({ command, tests, sentinel, exit_code }: CommandResult): string[] {
  if (exit_code !== 0) return [];
  if (tests === null) return [`${command} gives only an exit code: changes need your approval`];
  if (tests.length === 0) return [`${command} ran no test: changes need your approval`];
  if (sentinel === "none")
    return [
      `no file that the tests globs name could be checked for forged results of ${command}: changes need your approval`,
    ];
  return [];
}

/** Tests skip themselves if a package or program is missing here, and then prove nothing about a change. */
function skippedNotes({ command, tests }: CommandResult): string[] {
  const all = tests?.length ?? 0;
  const skipped = (tests ?? []).filter(({ result }) => result === "skip").length;
  if (skipped < skippedMin || skipped < all * skippedShareMin) return [];
  return [
    `${skipped} of ${all} tests of ${command} are skipped here, often because an optional package or a program is missing: they prove nothing about a change`,
  ];
}
