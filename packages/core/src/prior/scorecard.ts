/** The scorecard: for each metric of a change, bins with points in log-odds that were fitted on public history, so that a person can read and add them. */
import { type ChangeMetrics, type MetricName, metricNames } from "@aedev/contracts";
import { z } from "zod";

const metricSchema = z.enum(metricNames);
/** Where each bin after the first begins, in rising order. */
const edgesSchema = z
  .array(z.number())
  .refine((edges) => edges.every((edge, at) => at === 0 || edge > (edges[at - 1] ?? 0)));
const points = z.number().min(-20).max(20);

/** Strict, as `config/risk-scorecard.yaml` is. */
export const scorecardSchema = z.strictObject({
  /** Where the points come from. */
  provenance: z.strictObject({
    source: z.string(),
    licence: z.string(),
    command: z.string(),
    date: z.iso.date(),
    projects: z.array(z.strictObject({ project: z.string(), rows: z.int(), defects: z.int() })),
  }),
  /** The log-odds of harm of a change whose points are 0, in a repository that nobody has calibrated. */
  start: points,
  metrics: z.partialRecord(metricSchema, z.strictObject({ from: edgesSchema, points: z.array(points) })),
  /** Points of two metrics together, beside their own: one row for each bin of the first. */
  pairs: z.array(
    z.strictObject({
      of: z.tuple([metricSchema, metricSchema]),
      from: z.tuple([edgesSchema, edgesSchema]),
      points: z.array(z.array(points)),
    }),
  ),
  /** By how much `start` and the weight of the points (1) differ between repositories: standard deviations. */
  between: z.strictObject({ start: z.number().positive(), slope: z.number().positive() }),
});
/** Points by bins, what they add up from, and where they are from. */
export type Scorecard = z.infer<typeof scorecardSchema>;

/** What a metric, or two together, add to the log-odds. */
export interface Addend {
  readonly of: readonly MetricName[];
  readonly points: number;
}

/** The points of a change, each metric's own; a card whose table lacks a bin is a bug. */
export function addendsOf(metrics: ChangeMetrics, card: Pick<Scorecard, "metrics" | "pairs">): Addend[] {
  const single = metricNames.flatMap((name): Addend[] => {
    const table = card.metrics[name];
    return table === undefined ? [] : [{ of: [name], points: at(table.points, binOf(table.from, metrics[name])) }];
  });
  const double = card.pairs.map(({ of: [one, other], from, points: rows }): Addend => {
    const row = at(rows, binOf(from[0], metrics[one]));
    return { of: [one, other], points: at(row, binOf(from[1], metrics[other])) };
  });
  return [...single, ...double];
}

/** The bin of a value: how many edges it has reached. */
export function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`the scorecard has no bin ${index}`);
  return found;
}
