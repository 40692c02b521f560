/** The evidence of a revert: how it compares with the landed change that it takes back. */
import { z } from "zod";
import { gitIdSchema, taskIdSchema } from "./ids.ts";

/** How a revert compares with the landed change that it takes back. Control derives it from the two commits. */
export const revertReportSchema = z.strictObject({
  task_id: taskIdSchema,
  /** The landed commit, and the one before the change. */
  commit: gitIdSchema,
  before: gitIdSchema,
  /** Changed files that go back from exactly what the landed change made of them to exactly what they were before it. */
  restored: z.array(z.string()).max(10_000),
  /** Other changed files: later commits changed them too, and that stays. */
  merged: z.array(z.string()).max(10_000),
});
export type RevertReport = z.infer<typeof revertReportSchema>;

/** As a reason of the gate: a landed change is taken back. `merged`: files that others changed since, too. */
export const revertFact = z.strictObject({
  kind: z.literal("revert"),
  task: z.string(),
  commit: z.string(),
  restored: z.int().nonnegative(),
  merged: z.array(z.string()),
  more: z.int().nonnegative(),
});
