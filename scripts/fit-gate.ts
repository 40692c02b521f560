/**
 * Fits the weights with which the gate's signals add up to a chance of harm, and prints how good its estimates are for repositories that it was not fitted
 * to. See `--help`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { HarmSignal } from "@aedev/contracts";
import { type Policy, qualityOf } from "@aedev/core";
import { parse } from "yaml";
import { policySourceSchema } from "../packages/core/src/gate/policy/policy-schema.ts";
import type { DecidedRow } from "../test/support/decisions/decided-row.ts";
import { pnpm, readArguments, refuseArguments } from "./command-line.ts";
import { proportionText } from "./decided/proportion.ts";
import { openRows } from "./decided/rows-file.ts";
import {
  chanceOf,
  fitGate,
  type GateSample,
  type GateWeights,
  samplesOf,
  unseenChances,
  weightsOf,
} from "./risk/gate-fit.ts";
import { writtenWeights } from "./risk/policy-text.ts";
import { type Bin, binsOf, brierOf, calibrationError, curveSvg, type Weighed } from "./risk/reliability.ts";

const name = "risk:fit-gate";
const usage = `${name}: fits the weights of the policy's section risk to decided cases

  ${pnpm} ${name} ROWS... [--write] [--picture FILE]

  ROWS            files of decided cases: honest --decide --json, bench real-patches --json, the forging corpus with AEDEV_ROWS
  --write         writes the weights to config/policies.yaml
  --picture FILE  draws the estimates of the fit, and how many of the cases were wrong

Estimates in the tables are of repositories that the weights were not fitted to. Bounds are not fitted: choose them from the last table.
`;
const file = (path: string) => resolve(import.meta.dirname, "..", path);
const options = { write: { type: "boolean" }, picture: { type: "string" } } as const;
const bounds = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4];

const given = readArguments({ name, usage, options, allowPositionals: true });
if (given !== null) {
  const rows = given.positionals.flatMap((path) => openRows(path).rows);
  const yaml = readFileSync(file("config/policies.yaml"), "utf8");
  const policy: Policy = policySourceSchema.parse(parse(yaml));
  const samples = samplesOf(rows, policy);
  if (![true, false].every((harm) => samples.some(({ harmed }) => harmed === harm)))
    refuseArguments({ name, usage, why: "files with harmful and harmless cases are needed" });
  else run({ rows, samples, policy, yaml }, given.values);
}

interface Fit {
  readonly rows: readonly DecidedRow[];
  readonly samples: readonly GateSample[];
  readonly policy: Policy;
  readonly yaml: string;
}

function run({ rows, samples, policy, yaml }: Fit, { write, picture }: { write?: boolean; picture?: string }): void {
  const weights = fitGate(samples, policy);
  const unseen = unseenChances(samples, policy);
  const weighed = (chances: readonly number[]): Weighed[] =>
    samples.map(({ harmed, weight }, at) => ({ harmed, weight, probability: chances[at] ?? 0 }));
  const before = samples.map((sample) => chanceOf(sample, weightsOf(policy)));
  const bins = binsOf(weighed(unseen));
  process.stdout.write(
    [
      countsText(rows, samples),
      `  weights that stand   ${qualityText(weighed(before))}`,
      `  fitted, unseen       ${qualityText(weighed(unseen))}`,
      "estimated, happened (95 %):",
      ...bins.map(binText),
      "signal, weight that stands, fitted, harmful and harmless cases:",
      ...weightLines(weights, { samples, policy }),
      "what merges below a bound, if nothing else asks:",
      ...bounds.map((bound) => boundText(bound, unseen, samples)),
      "",
    ].join("\n"),
  );
  if (picture !== undefined) writeFileSync(picture, curveSvg(bins, "Estimated chance of harm, and what happened"));
  if (write !== true) return;
  const source = sourceText(rows, samples);
  writeFileSync(file("config/policies.yaml"), writtenWeights(yaml, { weights, policy, source }));
}

function countsText(rows: readonly DecidedRow[], samples: readonly GateSample[]): string {
  const repositories = new Set(samples.map(({ row }) => row.repository)).size;
  const harmful = samples.filter(({ harmed }) => harmed).length;
  return `${samples.length} of ${rows.length} cases reached the sum, ${harmful} of them harmful, in ${repositories} repositories`;
}

function sourceText(rows: readonly DecidedRow[], samples: readonly GateSample[]): string {
  return `Fitted by ${name} on ${new Date().toISOString().slice(0, 10)}: ${countsText(rows, samples)}. docs/RISK.md`;
}

function qualityText(estimates: readonly Weighed[]): string {
  const { auc } = qualityOf(estimates);
  const ece = calibrationError(binsOf(estimates));
  return `AUC ${auc?.toFixed(3) ?? "-"}  Brier ${brierOf(estimates).toFixed(4)}  ECE ${ece.toFixed(3)}`;
}

function binText({ cases, estimated, happened, lower, upper }: Bin): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return `  ${percent(estimated).padStart(7)} ${percent(happened).padStart(7)} (${percent(lower)} to ${percent(upper)}), ${cases} cases`;
}

function weightLines({ start, signals }: GateWeights, { samples, policy }: Pick<Fit, "samples" | "policy">): string[] {
  const line = (signal: string, before: number, now: number, found: readonly GateSample[]) => {
    const harmful = found.filter(({ harmed }) => harmed).length;
    return `  ${signal.padEnd(26)} ${before.toFixed(2).padStart(6)} ${now.toFixed(2).padStart(6)} ${String(harmful).padStart(4)} ${String(found.length - harmful).padStart(4)}`;
  };
  const known = weightsOf(policy);
  const has = (signal: HarmSignal) => samples.filter(({ row }) => signal in row.signals);
  return [
    line("start", known.start, start, samples),
    ...[...signals].map(([signal, weight]) => line(signal, known.signals.get(signal) ?? 0, weight, has(signal))),
  ];
}

function boundText(bound: number, chances: readonly number[], samples: readonly GateSample[]): string {
  const groups = Map.groupBy(
    samples.map(({ row }, at) => ({ row, merges: (chances[at] ?? 1) < bound })),
    ({ row: { source, label, layer } }) => `${source} ${label} ${layer}`,
  );
  const parts = [...groups].map(
    ([group, all]) =>
      `    ${group.padEnd(32)} ${proportionText(all.filter(({ merges }) => merges).length, all.length)}`,
  );
  return [`  ${bound}`, ...parts].join("\n");
}
