/**
 * Fits the weights of the gate's signals to decided cases with a known end: a logistic regression whose prior are the weights that stand, and in which no
 * signal changes its sign. Signals that no case has, and those that the measurements script, keep their weight. Pure.
 */
import { type HarmSignal, signalsAgainst, signalsFor } from "@aedev/contracts";
import { type Policy, probabilityOf } from "@aedev/core";
import { signalPoints, weightOf } from "../../packages/core/src/gate/risk/estimate-harm.ts";
import type { DecidedRow } from "../../test/support/decisions/decided-row.ts";
import { dot, fitLogistic, type Prior } from "./logistic.ts";

/**
 * Rows are no sample of the world, so each source's rows weigh together what is stated here: its share of all changes, and of these the share that is wrong.
 * Altogether 18 % are wrong, which is near the 15 to 25 % of commits that a later fix touches in the data of the prior.
 */
export const world = {
  /** Ordinary commits, merged by their maintainers. */
  history: { share: 0.6, wrong: 0 },
  /** Patches that pass the visible tests: of 95 in a public benchmark 42 are wrong. */
  "real-patches": { share: 0.3, wrong: 42 / 95 },
  /** Changes that were made to deceive, and their honest twins. */
  forging: { share: 0.1, wrong: 0.5 },
} as const;

/** Judges are scripted to pass everything. */
const scripted: readonly HarmSignal[] = ["judges_pass", "judge_flip"];
const signals: readonly HarmSignal[] = [...signalsAgainst, ...signalsFor];
/** Of the difference between a weight that stands and its fit, in log-odds per unit. */
const usualDeviation = 0.7;
const startDeviation = 3;
const [against, most] = [-10, 10];

export interface GateSample {
  readonly row: DecidedRow;
  readonly harmed: boolean;
  readonly weight: number;
  /** 1, then how many units of each signal count. */
  readonly values: readonly number[];
}
/** The start and each signal's weight, in log-odds. */
export interface GateWeights {
  readonly start: number;
  readonly signals: ReadonlyMap<HarmSignal, number>;
}

/** Rows that the sum decided and whose end is known. */
export function samplesOf(rows: readonly DecidedRow[], policy: Policy): GateSample[] {
  const decided = rows.filter(
    ({ answer, hold_code: code, disputed, score }) =>
      answer !== "left-out" && !disputed && score !== null && (code === null || code === "HOLD-RISK-HIGH"),
  );
  const stratum = ({ source, label }: DecidedRow) => `${source} ${isHarm(label)}`;
  const sizes = Map.groupBy(decided, stratum);
  const parts = decided.map((row) => {
    const { share, wrong } = world[row.source];
    return (share * (isHarm(row.label) ? wrong : 1 - wrong)) / (sizes.get(stratum(row))?.length ?? 1);
  });
  const all = parts.reduce((sum, part) => sum + part, 0);
  return decided.map((row, at) => ({
    row,
    harmed: isHarm(row.label),
    weight: ((parts[at] ?? 0) / all) * decided.length,
    values: [1, ...signals.map((signal) => unitsOf(signal, row, policy))],
  }));
}

function isHarm(label: DecidedRow["label"]): boolean {
  return label === "wrong" || label === "forged";
}

/** Signals that count as found until another run has made the change. */
const ofOtherRun: ReadonlySet<string> = new Set(["independent_tests_pass", "implementations_agree"]);

/** How often the weight counts: as in the gate, with parts of `per` left out and at most `most`. Tests that nobody wrote yet, which the gate counts as passing, tell nothing. */
function unitsOf(signal: HarmSignal, { signals: found, features }: DecidedRow, policy: Policy): number {
  const { weight } = weightOf(signal, policy);
  const isAssumed = ofOtherRun.has(signal) && features?.independent == null;
  if (!(signal in found) || weight === 0 || isAssumed) return 0;
  return signalPoints(signal, found[signal] ?? null, policy) / weight;
}

/** The weights that stand. */
export function weightsOf(policy: Policy): GateWeights {
  return {
    start: policy.risk.start / 1000,
    signals: new Map(signals.map((signal) => [signal, weightOf(signal, policy).weight / 1000])),
  };
}

export function fitGate(samples: readonly GateSample[], policy: Policy, deviation = usualDeviation): GateWeights {
  const known = weightsOf(policy);
  const isSeen = (at: number) => samples.some(({ values }) => values[at] !== 0);
  const priors = signals.map((signal, at): Prior => {
    const mean = known.signals.get(signal) ?? 0;
    if (!isSeen(at + 1) || scripted.includes(signal)) return { mean, deviation, lowest: mean, highest: mean };
    const isFor = (signalsFor as readonly string[]).includes(signal);
    return { mean, deviation, lowest: isFor ? 0 : against, highest: isFor ? most : 0 };
  });
  const [start = 0, ...fitted] = fitLogistic(samples, [{ mean: known.start, deviation: startDeviation }, ...priors]);
  return { start, signals: new Map(signals.map((signal, at) => [signal, fitted[at] ?? 0])) };
}

/** The chance of harm with these weights. */
export function chanceOf({ values }: GateSample, { start, signals: weights }: GateWeights): number {
  return probabilityOf(dot(values, [start, ...signals.map((signal) => weights.get(signal) ?? 0)]));
}

/** Each sample's chance by weights that were fitted without its repository: repositories are dealt into groups of about equal size. */
export function unseenChances(samples: readonly GateSample[], policy: Policy, deviation = usualDeviation): number[] {
  const groups = groupsOf(samples);
  const weights = new Map(
    [...new Set(groups.values())].map((group) => [
      group,
      fitGate(
        samples.filter(({ row }) => groups.get(row.repository) !== group),
        policy,
        deviation,
      ),
    ]),
  );
  return samples.map((sample) => {
    const found = weights.get(groups.get(sample.row.repository) ?? 0);
    return found === undefined ? 0.5 : chanceOf(sample, found);
  });
}

const groupsMax = 10;

function groupsOf(samples: readonly GateSample[]): Map<string, number> {
  const sizes = [...Map.groupBy(samples, ({ row }) => row.repository)].map(
    ([name, all]) => [name, all.length] as const,
  );
  const sorted = sizes.toSorted(([one, few], [other, many]) => many - few || (one < other ? -1 : 1));
  const loads = Array.from({ length: Math.min(groupsMax, sorted.length) }, () => 0);
  return new Map(
    sorted.map(([name, size]) => {
      const group = loads.indexOf(Math.min(...loads));
      loads[group] = (loads[group] ?? 0) + size;
      return [name, group];
    }),
  );
}
