/** The evidence of a revert: how it compares with the landed change that it takes back. */
import { z } from "zod";
import { gitIdSchema, taskIdSchema } from "./ids.ts";

/** Compares a revert with the landed change that it takes back. Control derives it from the two commits. */
export const revertReportSchema = z.strictObject({
  task_id: taskIdSchema,
  /** The landed commit, and the commit before the change. */
  commit: gitIdSchema,
  before: gitIdSchema,
  /** Changed files that go back from exactly what the landed change made of them to exactly what they were before. */
  restored: z.array(z.string()).max(10_000),
  /** Other changed files: later commits changed them too, and their changes stay. */
  merged: z.array(z.string()).max(10_000),
});
export type RevertReport = z.infer<typeof revertReportSchema>;

/** The revert as a reason of the gate. `merged`: files that later commits changed too. */
export const revertFact = z.strictObject({
  kind: z.literal("revert"),
  task: z.string(),
  commit: z.string(),
  restored: z.int().nonnegative(),
  merged: z.array(z.string()),
  more: z.int().nonnegative(),
});
