/**
 * One pass of a cell: a fresh checkout of its tree, prepared outputs unpacked fresh, then every verify command, each in a container of
 * its own over that checkout, without network. Reads reports after death. What the commands did are values; only the engine's failures are thrown.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "../capture/careful-read.ts";
import type { RunnerContext } from "../context.ts";
import { makeFolder, unpackPrepared } from "../prepare/archive.ts";
import { deleteFolder, handOver } from "../worktree/run-folder.ts";
import type { OutputsOf } from "./cell-outputs.ts";
import { guarded, guardSource, guardTarget } from "./command/guard.ts";
import type { CommandPlan } from "./command/plan.ts";
import { type Placed, placeSentinels } from "./command/sentinel.ts";
import { outputBytesMax, runShell, type ShellResult } from "./container.ts";
import { type InMemory, inMemory, type PreparedOutputs } from "./outputs.ts";
import { parseReport, reportBytesMax } from "./report/parse.ts";
import { brokenReport, type ParsedReport } from "./report/report.ts";
import { type Entries, layOut, type Objects, writeEntries } from "./tree.ts";

/** Where the checkout is in the container; the same as for the coder. */
export const checkout = "/workspace/repo";
const reportFolder = "/report";
const errorsBytesMax = 64 * 1024;
const passesMax = 3;

/** What all passes of one piece of work share. */
export interface Bench {
  objects: Objects;
  /** Folder of ours that is deleted afterwards. */
  work: string;
  plans: readonly CommandPlan[];
  imageId: string;
  limits: Parameters<typeof runShell>[0]["limits"];
  labels: Readonly<Record<string, string>>;
  /** The base's prepared outputs; null where there are none. */
  outputs: PreparedOutputs | null;
  /** A tree's own; left out where every tree is the base's. */
  outputsOf?: OutputsOf;
  isTest: (path: string) => boolean;
  /** The globs that `isTest` stands for. */
  testGlobs: readonly string[];
  signal: AbortSignal | undefined;
  /** One readable line; never evidence. */
  progress: (text: string) => void;
}

export interface CommandPass {
  result: ShellResult;
  /** The end of what it wrote to standard error. */
  errors: string;
  /** Null for a command that gives only an exit code. */
  report: ParsedReport | null;
  /** Sentinels of this command's runner; empty where none were placed. */
  placed: Placed;
  /** Random, in the name of every sentinel of this pass. */
  nonce: string;
}

/**
 * Runs every command once, and all again where the engine lost the end of what one printed: that says nothing of the change.
 * `withSentinels`: a failing test is appended to each test file first.
 */
export async function runPass(
  bench: Bench,
  cell: { entries: Entries; withSentinels: boolean },
  context: RunnerContext,
): Promise<CommandPass[]> {
  for (let pass = 1; ; pass += 1) {
    const passes = await runOnce(bench, cell, context);
    if (pass === passesMax || passes.every(({ result }) => result.isWhole)) return passes;
    bench.progress("checks: again, the engine lost the end of what a command printed");
  }
}

async function runOnce(
  bench: Bench,
  cell: { entries: Entries; withSentinels: boolean },
  context: RunnerContext,
): Promise<CommandPass[]> {
  const folder = join(bench.work, `pass-${randomBytes(6).toString("hex")}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    const repository = join(folder, "repo");
    await layOut(bench.objects, await writeEntries(bench.objects, cell.entries), repository);
    const nonce = randomBytes(8).toString("hex");
    const placed = new Map<string, Placed>();
    for (const { runner } of cell.withSentinels ? bench.plans : []) {
      if (runner === null || placed.has(runner.name)) continue;
      const files = { entries: cell.entries, isTest: bench.isTest, nonce };
      placed.set(runner.name, placeSentinels(runner, repository, files));
    }
    await handOver([repository], context.user);
    const { limits } = bench;
    const outputs = bench.outputsOf === undefined ? bench.outputs : await bench.outputsOf(cell.entries);
    const memory = outputs === null ? null : inMemory(outputs, { checkout, entries: cell.entries, limits });
    if (outputs !== null && memory === null) await unpackPrepared(outputs.archivePath, repository, context.user);
    const passes: CommandPass[] = [];
    for (const plan of bench.plans) {
      const run = await runCommand(bench, { plan, folder, repository, memory }, context);
      passes.push({ ...run, placed: placed.get(plan.runner?.name ?? "") ?? new Map(), nonce });
    }
    return passes;
  } finally {
    await deleteFolder(folder);
  }
}

async function runCommand(
  bench: Bench,
  at: { plan: CommandPlan; folder: string; repository: string; memory: InMemory | null },
  context: RunnerContext,
): Promise<Omit<CommandPass, "placed" | "nonce">> {
  const { plan } = at;
  const reports = join(at.folder, `report-${randomBytes(6).toString("hex")}`);
  await makeFolder(reports, context.user);
  const guard = join(at.folder, "guard.cjs");
  const isGuarded = plan.runner?.isNode === true;
  writeFileSync(guard, guardSource, { mode: 0o644 });
  const name = `${randomBytes(12).toString("hex")}.xml`;
  const file = `${reportFolder}/${name}`;
  const result = await runShell(
    {
      // Standard output stays with the engine, where what is printed can't be taken back; standard error must not break its lines, unless it names them.
      command: `${plan.runner?.report === "both" ? "exec 2>&1" : `exec 2>${reportFolder}/errors`}\n${at.memory?.unpack ?? ""}${plan.shell(file)}`,
      imageId: bench.imageId,
      environment: isGuarded ? guarded(plan.environment(file)) : plan.environment(file),
      mounts: [
        { source: at.repository, target: checkout, readOnly: false },
        { source: reports, target: reportFolder, readOnly: false },
        ...(isGuarded ? [{ source: guard, target: guardTarget, readOnly: true }] : []),
        ...(at.memory?.mounts ?? []),
      ],
      tmpfs: at.memory?.tmpfs ?? [],
      workingFolder: checkout,
      network: "none",
      limits: bench.limits,
      timeoutMs: bench.limits.check_timeout_ms,
      labels: bench.labels,
      ...(bench.signal === undefined ? {} : { signal: bench.signal }),
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
