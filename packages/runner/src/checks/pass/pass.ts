/**
 * Runs one pass of a cell: a sealed checkout of its tree with its prepared outputs, then every verify command, each in its own container without
 * network. Reports are read after the container's end. What commands do is a value; only the engine's failures are thrown.
 *
 * Folder: one pass of a cell.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "@aedev/host/nofollow-read";
import { outputBytesMax, runShell, type ShellResult } from "../../engine/clean-container.ts";
import type { RunnerContext } from "../../engine/context.ts";
import type { Mount } from "../../engine/engine.ts";
import { randomName } from "../../engine/random-name.ts";
import { makeFolder } from "../../prepare/archive.ts";
import type { CheckEntries, Objects } from "../../tree/check-tree.ts";
import { deleteFolder } from "../../tree/run-folder.ts";
import { environmentPrograms } from "../command/environment-programs.ts";
import { guarded, guardSource } from "../command/guard.ts";
import type { CommandPlan } from "../command/plan.ts";
import { parserOf, type Runner } from "../command/runner.ts";
import { type Placed, placeSentinels, sentinelLines } from "../command/sentinel.ts";
import type { RecordedPass } from "../record/adjudicate.ts";
import { recordAssertions } from "../record/recording.ts";
import type { Tally } from "../record/tally.ts";
import { parseReport, reportBytesMax, reportTooLarge } from "../report/parse.ts";
import { brokenReport, type ParsedReport } from "../report/report.ts";
import { readTrace, type Trace, traceBytesMax } from "../watch/read-trace.ts";
import { fullRecordName, tracedCommand } from "../watch/traced-command.ts";
import type { OutputsOf, PreparedOutputs } from "./cell-outputs.ts";
import { checkout, type SealedCheckout, sealCheckout } from "./sealed-checkout.ts";

const mebibyteBytes = 1024 * 1024;
const outputTooLarge = `the start of the report is omitted: the command printed more than about ${outputBytesMax / mebibyteBytes} MiB, which is all that is kept of a command's output`;
const errorsBytesMax = 64 * 1024;
/** Bound of the file that says that a trace became too large. */
const fullBytesMax = 16;
const passesMax = 3;
/** Without these, Python and coverage.py write to the top of the sealed checkout. */
const pythonEnvironment = { PYTHONDONTWRITEBYTECODE: "1", COVERAGE_FILE: "/tmp/.coverage" };

/** The context that all passes of one work item share. */
export interface CheckContext {
  objects: Objects;
  /** A folder of ours, deleted afterwards. */
  work: string;
  plans: readonly CommandPlan[];
  imageId: string;
  limits: Parameters<typeof runShell>[0]["limits"];
  labels: Readonly<Record<string, string>>;
  /** The base's prepared outputs; null if there are none. */
  outputs: PreparedOutputs | null;
  /** The outputs of a given tree; omitted if every tree uses the base's. */
  outputsOf?: OutputsOf;
  isTest: (path: string) => boolean;
  /** Files that no command may change, even in a scratch folder. */
  isSealed: (path: string) => boolean;
  /** Folders that the repository's tests write to, besides those of well-known tools. */
  writable: readonly string[];
  /** The globs that `isTest` matches. */
  testGlobs: readonly string[];
  signal: AbortSignal | undefined;
  /** Reports one line for people; never evidence. */
  progress: (text: string) => void;
  /** Mounts that put strace into an image other than the runner's. */
  straceMounts: readonly Mount[];
}

/** The request for one pass. `withSentinels`: a failing test is appended to each test file. `isTraced`: strace records the commands' access to files. */
export interface PassRequest {
  entries: CheckEntries;
  withSentinels: boolean;
  isTraced?: boolean;
  /** Added to the mounts of every pass. */
  mounts?: readonly Mount[];
  /** Added to the environment of every pass. */
  environment?: Readonly<Record<string, string>>;
}

export interface CommandPass {
  result: ShellResult;
  /** The end of its standard error. */
  errors: string;
  /** Null for a command that gives only an exit code. */
  report: ParsedReport | null;
  /** Sentinels of this command's runner; empty if none were placed. */
  placed: Placed;
  /** Random part of the name of every sentinel of this pass. */
  nonce: string;
  /** The command's access to files; null if it was not traced. */
  trace: Trace | null;
  /** The command was stopped because its trace became too large. */
  isTraceFull: boolean;
  /** The record of its assertions; null if its processes are not Node's. */
  record: RecordedPass | null;
}

/** A checkout with the sentinels of one runner, or with none. */
interface LaidOut {
  sealed: SealedCheckout;
  placed: Placed;
  /** The line in each file at which a sentinel's text starts. */
  ends: ReadonlyMap<string, number>;
}

/**
 * Runs every command once. All run again if the end of an output is missing, because the engine lost it or the container was killed from outside; a command
 * that kills its own shell does so each time. All run again untraced if a trace became too large, which stops its command; without a trace the change asks (ADR
 * 0017).
 */
export async function runPass(
  checkContext: CheckContext,
  cell: PassRequest,
  context: RunnerContext,
): Promise<CommandPass[]> {
  for (let pass = 1; ; pass += 1) {
    const passes = await runOnce(checkContext, cell, context);
    if (cell.isTraced === true && passes.some(({ isTraceFull }) => isTraceFull)) {
      checkContext.progress("checks: running again untraced, because the record of a traced command became too large");
      return runPass(checkContext, { ...cell, isTraced: false }, context);
    }
    if (pass === passesMax || passes.every(({ result }) => result.isWhole)) return passes;
    const isKilled = passes.some(({ result }) => result.wasKilled);
    const why = isKilled ? "a command's shell was killed" : "the engine lost the end of a command's output";
    checkContext.progress(`checks: running again, because ${why}`);
  }
}

async function runOnce(checkContext: CheckContext, cell: PassRequest, context: RunnerContext): Promise<CommandPass[]> {
  const folder = join(checkContext.work, randomName());
  mkdirSync(folder, { mode: 0o700 });
  try {
    const nonce = randomName();
    const outputs =
      checkContext.outputsOf === undefined ? checkContext.outputs : await checkContext.outputsOf(cell.entries);
    const laidOut = async (runner: Runner | null): Promise<LaidOut> => {
      let placed: Placed = new Map();
      let ends = new Map<string, number>();
      const edit = (repository: string) => {
        if (runner === null) return;
        placed = placeSentinels(runner, repository, { entries: cell.entries, isTest: checkContext.isTest, nonce });
        ends = sentinelLines(placed, repository);
      };
      const own = join(folder, randomName());
      mkdirSync(own, { mode: 0o700 });
      const sealed = await sealCheckout(checkContext, { entries: cell.entries, outputs, folder: own, edit }, context);
      return { sealed, placed, ends };
    };
    // A sentinel of one runner can break another runner's file, so each runner has its own checkout. Two commands of pytest can have test files with different
    // names.
    const checkouts = new Map<Runner | null, LaidOut>();
    const passes: CommandPass[] = [];
    for (const [index, plan] of checkContext.plans.entries()) {
      const how = cell.withSentinels ? ", with planted tests that must fail" : "";
      checkContext.progress(`checks: command ${index + 1} of ${checkContext.plans.length}${how}: ${plan.command}`);
      const runner = cell.withSentinels && plan.runner?.sentinel != null ? plan.runner : null;
      const { sealed, placed, ends } = checkouts.get(runner) ?? (await laidOut(runner));
      checkouts.set(runner, { sealed, placed, ends });
      const { tally, ...run } = await runCommand(checkContext, { plan, folder, sealed, cell }, context);
      const record = tally === null ? null : { tally, ends };
      passes.push({ ...run, record, placed, nonce });
    }
    return passes;
  } finally {
    await deleteFolder(folder);
  }
}

interface CommandRun {
  plan: CommandPlan;
  folder: string;
  sealed: SealedCheckout;
  cell: PassRequest;
}

async function runCommand(
  checkContext: CheckContext,
  { plan, folder, sealed, cell }: CommandRun,
  context: RunnerContext,
): Promise<Omit<CommandPass, "placed" | "nonce" | "record"> & { tally: Tally | null }> {
  const own = join(folder, randomName());
  mkdirSync(own, { mode: 0o700 });
  const { mounts, changedFile } = await sealed.mountsFor([...plan.scratch, ...checkContext.writable], own);
  // Every name of ours is random, so that nothing in the container shows whose it is (SECURITY T29).
  const reports = { source: join(own, randomName()), target: `/var/tmp/${randomName()}`, readOnly: false };
  await makeFolder(reports.source, context.user);
  const [name, record, errorsName] = [`${randomName()}.xml`, randomName(), randomName()];
  const { isTraced = false } = cell;
  const recording =
    plan.runner?.isNode === true || plan.takesPlugin ? recordAssertions(join(own, randomName()), checkout) : null;
  const command = commandIn(checkContext, { plan, own, file: `${reports.target}/${name}`, recording });
  const shell = isTraced ? tracedCommand(command.shell, `${reports.target}/${record}`) : command.shell;
  const result = await runShell(
    {
      // Standard output goes to the engine, where it can't be changed afterwards. Standard error is kept apart, so that it doesn't break lines of the output,
      // unless the runner needs it there.
      command: `${plan.runner?.report === "both" ? "exec 2>&1" : `exec 2>${reports.target}/${errorsName}`}\n${command.preparation}${shell}`,
      imageId: checkContext.imageId,
      environment: { ...pythonEnvironment, ...cell.environment, ...command.environment },
      mounts: [
        ...mounts,
        ...(cell.mounts ?? []),
        ...(isTraced ? checkContext.straceMounts : []),
        reports,
        ...command.mounts,
      ],
      textMount: reports,
      workingFolder: checkout,
      seccomp: isTraced ? "traced" : "checks",
      limits: isTraced ? withRecord(checkContext.limits) : checkContext.limits,
      timeoutMs: checkContext.limits.check_timeout_ms,
      labels: checkContext.labels,
      ...(checkContext.signal === undefined ? {} : { signal: checkContext.signal }),
    },
    context,
  ).catch(async (error) => {
    await recording?.close();
    throw error;
  });
  const tally = (await recording?.close()) ?? null;
  const errors = await readRegular(join(reports.source, errorsName), outputBytesMax);
  const changed = await changedFile();
  return {
    result: changed === null ? result : { ...result, stopped: result.stopped ?? `it changed ${changed}` },
    errors: errors === null ? "" : errors.bytes.subarray(-errorsBytesMax).toString("utf8"),
    report: plan.runner === null ? null : await reportOf(plan.runner, result, join(reports.source, name)),
    trace: isTraced ? await readTrace(join(reports.source, record), checkout) : null,
    isTraceFull: isTraced && (await readRegular(join(reports.source, fullRecordName(record)), fullBytesMax)) !== null,
    tally,
  };
}

/** The command with its runner's parts: a Node runner's guard, the recorder of assertions, a program of ours. `file`: the report's path in the container. */
function commandIn(
  checkContext: CheckContext,
  {
    plan,
    own,
    file,
    recording,
  }: { plan: CommandPlan; own: string; file: string; recording: ReturnType<typeof recordAssertions> | null },
) {
  const place = (ending: string, text: string) => {
    const source = join(own, `${randomName()}${ending}`);
    writeFileSync(source, text, { mode: 0o644 });
    return { source, target: `/usr/local/share/${randomName()}${ending}`, readOnly: true };
  };
  const guardedRunner = plan.runner?.isNode === true ? plan.runner : null;
  // The recorder comes first, so that the guard locks the functions that the recorder wrapped.
  const guard =
    recording === null || guardedRunner === null
      ? null
      : place(".cjs", `'use strict';\n${recording.preload}${guardSource(guardedRunner, file)}`);
  const programTarget = `/usr/local/share/${randomName()}.py`;
  const programText = plan.program(file);
  const program = programText === null ? null : { ...place(".py", programText), target: programTarget };
  // Set for the command alone: programs around it, such as strace, must not come from a package.
  const programs = environmentPrograms(checkContext.outputs?.paths ?? [], checkout);
  return {
    preparation: plan.takesPlugin ? (recording?.pytest ?? "") : "",
    shell: `${programs}${plan.shell(file, programTarget)}`,
    environment: guard === null ? plan.environment(file) : guarded(plan.environment(file), guard.target),
    mounts: [guard, recording?.mount ?? null, program].filter((mount) => mount !== null),
  };
}

/** A record may be larger than the output of code under test. */
function withRecord(limits: CheckContext["limits"]): CheckContext["limits"] {
  return { ...limits, file_size_bytes: Math.max(limits.file_size_bytes, traceBytesMax) };
}

async function reportOf(
  runner: NonNullable<CommandPlan["runner"]>,
  result: ShellResult,
  path: string,
): Promise<ParsedReport> {
  if (runner.report !== "file") {
    if (result.omittedBytes > 0) return brokenReport(outputTooLarge);
    return parseReport(parserOf(runner), result.output, { checkout });
  }
  const file = await readRegular(path, reportBytesMax);
  if (file === null) return brokenReport("the command wrote no report");
  if (file.sizeBytes > reportBytesMax) return brokenReport(reportTooLarge);
  return parseReport(parserOf(runner), file.bytes.toString("utf8"), { checkout });
}
