/**
 * The mutation sample of a change: after the matrix, in one container without network and within the repository's own time, Stryker mutates
 * the changed lines and the repository's commands are asked whether they notice. Contract: evidence only; whatever keeps it from running is
 * said in `why_not` and never holds a change.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cell, Fault, type MutationSample } from "@aedev/core/wire";
import type { RunnerContext } from "../../context.ts";
import { makeFolder, unpackPrepared } from "../../prepare/archive.ts";
import { tellingLines } from "../../prepare/telling-lines.ts";
import { deleteFolder, handOver } from "../../worktree/run-folder.ts";
import { runShell, type ShellResult } from "../container.ts";
import { inMemory } from "../outputs.ts";
import { type Bench, checkout } from "../pass.ts";
import { type Entries, layOut, writeEntries } from "../tree.ts";
import { type ChangedLines, changedLines } from "./changed-lines.ts";
import {
  type Answers,
  missingExitCode,
  psScript,
  readAnswers,
  strykerCommand,
  strykerConfigurations,
} from "./stryker.ts";

const configTarget = "/aedev-mutation";
const eventsTarget = "/mutation";
const tellingCharactersMax = 200;

export interface SampleRequest {
  bench: Bench;
  base: Entries;
  /** The candidate with the base's control files. */
  candidate: Entries;
  /** The matrix' cell of the candidate's tests on its code. */
  cell: Cell;
  timeMs: number;
  /** These checks repeat others on another base: the sample of the change that was judged stands. */
  isAgain: boolean;
}

export async function sampleMutations(request: SampleRequest, context: RunnerContext): Promise<MutationSample> {
  const { bench } = request;
  const began = performance.now();
  const changed = await changedLines(bench.objects, request, bench.isTest);
  const why = whyNot(request, changed);
  if (why !== null) return sampleOf(changed, { durationMs: 0, why });
  bench.progress("checks: mutating the changed lines");
  const folder = join(bench.work, `mutation-${randomBytes(6).toString("hex")}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    const result = await mutate(request, { folder, changed }, context);
    const answers = await readAnswers(join(folder, "events", "all"), checkout);
    const durationMs = Math.round(performance.now() - began);
    return sampleOf(changed, { durationMs, answers, why: whyNotWhole(result, answers, request.timeMs) });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return sampleOf(changed, { durationMs: Math.round(performance.now() - began), why: error.message });
  } finally {
    await deleteFolder(folder);
  }
}

function whyNot({ bench, cell, isAgain }: SampleRequest, { ranges }: ChangedLines): string | null {
  if (isAgain) return "the sample of the change that was judged stands";
  if (ranges.length === 0) return "no line of JavaScript or TypeScript code is new";
  if (bench.outputs === null) return "nothing is prepared, so Stryker is not there (npm package @stryker-mutator/core)";
  const isGreen = cell.ran && cell.commands.every((one) => one.exit_code === 0 && one.incomplete === null);
  if (!isGreen || cell.commands.length === 0) return "the change's own tests are not green";
  return null;
}

async function mutate(
  { bench, candidate, timeMs }: SampleRequest,
  at: { folder: string; changed: ChangedLines },
  context: RunnerContext,
): Promise<ShellResult> {
  const repository = join(at.folder, "repo");
  const [config, events] = [join(at.folder, "config"), join(at.folder, "events")];
  await layOut(bench.objects, await writeEntries(bench.objects, candidate), repository);
  await handOver([repository], context.user);
  const { outputs, limits } = bench;
  const memory = outputs === null ? null : inMemory(outputs, { checkout, entries: candidate, limits });
  if (outputs !== null && memory === null) await unpackPrepared(outputs.archivePath, repository, context.user);
  await makeFolder(events, context.user);
  mkdirSync(config, { mode: 0o755 });
  mkdirSync(join(config, "bin"), { mode: 0o755 });
  writeFileSync(join(config, "bin", "ps"), psScript, { mode: 0o755 });
  // A container without network has no such file, and Stryker's processes speak with each other by this name.
  writeFileSync(join(config, "hosts"), "127.0.0.1 localhost\n", { mode: 0o644 });
  const configurations = strykerConfigurations({
    ranges: at.changed.ranges,
    commands: bench.plans.map(({ command }) => command),
    isVitest: bench.plans.length === 1 && bench.plans[0]?.runner?.name === "vitest",
    eventsFolder: `${eventsTarget}/all`,
  });
  for (const [name, text] of Object.entries(configurations)) writeFileSync(join(config, name), text, { mode: 0o644 });
  return runShell(
    {
      command: `exec 2>&1\n${memory?.unpack ?? ""}${strykerCommand(configTarget)}`,
      imageId: bench.imageId,
      environment: {},
      mounts: [
        { source: repository, target: checkout, readOnly: false },
        { source: events, target: eventsTarget, readOnly: false },
        { source: config, target: configTarget, readOnly: true },
        { source: join(config, "hosts"), target: "/etc/hosts", readOnly: true },
        ...(memory?.mounts ?? []),
      ],
      tmpfs: memory?.tmpfs ?? [],
      workingFolder: checkout,
      network: "none",
      limits,
      timeoutMs: timeMs,
      labels: bench.labels,
      ...(bench.signal === undefined ? {} : { signal: bench.signal }),
    },
    context,
  );
}

function whyNotWhole(result: ShellResult, answers: Answers, timeMs: number): string | null {
  if (answers.isWhole) return null;
  const tried = answers.planned === null ? "" : `, ${answers.mutants} of ${answers.planned} mutants tried`;
  if (result.timedOut) return `its time of ${Math.round(timeMs / 1000)} s was over${tried}`;
  if (result.stopped !== null) return `${result.stopped}${tried}`;
  if (result.exitCode === missingExitCode)
    return "Stryker is not among the prepared outputs (npm package @stryker-mutator/core)";
  return `Stryker ended with exit code ${result.exitCode}${tried}: ${tellingLines(result.output, tellingCharactersMax)}`;
}

function sampleOf(
  changed: ChangedLines,
  of: { durationMs: number; why: string | null; answers?: Answers },
): MutationSample {
  const { mutants = 0, killed = 0, survived = 0, timed_out = 0, not_covered = 0, survivors = [] } = of.answers ?? {};
  const reasons = [of.why, changed.omitted].filter((reason) => reason !== null).join("; ");
  return {
    tool: "stryker",
    lines: changed.lines,
    mutants,
    killed,
    survived,
    timed_out,
    not_covered,
    survivors,
    duration_ms: of.durationMs,
    why_not: reasons === "" ? null : reasons.toWellFormed().slice(0, 500).toWellFormed(),
  };
}
