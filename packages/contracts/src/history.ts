/**
 * What a repository's history says of changes like one: evidence that control derives from git, never from the coder. The metrics are those of Kamei et al., "A large-scale empirical study of just-in-time quality assurance", IEEE TSE 39(6), 2013,
 * without the three that count an author's experience.
 */
import { z } from "zod";
import { counted } from "./figures.ts";
import { harmChance } from "./harm-chance.ts";

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

/** The entry `history` of a bundle. Chances are log-odds in thousandths. */
export const historySchema = z.strictObject({
  /** Of the files that can do harm, without lines added to tests; `entropy` and `age` in thousandths. */
  metrics: z.record(z.enum(metricNames), z.int().nonnegative()),
  /** The chance that a usual change needs a later fix. */
  usual: z.int(),
  /** How much more (or less, below 0) it is for this change. */
  shift: z.int(),
  /** The uncertainty of `shift`: wide in a repository with few commits. */
  deviation: z.int().nonnegative(),
  /** Past commits of the branch. */
  commits: z.int().nonnegative(),
  /** Past commits by which the repository was calibrated; 0: the chances are those of the six public projects of the scorecard. */
  calibrated_by: z.int().nonnegative(),
});
export type History = z.infer<typeof historySchema>;

/** With fewer past commits than this, the past of files says little. */
export const commitsEnough = 200;

/** `about 43 of 100 changes like this one needed a later fix in this repository; of usual changes, 24 did`. */
export function historyText({ usual, shift, commits, calibrated_by: calibrated }: History): string {
  const [one, usually] = [usual + shift, usual].map((logOdds) => Math.round(harmChance(logOdds) * 100));
  const where = calibrated > 0 ? "this repository" : "six public projects";
  const young = commits < commitsEnough ? ` (uncertain: this repository has ${counted(commits, "past commit")})` : "";
  return `about ${one} of 100 changes like this one needed a later fix in ${where}; of usual changes, ${usually} did${young}`;
}
