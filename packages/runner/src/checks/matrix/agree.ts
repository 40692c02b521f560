/**
 * Combines a command's two passes into one result (SECURITY T10). The plain pass gives exit code and report; the pass with sentinels shows
 * whether the report can be trusted. Report, exit code and both lists of tests must agree, or the result is incomplete. Pure.
 */
import { type CommandResult, counted, type TestResult } from "@aedev/contracts";
import type { CommandPlan } from "../command/plan.ts";
import { readSentinels } from "../command/sentinel.ts";
import type { CommandPass } from "../pass/pass.ts";

const whyCharsMax = 500;

export interface CellKind {
  /** The cell runs the candidate's code, which could detect the sentinels. */
  newCode: boolean;
  /** New tests on old code can fail to load, or hang. That still counts as failing on the base. */
  mayBreak: boolean;
}

export interface Agreed {
  command: CommandResult;
  /** Files whose sentinel failed as it must. */
  reached: Set<string>;
  /** The passes reported different tests, and nothing else is wrong. A test that fails by chance can cause that, for example in a set-up. */
  isUnsteady: boolean;
}

/** `sentinel`: the second pass; null if the command gives only an exit code. `expected`: files whose sentinel must be reported; null if any one is enough. */
export function agree(
  plan: CommandPlan,
  passes: {
    plain: CommandPass;
    sentinel: CommandPass | null;
    expected: readonly string[] | null;
    reachedBefore: ReadonlySet<string> | null;
  },
  options: { kind: CellKind; outputTailBytes: number },
): Agreed {
  const { plain, sentinel } = passes;
  if (plan.runner?.sentinel == null || plain.report === null || sentinel?.report == null)
    return { command: plainResult(plan, plain, options), reached: new Set(), isUnsteady: false };
  const stopped = whyStopped(plain);
  const reading = readSentinels(sentinel.report.tests, {
    placed: sentinel.placed,
    nonce: sentinel.nonce,
    runner: plan.runner,
    expected: passes.expected,
    reachedBefore: passes.reachedBefore,
    folder: plan.folder,
  });
  const { tests, believed } = withSteadyNames(plain.report.tests, reading.tests);
  const isEmpty = reading.state === "none" && plain.report.tests.length === 0 && reading.tests.length === 0;
  const odd = differentTests(tests, believed);
  const others = [
    stopped,
    isEmpty ? null : plain.report.problem,
    isEmpty ? null : sentinel.report.problem,
    reading.problem,
    ...disagreements({ plain, sentinel, state: reading.state }),
  ].filter((problem) => problem !== null);
  const problems = odd === null ? others : [...others, odd];
  const broke = mayHaveBroken(plain, options.kind) && reading.state !== "reported-passing";
  return {
    command: {
      ...common(plan, plain, options.outputTailBytes),
      format: plan.runner.format,
      tests: merge(tests, believed),
      passes: 2,
      sentinel: reading.state,
      incomplete: broke || problems.length === 0 ? null : truncate(problems.join("; ")),
    },
    reached: reading.reached,
    isUnsteady: odd !== null && others.length === 0 && !broke,
  };
}

/** The files whose sentinel failed as it must in a pass with sentinels. */
export function failingFiles({ runner, folder }: CommandPlan, pass: CommandPass | null): ReadonlySet<string> {
  if (runner === null || pass?.report == null) return new Set();
  const { placed, nonce } = pass;
  const known = { placed, nonce, runner, expected: [], reachedBefore: null, folder };
  return readSentinels(pass.report.tests, known).reached;
}

/** The result of the plain pass alone. If the command has sentinels, the result is trusted only where it counts against the candidate. */
export function plainResult(
  plan: CommandPlan,
  plain: CommandPass,
  options: { kind: CellKind; outputTailBytes: number },
): CommandResult {
  const { runner } = plan;
  const result = { ...common(plan, plain, options.outputTailBytes), sentinel: "none" as const };
  const stopped = whyStopped(plain);
  if (runner === null || plain.report === null)
    return { ...result, format: "exit-code", tests: null, incomplete: truncate(stopped) };
  const { tests, problem } = plain.report;
  const problems = [stopped, problem, ...exitDisagreements(plain)].filter((one) => one !== null);
  const isBelieved = problems.length === 0 || mayHaveBroken(plain, options.kind);
  return { ...result, format: runner.format, tests, incomplete: isBelieved ? null : truncate(problems.join("; ")) };
}

/** Adds reasons not to trust the result. */
export function withProblems(command: CommandResult, problems: readonly string[]): CommandResult {
  if (problems.length === 0) return command;
  const all = command.incomplete === null ? problems : [command.incomplete, ...problems];
  return { ...command, incomplete: truncate(all.join("; ")) };
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

/** True if new tests failed to load, hung, or ran out of memory on old code. That counts as a failure. */
function mayHaveBroken({ result }: CommandPass, kind: CellKind): boolean {
  return kind.mayBreak && result.exitCode !== 0 && (result.stopped === null || result.outOfMemory);
}

function exitDisagreements({ report, result }: CommandPass): string[] {
  const failing = (report?.tests ?? []).filter((test) => test.result === "fail").length;
  return failing > 0 && result.exitCode === 0
    ? [`the exit code is 0 although ${counted(failing, "test is", "tests are")} reported failing`]
    : [];
}

function disagreements(options: {
  plain: CommandPass;
  sentinel: CommandPass;
  state: CommandResult["sentinel"];
}): string[] {
  const found = exitDisagreements(options.plain);
  if (options.state === "failed-as-it-must" && options.sentinel.result.exitCode === 0)
    found.push("the exit code is 0 although the sentinel failed");
  if (options.sentinel.result.stopped !== null || options.sentinel.result.timedOut)
    found.push(`the pass with sentinels was stopped: ${options.sentinel.result.stopped ?? "time limit"}`);
  return found;
}

function differentTests(tests: readonly TestResult[], believed: readonly TestResult[]): string | null {
  const names = new Set(tests.map(({ id }) => id));
  const others = new Set(believed.map(({ id }) => id));
  const odd = [...names].filter((id) => !others.has(id)).concat([...others].filter((id) => !names.has(id)));
  return odd.length === 0 ? null : `two passes reported different tests: ${odd[0]} and ${odd.length - 1} more`;
}

/**
 * Names that contain a time, a duration or an address differ from pass to pass. If the names that only one pass has are equal without their numbers, they are
 * replaced by the name without numbers and a counter. Tests that share such a name all get the worst of their results, because the passes can't be matched one
 * to one. A cell whose passes have the same name by chance keeps it and then differs from the others.
 */
export function withSteadyNames(
  tests: readonly TestResult[],
  believed: readonly TestResult[],
): { tests: readonly TestResult[]; believed: readonly TestResult[] } {
  const [names, others] = [tests, believed].map((list) => new Set(list.map(({ id }) => id)));
  const oddOf = (list: readonly TestResult[], known: ReadonlySet<string> | undefined) =>
    list.filter(({ id }) => known?.has(id) !== true).map(({ id }) => steadyName(id));
  const [odd, oddOther] = [oddOf(tests, others), oddOf(believed, names)];
  const isKnown = odd.some((id) => names?.has(id) === true || others?.has(id) === true);
  if (odd.length === 0 || isKnown || odd.toSorted().join("\n") !== oddOther.toSorted().join("\n"))
    return { tests, believed };
  const renamed = (list: readonly TestResult[], known: ReadonlySet<string> | undefined) => {
    const isOdd = ({ id }: TestResult) => known?.has(id) !== true;
    const groups = Map.groupBy(list.filter(isOdd), ({ id }) => steadyName(id));
    const merged = [...groups].flatMap(([id, all]) => {
      const results = all.map(({ result }) => result);
      const result = results.find((one) => one === "fail") ?? results.find((one) => one !== "pass") ?? "pass";
      return all.map((_, index): TestResult => ({ id: index === 0 ? id : `${id} (${index + 1})`, result }));
    });
    return [...list.filter((test) => !isOdd(test)), ...merged];
  };
  return { tests: renamed(tests, others), believed: renamed(believed, names) };
}

/** A test's id without the parts that differ from pass to pass. */
export const steadyName = (id: string) => id.replaceAll(/\b(?=[a-f]*\d)[\da-f]{6,}\b|0x[\da-f]+|\d+/giu, "#");

/** Marks a test as flaky if the passes disagree, so that no pass's exit code or report decides for the other. */
function merge(plain: readonly TestResult[], believed: readonly TestResult[]): TestResult[] {
  const second = new Map(believed.map(({ id, result }) => [id, result]));
  return plain.map(({ id, result }) => {
    const other = second.get(id) ?? result;
    return other === result
      ? { id, result }
      : { id, result: "flaky", failed: [result, other].filter((one) => one !== "pass").length };
  });
}

/** The end of the output. Standard error comes first, because a report on standard output ends with its summary. */
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

function truncate(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().slice(0, whyCharsMax).toWellFormed();
}
