/**
 * The only file that knows Stryker: configures it to mutate given lines and record every result, and reads the records. Code under test could have changed
 * them, so they are evidence and never decide. Pure except for reading the files.
 */

import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { MutationSample } from "@aedev/contracts";
import { readRegular } from "@aedev/host/nofollow-read";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { LineRange } from "./changed-lines.ts";

const program = "node_modules/@stryker-mutator/core/bin/stryker.js";
const vitestPlugin = "node_modules/@stryker-mutator/vitest-runner/package.json";
/** Exit code if Stryker is not among the prepared outputs. */
export const missingExitCode = 96;

const eventsMax = 5_000;
const eventBytesMax = 1024 * 1024;
const survivorsMax = 50;

/** Answers `ps -o pid --no-headers --ppid N` in images without `ps`. Stryker needs it to end processes of a mutant, and crashes without it. */
export const psScript = `#!/bin/sh
for word; do parent=$word; done
found=1
for stat in /proc/[0-9]*/stat; do
  { read -r line <"$stat"; } 2>/dev/null || continue
  pid=\${line%% *}
  set -- \${line##*) }
  if [ "$2" = "$parent" ]; then echo "$pid"; found=0; fi
done
exit $found
`;

/** Shell text that runs Stryker in the checkout with the configuration that fits the installed plugins. */
export function strykerCommand(configFolder: string): string {
  return `PATH=$PATH:${configFolder}/bin
[ -f ${program} ] || exit ${missingExitCode}
config=command
[ ! -f ${configFolder}/vitest.json ] || [ ! -f ${vitestPlugin} ] || config=vitest
exec node ${program} run ${configFolder}/$config.json`;
}

/** Configuration files by name: one that runs the commands, and one with vitest's own runner if the only command is vitest. */
export function strykerConfigurations(options: {
  ranges: readonly LineRange[];
  commands: readonly string[];
  isVitest: boolean;
  eventsFolder: string;
}): Record<string, string> {
  const common = {
    mutate: options.ranges.map(({ path, first, last }) => `${path}:${first}-${last}`),
    reporters: ["event-recorder"],
    eventReporter: { baseDir: options.eventsFolder },
    checkers: [],
    concurrency: 2,
    allowEmpty: true,
    allowConsoleColors: false,
    cleanTempDir: "always",
  };
  const command = {
    ...common,
    testRunner: "command",
    commandRunner: { command: options.commands.join(" && ") },
    coverageAnalysis: "off",
    plugins: [],
  };
  const vitest = {
    ...common,
    testRunner: "vitest",
    coverageAnalysis: "perTest",
    plugins: ["@stryker-mutator/vitest-runner"],
  };
  return {
    "command.json": JSON.stringify(command),
    ...(options.isVitest ? { "vitest.json": JSON.stringify(vitest) } : {}),
  };
}

const testedSchema = z.looseObject({
  fileName: z.string(),
  location: z.looseObject({ start: z.looseObject({ line: z.int().nonnegative() }) }),
  mutatorName: z.string(),
  replacement: z.string().optional(),
  status: z.string(),
});
const planSchema = z.looseObject({ mutantPlans: z.array(z.unknown()).max(100_000) });

type Counts = Pick<MutationSample, "mutants" | "killed" | "survived" | "timed_out" | "not_covered" | "survivors">;
export interface Answers extends Counts {
  /** Number of planned mutants; null if Stryker stopped before planning. */
  planned: number | null;
  /** False if Stryker did not finish. */
  isWhole: boolean;
}

/** Counts the events in the folder and skips other files. `checkout`: folder of the mutated files. */
export async function readAnswers(folder: string, checkout: string): Promise<Answers> {
  const answers: Answers = {
    mutants: 0,
    killed: 0,
    survived: 0,
    timed_out: 0,
    not_covered: 0,
    survivors: [],
    planned: null,
    isWhole: false,
  };
  for (const name of eventNames(folder)) {
    const file = await readRegular(join(folder, name), eventBytesMax);
    if (name.endsWith("-onMutationTestReportReady.json")) answers.isWhole = true;
    if (file === null || file.sizeBytes > eventBytesMax) continue;
    const event = parseJson(file.bytes.toString("utf8"));
    if (name.endsWith("-onMutationTestingPlanReady.json"))
      answers.planned = planSchema.safeParse(event).data?.mutantPlans.length ?? null;
    const tested = name.endsWith("-onMutantTested.json") ? testedSchema.safeParse(event).data : undefined;
    if (tested !== undefined) count(answers, tested, checkout);
  }
  return answers;
}

function count(answers: Answers, tested: z.infer<typeof testedSchema>, checkout: string): void {
  const { status } = tested;
  if (status === "Killed") answers.killed += 1;
  else if (status === "Survived") answers.survived += 1;
  else if (status === "Timeout") answers.timed_out += 1;
  else if (status === "NoCoverage") answers.not_covered += 1;
  else return;
  answers.mutants += 1;
  if (status !== "Survived" && status !== "NoCoverage") return;
  if (answers.survivors.length >= survivorsMax) return;
  const file = tested.fileName.startsWith(`${checkout}/`)
    ? tested.fileName.slice(checkout.length + 1)
    : tested.fileName;
  answers.survivors.push({
    file: truncate(file, 300),
    line: tested.location.start.line,
    mutator: truncate(tested.mutatorName, 100),
    replacement: truncate(tested.replacement ?? "", 300),
  });
}

function eventNames(folder: string): string[] {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const names = readdirSync(folder).filter((name) => /^\d{5}-on[A-Za-z]+\.json$/u.test(name));
  return names.toSorted().slice(0, eventsMax);
}

function truncate(text: string, charactersMax: number): string {
  return text.toWellFormed().slice(0, charactersMax).toWellFormed();
}
