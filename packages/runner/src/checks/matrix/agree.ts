/**
 * Makes one result of a command's two passes (THREATS T10). The plain pass gives exit code and report; the pass with sentinels says
 * whether such a report can be believed. Report, exit code and both lists of names must agree, or the result is incomplete. Pure.
 */
import type { CommandResult, TestResult } from "@aedev/core/wire";
import type { CommandPlan } from "../command/plan.ts";
import { readSentinels } from "../command/sentinel.ts";
import type { CommandPass } from "../pass.ts";

const whyCharsMax = 500;

export interface CellKind {
  /** On old code a test with two answers is flaky; on new code, which may know its sentinel, the worse answer counts. */
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
  if (plan.runner?.sentinel == null || plain.report === null || sentinel?.report == null)
    return { command: plainResult(plan, plain, how), reached: new Set() };
  const stopped = whyStopped(plain);
  const reading = readSentinels(sentinel.report.tests, {
    placed: sentinel.placed,
    nonce: sentinel.nonce,
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
  const broke = mayHaveBroken(plain, how.kind) && reading.state !== "reported-passing";
  return {
    command: {
      ...common(plan, plain, how.outputTailBytes),
      format: plan.runner.format,
      tests: merge(plain.report.tests, reading.tests, how.kind.newCode),
      sentinel: reading.state,
      incomplete: broke || problems.length === 0 ? null : cut(problems.join("; ")),
    },
    reached: reading.reached,
  };
}

/** What the plain pass alone says. Of a command with sentinels that is only good enough where it speaks against the candidate. */
export function plainResult(
  plan: CommandPlan,
  plain: CommandPass,
  how: { kind: CellKind; outputTailBytes: number },
): CommandResult {
  const { runner } = plan;
  const result = { ...common(plan, plain, how.outputTailBytes), sentinel: "none" as const };
  const stopped = whyStopped(plain);
  if (runner === null || plain.report === null)
    return { ...result, format: "exit-code", tests: null, incomplete: cut(stopped) };
  const { tests, problem } = plain.report;
  const problems = [stopped, problem, ...exitDisagreements(plain)].filter((one) => one !== null);
  const isBelieved = problems.length === 0 || mayHaveBroken(plain, how.kind);
  return { ...result, format: runner.format, tests, incomplete: isBelieved ? null : cut(problems.join("; ")) };
}

function common(plan: CommandPlan, plain: CommandPass, tailBytes: number) {
  return {
    command: plan.command,
    exit_code: plain.result.exitCode,
    timed_out: plain.result.timedOut,
    duration_ms: plain.result.durationMs,
    ...outputOf(plan, plain, tailBytes),
    runs: 1,
    exit_codes: [],
  };
}

function whyStopped({ result }: CommandPass): string | null {
  return result.stopped ?? (result.timedOut ? "it was stopped at its time limit" : null);
}

function mayHaveBroken({ result }: CommandPass, kind: CellKind): boolean {
  return kind.mayBreak && result.exitCode !== 0 && result.stopped === null;
}

function exitDisagreements({ report, result }: CommandPass): string[] {
  const failing = (report?.tests ?? []).filter((test) => test.result === "fail").length;
  return failing > 0 && result.exitCode === 0
    ? [`the exit code is 0 although ${failing} tests are reported failing`]
    : [];
}

function disagreements(of: {
  plain: CommandPass;
  sentinel: CommandPass;
  believed: readonly TestResult[];
  state: CommandResult["sentinel"];
}): string[] {
  const found = exitDisagreements(of.plain);
  const tests = of.plain.report?.tests ?? [];
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
    return { id, result: newCode ? "fail" : "flaky" };
  });
}

/** The end of what the command printed, standard error first where there is any: a report on standard output ends with its verdict. */
function outputOf(
  plan: CommandPlan,
  pass: CommandPass,
  tailBytes: number,
): Pick<CommandResult, "output_tail" | "omitted_bytes"> {
  const printed = plan.runner?.readable?.(pass.result.output) ?? pass.result.output;
  const all = Buffer.from(`${pass.errors}${pass.errors === "" || pass.errors.endsWith("\n") ? "" : "\n"}${printed}`);
  const tail = all.subarray(-tailBytes).toString("utf8").toWellFormed();
  return { output_tail: tail, omitted_bytes: pass.result.omittedBytes + Math.max(0, all.length - tailBytes) };
}

function cut(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().slice(0, whyCharsMax).toWellFormed();
}
