/**
 * Fits the scorecard of risk from history to the training rows of the defect data of Zeng et al. (ISSTA 2021), never to its test rows, and prints its tables:
 * `tsx scripts/fit-risk.ts DATA [--write]`. Only --write changes config/risk-scorecard.yaml, which biome
 * then formats.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Scorecard, scorecardSchema } from "@aedev/core";
import { stringify } from "yaml";
import { pnpm, readArguments, refuseArguments } from "./command-line.ts";
import { fitCard } from "./risk/card.ts";
import { readProjects } from "./risk/rows.ts";

const name = "risk:fit";
const usage = `usage: ${pnpm} ${name} DATA [--write]\n`;
const target = resolve(import.meta.dirname, "../config/risk-scorecard.yaml");
const options = { write: { type: "boolean" } } as const;

const given = readArguments({ name, usage, options, allowPositionals: true });
if (given !== null) {
  const [folder, more] = given.positionals;
  if (folder === undefined || more !== undefined) refuseArguments({ name, usage, why: "one folder of data is needed" });
  else run(folder, given.values.write === true);
}

function run(folder: string, writes: boolean): void {
  const projects = readProjects(folder);
  const card: Scorecard = scorecardSchema.parse({
    provenance: {
      source:
        "github.com/ZZR0/ISSTA21-JIT-DP at 5fbf45bb: Zeng et al., Deep just-in-time defect prediction: how far are we?, ISSTA 2021",
      licence: "MIT",
      command: `${name} DATA --write`,
      date: new Date().toISOString().slice(0, 10),
      projects: projects.map((project) => ({
        project: project.name,
        rows: project.train.length,
        defects: project.train.filter(({ harmed }) => harmed).length,
      })),
    },
    ...fitCard(projects),
  });
  const head = `# Risk from history: log-odds by bins of a change's metrics. Made by ${name}: don't edit. docs/RISK.md\n`;
  if (writes)
    writeFileSync(
      target,
      `${head}${stringify(card, { lineWidth: 140, flowCollectionPadding: false, collectionStyle: "flow" })}`,
    );
  process.stdout.write(`${tablesText(card)}\n`);
}

function tablesText({ start, between, metrics, pairs }: Scorecard): string {
  const range = (points: readonly number[]) => `${Math.min(...points).toFixed(2)} to ${Math.max(...points).toFixed(2)}`;
  return [
    `start ${start} ± ${between.start}, slope 1 ± ${between.slope}`,
    ...Object.entries(metrics).map(
      ([metric, { points }]) => `${metric.padEnd(14)} ${points.length} bins, ${range(points)}`,
    ),
    ...pairs.map(
      ({ of, points }) => `${of.join(" × ").padEnd(14)} ${points.flat().length} bins, ${range(points.flat())}`,
    ),
  ].join("\n");
}
