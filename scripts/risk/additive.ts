/**
 * Fits a scorecard's points: a sum of one table per metric and a few tables of two. Each metric's table is a weighted mean of a logistic regression on log(1 + x),
 * which is right where there are few rows, and of boosted stumps, which find what is not a line (Lou et al., "Accurate intelligible models with pairwise
 * interactions", KDD 2013). Deterministic.
 */
import { type ChangeMetrics, type MetricName, metricNames } from "@aedev/contracts";
import { binOf, probabilityOf, type Scorecard } from "@aedev/core";
import { fitLogistic } from "./logistic.ts";

export type Tables = Pick<Scorecard, "metrics" | "pairs">;
/** `offset`: log-odds that the points are added to. */
export interface Example {
  readonly metrics: ChangeMetrics;
  readonly harmed: boolean;
  readonly weight: number;
  readonly offset: number;
}

/** Chosen by the newest fifth and the fifth before it of the training rows, each predicted from those before. */
const binsMax = 64;
const pairBinsMax = 8;
const rate = 0.05;
const rounds = 200;
const pairRounds = 60;
const shareOfStumps = 0.6;
/** The least curvature of a part, about four times which is its number of rows, and what is added to each. */
const curveMin = 5;
const ridge = 1;
export const usualPairs: readonly (readonly [MetricName, MetricName])[] = [
  ["lt", "nuc"],
  ["ndev", "nuc"],
  ["la", "lt"],
  ["entropy", "la"],
  ["fix", "age"],
];

/** The points of the examples' metrics; their mean over the examples is 0 in each table. */
export function fitTables(examples: readonly Example[], pairs = usualPairs): Tables {
  const { length } = examples;
  const columns = metricNames.map((name) => Float64Array.from(examples, ({ metrics }) => metrics[name]));
  const edges = columns.map((values) => edgesOf(values, binsMax));
  const bins = columns.map((values, at) => Uint16Array.from(values, (value) => binOf(edges[at] ?? [], value)));
  const boost = boosting(examples);

  const logs = examples.map(({ metrics }) => [1, ...metricNames.map((name) => Math.log1p(metrics[name]))]);
  const weights = fitLogistic(
    examples.map(({ harmed, weight }, row) => ({ values: logs[row] ?? [], harmed, weight })),
    [100, ...metricNames.map(() => 1)].map((deviation) => ({ deviation })),
  );
  const stumps = edges.map((list) => new Float64Array(list.length + 1));
  const level = Math.log(shareOf(examples) / (1 - shareOf(examples)));
  boost.start(Float64Array.from(examples, ({ offset }) => (offset === 0 ? level : offset)));
  for (let round = 0; round < rounds; round += 1)
    for (const [at, table] of stumps.entries()) {
      const [sums, curves] = boost.sums(bins[at] ?? new Uint16Array(), table.length);
      boost.add(table, stump(sums, curves), bins[at] ?? new Uint16Array());
    }
  const tables = stumps.map((table, at) => {
    const line = meanByBin(logs, bins[at] ?? new Uint16Array(), at + 1, table.length);
    const slope = weights[at + 1] ?? 0;
    return centred(
      table.map((points, bin) => shareOfStumps * points + (1 - shareOfStumps) * slope * (line[bin] ?? 0)),
      bins[at] ?? new Uint16Array(),
    );
  });

  const sums = new Float64Array(length);
  for (let row = 0; row < length; row += 1)
    for (const [at, table] of tables.entries()) sums[row] = (sums[row] ?? 0) + (table[bins[at]?.[row] ?? 0] ?? 0);
  boost.start(sums.map((points, row) => points + (examples[row]?.offset || level)));
  const doubles = pairs.map(([one, other]) => {
    const from = [one, other].map((name) => edgesOf(columns[metricNames.indexOf(name)] ?? [], pairBinsMax));
    const [rows = [], across = []] = from;
    const cells = Uint16Array.from(
      examples,
      ({ metrics }) => binOf(rows, metrics[one]) * (across.length + 1) + binOf(across, metrics[other]),
    );
    const size = { rows: rows.length + 1, across: across.length + 1 };
    return { of: [one, other] as [MetricName, MetricName], from: [rows, across] as [number[], number[]], size, cells };
  });
  const grids = doubles.map(({ size }) => new Float64Array(size.rows * size.across));
  for (let round = 0; round < pairRounds; round += 1)
    for (const [at, { size, cells }] of doubles.entries()) {
      const table = grids[at] ?? new Float64Array();
      const [gradients, curves] = boost.sums(cells, table.length);
      boost.add(table, quarters(gradients, curves, size), cells);
    }

  return {
    metrics: Object.fromEntries(
      metricNames.map((name, at) => [name, { from: edges[at] ?? [], points: [...(tables[at] ?? [])] }]),
    ),
    pairs: doubles.map(({ of, from, size, cells }, at) => {
      const table = centred(grids[at] ?? new Float64Array(), cells);
      const rows = Array.from({ length: size.rows }, (_, row) => [
        ...table.slice(row * size.across, (row + 1) * size.across),
      ]);
      return { of, from, points: rows };
    }),
  };
}

/** Edges of bins with equal numbers of values; equal values share a bin. */
function edgesOf(values: ArrayLike<number>, binsAtMost: number): number[] {
  const sorted = Float64Array.from(values).sort();
  const edges: number[] = [];
  for (let bin = 1; bin < binsAtMost; bin += 1) {
    const edge = sorted[Math.floor((bin * sorted.length) / binsAtMost)] ?? 0;
    if (edge > (edges.at(-1) ?? sorted[0] ?? 0)) edges.push(edge);
  }
  return edges;
}

/** The log-odds of all examples, and the slope and curvature of their likelihood by bin. */
function boosting(examples: readonly Example[]) {
  const { length } = examples;
  const harmed = Float64Array.from(examples, (example) => Number(example.harmed));
  const weights = Float64Array.from(examples, ({ weight }) => weight);
  let logOdds = new Float64Array(length);
  return {
    start(from: Float64Array) {
      logOdds = Float64Array.from(from);
    },
    sums(bins: Uint16Array, count: number): [Float64Array, Float64Array] {
      const gradients = new Float64Array(count);
      const curves = new Float64Array(count);
      for (let row = 0; row < length; row += 1) {
        const p = probabilityOf(logOdds[row] ?? 0);
        const bin = bins[row] ?? 0;
        const weight = weights[row] ?? 0;
        gradients[bin] = (gradients[bin] ?? 0) + weight * ((harmed[row] ?? 0) - p);
        curves[bin] = (curves[bin] ?? 0) + weight * p * (1 - p);
      }
      return [gradients, curves];
    },
    add(table: Float64Array, step: Float64Array, bins: Uint16Array) {
      for (const [bin, by] of step.entries()) table[bin] = (table[bin] ?? 0) + by;
      for (let row = 0; row < length; row += 1) logOdds[row] = (logOdds[row] ?? 0) + (step[bins[row] ?? 0] ?? 0);
    },
  };
}

const gainOf = (gradient: number, curve: number) => gradient ** 2 / (curve + ridge);
const stepOf = (gradient: number, curve: number) => (rate * gradient) / (curve + ridge);

interface Cut {
  readonly at: number;
  readonly gain: number;
}

/** The cut of a row of bins whose parts gain most; null if no part would be large enough. */
function bestCut(gradients: ArrayLike<number>, curves: ArrayLike<number>): Cut | null {
  const [allGradient, allCurve] = [total(gradients), total(curves)];
  let [gradient, curve] = [0, 0];
  let best: Cut | null = null;
  for (let at = 1; at < gradients.length; at += 1) {
    gradient += gradients[at - 1] ?? 0;
    curve += curves[at - 1] ?? 0;
    if (curve < curveMin || allCurve - curve < curveMin) continue;
    const gain = gainOf(gradient, curve) + gainOf(allGradient - gradient, allCurve - curve);
    if (best === null || gain > best.gain) best = { at, gain };
  }
  return best;
}

/** One step of boosting: two parts of a table. */
function stump(gradients: Float64Array, curves: Float64Array): Float64Array {
  const step = new Float64Array(gradients.length);
  const cut = bestCut(gradients, curves);
  if (cut === null || cut.gain <= gainOf(total(gradients), total(curves)) + 1e-9) return step;
  for (const [from, to] of [[0, cut.at] as const, [cut.at, step.length] as const])
    step.fill(stepOf(total(gradients.subarray(from, to)), total(curves.subarray(from, to))), from, to);
  return step;
}

/** One step of boosting: a table of two metrics, cut by one of them and each half by the other. */
function quarters(gradients: Float64Array, curves: Float64Array, size: { rows: number; across: number }): Float64Array {
  const turned = { rows: size.across, across: size.rows };
  const plain = halves(gradients, curves, size);
  const other = halves(transposed(gradients, size), transposed(curves, size), turned);
  if (plain.gain === 0 && other.gain === 0) return new Float64Array(gradients.length);
  return plain.gain >= other.gain ? plain.step : transposed(other.step, turned);
}

function halves(gradients: Float64Array, curves: Float64Array, { rows, across }: { rows: number; across: number }) {
  let best = { gain: 0, step: new Float64Array(0) };
  const columns = (table: Float64Array, from: number, to: number) => {
    const sums = new Float64Array(across);
    for (let row = from; row < to; row += 1)
      for (let at = 0; at < across; at += 1) sums[at] = (sums[at] ?? 0) + (table[row * across + at] ?? 0);
    return sums;
  };
  for (let middle = 1; middle < rows; middle += 1) {
    const parts = (
      [
        [0, middle],
        [middle, rows],
      ] as const
    ).map(([from, to]) => {
      const [g, c] = [columns(gradients, from, to), columns(curves, from, to)];
      return { from, to, g, c, cut: bestCut(g, c) };
    });
    const gain = parts.reduce((sum, { cut }) => sum + (cut?.gain ?? Number.NEGATIVE_INFINITY), 0);
    if (gain <= best.gain) continue;
    const step = new Float64Array(rows * across);
    for (const { from, to, g, c, cut } of parts)
      for (let row = from; row < to; row += 1)
        for (const [left, right] of [[0, cut?.at ?? 0] as const, [cut?.at ?? 0, across] as const])
          step.fill(
            stepOf(total(g.subarray(left, right)), total(c.subarray(left, right))),
            row * across + left,
            row * across + right,
          );
    best = { gain, step };
  }
  return best;
}

function transposed(table: Float64Array, { rows, across }: { rows: number; across: number }): Float64Array {
  return Float64Array.from(table, (_, at) => table[(at % rows) * across + Math.floor(at / rows)] ?? 0);
}

function meanByBin(
  logs: readonly (readonly number[])[],
  bins: Uint16Array,
  column: number,
  count: number,
): Float64Array {
  const sums = new Float64Array(count);
  const counts = new Float64Array(count);
  for (const [row, bin] of bins.entries()) {
    sums[bin] = (sums[bin] ?? 0) + (logs[row]?.[column] ?? 0);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return sums.map((sum, bin) => sum / Math.max(1, counts[bin] ?? 1));
}

function centred(table: Float64Array, bins: Uint16Array): Float64Array {
  let sum = 0;
  for (const bin of bins) sum += table[bin] ?? 0;
  return table.map((points) => points - sum / Math.max(1, bins.length));
}

/** The part of the weight that is harmful. */
export function shareOf(examples: readonly Pick<Example, "weight" | "harmed">[]): number {
  const all = examples.reduce((sum, { weight }) => sum + weight, 0);
  return examples.reduce((sum, { weight, harmed }) => sum + (harmed ? weight : 0), 0) / all;
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at] ?? 0;
  return sum;
}
