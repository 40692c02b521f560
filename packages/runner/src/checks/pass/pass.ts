/**
 * Runs one pass of a cell: a fresh checkout of its tree with fresh prepared outputs, then every verify command, each in its own container without
 * network. Reports are read after the container's end. What commands do is a value; only the engine's failures are thrown.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "@aedev/host/nofollow-read";
import { outputBytesMax, runShell, type ShellResult } from "../../engine/clean-container.ts";
import type { RunnerContext } from "../../engine/context.ts";
import { makeFolder, unpackPrepared } from "../../prepare/archive.ts";
import { type CheckEntries, layOut, type Objects, writeCheckTree } from "../../tree/check-tree.ts";
import { deleteFolder, handOver } from "../../tree/run-folder.ts";
import { guarded, guardSource, guardTarget } from "../command/guard.ts";
import type { CommandPlan } from "../command/plan.ts";
import { type Placed, placeSentinels } from "../command/sentinel.ts";
import { parseReport, reportBytesMax } from "../report/parse.ts";
import { brokenReport, type ParsedReport } from "../report/report.ts";
import type { OutputsOf } from "./cell-outputs.ts";
import { type InMemory, inMemory, type PreparedOutputs } from "./outputs.ts";

/** Path of the checkout in the container; the same as for the coder. */
export const checkout = "/workspace/repo";
const reportFolder = "/report";
const errorsBytesMax = 64 * 1024;
const passesMax = 3;

/** What all passes of one work item share. */
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
  /** The globs that `isTest` matches. */
  testGlobs: readonly string[];
  signal: AbortSignal | undefined;
  /** One readable line; never evidence. */
  progress: (text: string) => void;
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
}

/**
 * Runs every command once, and all again if the engine lost the end of an output, which says nothing about the change.
 * `withSentinels`: first appends a failing test to each test file.
 */
export async function runPass(
  checkContext: CheckContext,
  cell: { entries: CheckEntries; withSentinels: boolean },
  context: RunnerContext,
): Promise<CommandPass[]> {
  for (let pass = 1; ; pass += 1) {
    const passes = await runOnce(checkContext, cell, context);
    if (pass === passesMax || passes.every(({ result }) => result.isWhole)) return passes;
    checkContext.progress("checks: running again, because the engine lost the end of a command's output");
  }
}

async function runOnce(
  checkContext: CheckContext,
  cell: { entries: CheckEntries; withSentinels: boolean },
  context: RunnerContext,
): Promise<CommandPass[]> {
  const folder = join(checkContext.work, `pass-${randomBytes(6).toString("hex")}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    const repository = join(folder, "repo");
    await layOut(checkContext.objects, await writeCheckTree(checkContext.objects, cell.entries), repository);
    const nonce = randomBytes(8).toString("hex");
    const placed = new Map<string, Placed>();
    for (const { runner } of cell.withSentinels ? checkContext.plans : []) {
      if (runner === null || placed.has(runner.name)) continue;
      const files = { entries: cell.entries, isTest: checkContext.isTest, nonce };
      placed.set(runner.name, placeSentinels(runner, repository, files));
    }
    await handOver([repository], context.user);
    const { limits } = checkContext;
    const outputs =
      checkContext.outputsOf === undefined ? checkContext.outputs : await checkContext.outputsOf(cell.entries);
    const memory = outputs === null ? null : inMemory(outputs, { checkout, entries: cell.entries, limits });
    if (outputs !== null && memory === null) await unpackPrepared(outputs.archivePath, repository, context.user);
    const passes: CommandPass[] = [];
    for (const plan of checkContext.plans) {
      const run = await runCommand(checkContext, { plan, folder, repository, memory }, context);
      passes.push({ ...run, placed: placed.get(plan.runner?.name ?? "") ?? new Map(), nonce });
    }
    return passes;
  } finally {
    await deleteFolder(folder);
  }
}

async function runCommand(
  checkContext: CheckContext,
  options: { plan: CommandPlan; folder: string; repository: string; memory: InMemory | null },
  context: RunnerContext,
): Promise<Omit<CommandPass, "placed" | "nonce">> {
  const { plan } = options;
  const reports = join(options.folder, `report-${randomBytes(6).toString("hex")}`);
  await makeFolder(reports, context.user);
  const guard = join(options.folder, "guard.cjs");
  const isGuarded = plan.runner?.isNode === true;
  writeFileSync(guard, guardSource, { mode: 0o644 });
  const name = `${randomBytes(12).toString("hex")}.xml`;
  const file = `${reportFolder}/${name}`;
  const result = await runShell(
    {
      // Standard output goes to the engine, where it can't be changed later. Standard error is kept apart so that it does not break its lines, unless the runner needs it there.
      command: `${plan.runner?.report === "both" ? "exec 2>&1" : `exec 2>${reportFolder}/errors`}\n${options.memory?.unpack ?? ""}${plan.shell(file)}`,
      imageId: checkContext.imageId,
      environment: isGuarded ? guarded(plan.environment(file)) : plan.environment(file),
      mounts: [
        { source: options.repository, target: checkout, readOnly: false },
        { source: reports, target: reportFolder, readOnly: false },
        ...(isGuarded ? [{ source: guard, target: guardTarget, readOnly: true }] : []),
        ...(options.memory?.mounts ?? []),
      ],
      tmpfs: options.memory?.tmpfs ?? [],
      workingFolder: checkout,
      network: "none",
      limits: checkContext.limits,
      timeoutMs: checkContext.limits.check_timeout_ms,
      labels: checkContext.labels,
      ...(checkContext.signal === undefined ? {} : { signal: checkContext.signal }),
    },
    context,
  );
  const errors = await readRegular(join(reports, "errors"), outputBytesMax);
  return {
    result,
    errors: errors === null ? "" : errors.bytes.subarray(-errorsBytesMax).toString("utf8"),
    report: plan.runner === null ? null : await reportOf(plan.runner, result, join(reports, name)),
  };
}

async function reportOf(
  runner: NonNullable<CommandPlan["runner"]>,
  result: ShellResult,
  path: string,
): Promise<ParsedReport> {
  if (runner.report !== "file") {
    if (result.omittedBytes > 0) return brokenReport(`${result.omittedBytes} bytes of the report are omitted`);
    return parseReport(runner.parser, result.output, { checkout });
  }
  const file = await readRegular(path, reportBytesMax);
  if (file === null) return brokenReport("the command wrote no report");
  if (file.sizeBytes > reportBytesMax) return brokenReport(`the report is omitted: over ${reportBytesMax} bytes`);
  return parseReport(runner.parser, file.bytes.toString("utf8"), { checkout });
}
