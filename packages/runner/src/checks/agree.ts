/**
 * Makes one result of a command's two passes (THREATS T10). The plain pass gives exit code and report; the pass with sentinels says
 * whether such a report can be believed. Report, exit code and both lists of names must agree, or the result is incomplete. Pure.
 */
import type { CommandResult, TestResult } from "@aedev/core/wire";
import type { CommandPlan } from "./command/plan.ts";
import { readSentinels } from "./command/sentinel.ts";
import type { CommandPass } from "./pass.ts";

const whyCharsMax = 500;

export interface CellKind {
  /** On old code a test with two answers neither passes nor fails; on new code the worse answer counts. */
  newCode: boolean;
  /** New tests on old code may fail to load or hang, which is what "red before" can look like. */
  mayBreak: boolean;
}

export interface Agreed {
  command: CommandResult;
  /** Files whose sentinel failed as it must. */
  reached: Set<string>;
}

/** `sentinel`: the second pass, null where the command gives only an exit code. `expected`: files whose sentinel must answer; null: any. */
export function agree(
  plan: CommandPlan,
  passes: { plain: CommandPass; sentinel: CommandPass | null; expected: readonly string[] | null },
  how: { kind: CellKind; outputTailBytes: number },
): Agreed {
  const { plain, sentinel } = passes;
  const shown = outputOf(plain, how.outputTailBytes);
  const common = {
    command: plan.command,
    exit_code: plain.result.exitCode,
    timed_out: plain.result.timedOut,
    duration_ms: plain.result.durationMs,
    ...shown,
    runs: 1,
  };
  const stopped = plain.result.stopped ?? (plain.result.timedOut ? "it was stopped at its time limit" : null);
  if (plan.runner === null || plain.report === null || sentinel?.report == null) {
    const command = {
      ...common,
      format: "exit-code",
      tests: null,
      sentinel: "none",
      incomplete: cut(stopped),
    } as const;
    return { command, reached: new Set() };
  }
  const reading = readSentinels(sentinel.report.tests, {
    placed: sentinel.placed,
    runner: plan.runner,
    expected: passes.expected,
  });
  const isEmpty = sentinel.placed.size === 0 && plain.report.tests.length === 0 && reading.tests.length === 0;
  const problems = [
    stopped,
    isEmpty ? null : plain.report.problem,
    isEmpty ? null : sentinel.report.problem,
    reading.problem,
    ...disagreements({ plain, sentinel, believed: reading.tests, state: reading.state }),
  ].filter((problem) => problem !== null);
  const broke =
    how.kind.mayBreak &&
    plain.result.exitCode !== 0 &&
    plain.result.stopped === null &&
    reading.state !== "reported-passing";
  return {
    command: {
      ...common,
      format: plan.runner.format,
      tests: merge(plain.report.tests, reading.tests, how.kind.newCode),
      sentinel: reading.state,
      incomplete: broke || problems.length === 0 ? null : cut(problems.join("; ")),
    },
    reached: reading.reached,
  };
}

function disagreements(of: {
  plain: CommandPass;
  sentinel: CommandPass;
  believed: readonly TestResult[];
  state: CommandResult["sentinel"];
}): string[] {
  const found: string[] = [];
  const tests = of.plain.report?.tests ?? [];
  const failing = tests.filter(({ result }) => result === "fail").length;
  if (failing > 0 && of.plain.result.exitCode === 0)
    found.push(`the exit code is 0 although ${failing} tests are reported failing`);
  if (of.state === "failed-as-it-must" && of.sentinel.result.exitCode === 0)
    found.push("the exit code is 0 although the sentinel failed");
  if (of.sentinel.result.stopped !== null || of.sentinel.result.timedOut)
    found.push(`the pass with sentinels was stopped: ${of.sentinel.result.stopped ?? "time limit"}`);
  const names = new Set(tests.map(({ id }) => id));
  const others = new Set(of.believed.map(({ id }) => id));
  const odd = [...names].filter((id) => !others.has(id)).concat([...others].filter((id) => !names.has(id)));
  if (odd.length > 0) found.push(`two passes reported different tests: ${odd[0]} and ${odd.length - 1} more`);
  return found;
}

function merge(plain: readonly TestResult[], believed: readonly TestResult[], newCode: boolean): TestResult[] {
  const second = new Map(believed.map(({ id, result }) => [id, result]));
  return plain.map(({ id, result }) => {
    const other = second.get(id) ?? result;
    if (other === result) return { id, result };
    return { id, result: newCode ? "fail" : "skip" };
  });
}

/** The end of what the command printed, standard error first where there is any: a report on standard output ends with its verdict. */
function outputOf(pass: CommandPass, tailBytes: number): Pick<CommandResult, "output_tail" | "omitted_bytes"> {
  const all = Buffer.from(
    `${pass.errors}${pass.errors === "" || pass.errors.endsWith("\n") ? "" : "\n"}${pass.result.output}`,
  );
  const tail = all.subarray(-tailBytes).toString("utf8").toWellFormed();
  return { output_tail: tail, omitted_bytes: pass.result.omittedBytes + Math.max(0, all.length - tailBytes) };
}

function cut(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().slice(0, whyCharsMax).toWellFormed();
}
