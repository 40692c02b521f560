/**
 * Takes a change's mutation sample: after the matrix, in one container without network and within the repository's time limit, Stryker mutates the changed
 * lines and the repository's commands show whether they notice. Contract: the sample is evidence only and never holds a change; `why_not` says what kept it
 * from running.
 *
 * Folder: the mutation sample (Stryker) and the changed lines that it mutates.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cell, Fault, type MutationSample } from "@aedev/contracts";
import { runShell, type ShellResult } from "../../engine/clean-container.ts";
import type { RunnerContext } from "../../engine/context.ts";
import { makeFolder, unpackPrepared } from "../../prepare/archive.ts";
import { errorExcerpt } from "../../prepare/error-excerpt.ts";
import { layOut, writeCheckTree } from "../../tree/check-tree.ts";
import { deleteFolder, handOver } from "../../tree/run-folder.ts";
import { testMatrix } from "../matrix/matrix.ts";
import { checkout } from "../pass/sealed-checkout.ts";
import { proof, type TestedChange } from "../proof/proof.ts";
import { type ChangedLines, changedLines } from "./changed-lines.ts";
import {
  type Answers,
  missingExitCode,
  psScript,
  readAnswers,
  strykerCommand,
  strykerConfigurations,
} from "./stryker.ts";

const configTarget = "/opt/settings";
const eventsTarget = "/mutation";
const excerptCharactersMax = 200;

interface SampleRequest extends Pick<TestedChange, "checkContext" | "base" | "candidate"> {
  /** The matrix cell of the candidate's tests on its code. */
  cell: Cell;
  timeMs: number;
  /** These checks repeat earlier ones on another base, so the earlier sample remains valid. */
  isAgain: boolean;
}

/** Null if the repository does not ask for a sample. */
export const mutationSample = proof({
  name: "mutation sample",
  needs: { tested: testMatrix },
  async prove({ work, checkContext, base, candidate }, { tested }, context) {
    const { mutation_time_ms: timeMs } = work.settings;
    if (timeMs === undefined) return null;
    const outputs = (await checkContext.outputsOf?.(candidate)) ?? null;
    const cell = tested.matrix.cells["new-tests-new-code"];
    const own = { checkContext: { ...checkContext, outputs }, base, candidate, cell };
    return sampleMutations({ ...own, timeMs, isAgain: work.parent !== null }, context);
  },
  evidence: (found) => ({ "mutation-sample": found }),
});

async function sampleMutations(request: SampleRequest, context: RunnerContext): Promise<MutationSample> {
  const { checkContext } = request;
  const began = performance.now();
  const changed = await changedLines(checkContext.objects, request, checkContext.isTest);
  const why = whyNot(request, changed);
  if (why !== null) return sampleOf(changed, { durationMs: 0, why });
  checkContext.progress("checks: mutating the changed lines");
  const folder = join(checkContext.work, `mutation-${randomBytes(6).toString("hex")}`);
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

function whyNot({ checkContext, cell, isAgain }: SampleRequest, { ranges }: ChangedLines): string | null {
  if (isAgain) return "the sample taken before the judgement remains valid";
  if (ranges.length === 0) return "the change adds no JavaScript or TypeScript code";
  if (checkContext.outputs === null)
    return "nothing is prepared, so Stryker is not installed (npm package @stryker-mutator/core)";
  const isGreen = cell.ran && cell.commands.every((one) => one.exit_code === 0 && one.incomplete === null);
  if (!isGreen || cell.commands.length === 0) return "the change's own tests do not pass";
  return null;
}

async function mutate(
  { checkContext, candidate, timeMs }: SampleRequest,
  options: { folder: string; changed: ChangedLines },
  context: RunnerContext,
): Promise<ShellResult> {
  const repository = join(options.folder, "repo");
  const [config, events] = [join(options.folder, "config"), join(options.folder, "events")];
  await layOut(checkContext.objects, await writeCheckTree(checkContext.objects, candidate), repository);
  await handOver([repository], context.user);
  const { outputs, limits } = checkContext;
  if (outputs !== null) await unpackPrepared(outputs.archivePath, repository, context.user);
  await makeFolder(events, context.user);
  mkdirSync(config, { mode: 0o755 });
  mkdirSync(join(config, "bin"), { mode: 0o755 });
  writeFileSync(join(config, "bin", "ps"), psScript, { mode: 0o755 });
  const configurations = strykerConfigurations({
    ranges: options.changed.ranges,
    commands: checkContext.plans.map(({ command }) => command),
    isVitest: checkContext.plans.length === 1 && checkContext.plans[0]?.runner?.name === "vitest",
    eventsFolder: `${eventsTarget}/all`,
  });
  for (const [name, text] of Object.entries(configurations)) writeFileSync(join(config, name), text, { mode: 0o644 });
  return runShell(
    {
      command: `exec 2>&1\n${strykerCommand(configTarget)}`,
      imageId: checkContext.imageId,
      environment: {},
      mounts: [
        { source: repository, target: checkout, readOnly: false },
        { source: events, target: eventsTarget, readOnly: false },
        { source: config, target: configTarget, readOnly: true },
      ],
      workingFolder: checkout,
      limits,
      timeoutMs: timeMs,
      labels: checkContext.labels,
      ...(checkContext.signal === undefined ? {} : { signal: checkContext.signal }),
    },
    context,
  );
}

function whyNotWhole(result: ShellResult, answers: Answers, timeMs: number): string | null {
  if (answers.isWhole) return null;
  const tried = answers.planned === null ? "" : `, ${answers.mutants} of ${answers.planned} mutants tried`;
  if (result.timedOut) return `it reached its time limit of ${Math.round(timeMs / 1000)} s${tried}`;
  if (result.stopped !== null) return `${result.stopped}${tried}`;
  if (result.exitCode === missingExitCode)
    return "Stryker is not among the prepared outputs (npm package @stryker-mutator/core)";
  return `Stryker ended with exit code ${result.exitCode}${tried}: ${errorExcerpt(result.output, excerptCharactersMax)}`;
}

function sampleOf(
  changed: ChangedLines,
  options: { durationMs: number; why: string | null; answers?: Answers },
): MutationSample {
  const {
    mutants = 0,
    killed = 0,
    survived = 0,
    timed_out = 0,
    not_covered = 0,
    survivors = [],
  } = options.answers ?? {};
  const reasons = [options.why, changed.omitted].filter((reason) => reason !== null).join("; ");
  return {
    tool: "stryker",
    lines: changed.lines,
    mutants,
    killed,
    survived,
    timed_out,
    not_covered,
    survivors,
    duration_ms: options.durationMs,
    why_not: reasons === "" ? null : reasons.toWellFormed().slice(0, 500).toWellFormed(),
  };
}
