/**
 * The metrics of a change by which history judges it: Kamei et al., "A large-scale empirical study of just-in-time quality assurance", IEEE TSE 39(6), 2013,
 * without the three that count an author's experience.
 */
import { z } from "zod";

const count = z.number().nonnegative();

/** Files are those that the change touches, renames followed; "before" is what the branch had until this change. */
export const changeMetricsSchema = z.strictObject({
  /** Subsystems: distinct first folders of the files; the root is one. */
  ns: count,
  /** Folders: distinct folders of the files. */
  nd: count,
  /** Files. */
  nf: count,
  /** −Σ pᵢ log₂ pᵢ, where pᵢ is file i's share of the added and deleted lines. */
  entropy: count,
  /** Lines added. */
  la: count,
  /** Lines deleted. */
  ld: count,
  /** Σ of the files' lines before. */
  lt: count,
  /** 1 if the change says that it mends a defect, else 0. */
  fix: z.union([z.literal(0), z.literal(1)]),
  /** Distinct authors of the files' changes, this one included. */
  ndev: count,
  /** Mean over the files, in days, since each was changed before; 0 for a new one. */
  age: count,
  /** Σ over the files of their changes, this one included. */
  nuc: count,
});
/** What a change is like, by its files and their past. */
export type ChangeMetrics = z.infer<typeof changeMetricsSchema>;
/** The short name that the literature gives a metric. */
export type MetricName = keyof ChangeMetrics;
/** In the order of scorecards. */
export const metricNames = Object.keys(changeMetricsSchema.shape) as MetricName[];
