/** Events that replace a hold or change what it waits for, on the stream of its task. */
import { z } from "zod";
import { raisedBudgetSchema } from "../budget-amount.ts";
import { holdCodeSchema } from "../hold-code.ts";
import { holdIdSchema, runIdSchema } from "../ids.ts";
import { restoreCauseSchema } from "../run-for-tests-end.ts";
import { deciderFields } from "./decider.ts";

export const holdEvents = {
  /** The change failed its checks or a verdict, and a next run repairs it instead of a hold. */
  RepairStarted: z.strictObject({
    cause: z.enum(["checks", "verdict", "stuck", "timeout"]),
    code: holdCodeSchema,
    detail: z.string().nullable(),
  }),
  /** Only tests are missing: a next run adds some before a person is asked. `detail`: what is missing. */
  TestsRequested: z.strictObject({ detail: z.string().max(500) }),
  /**
   * The run that was to add tests did not help: the change of `run_id` waits for approval again. `code` and `detail`: of the hold that
   * this event replaces; null if there was no hold. A coder's question is never the detail: it would be shown with an approval (SECURITY T23).
   */
  ChangeRestored: z.strictObject({
    run_id: runIdSchema,
    cause: restoreCauseSchema,
    code: holdCodeSchema.nullable(),
    detail: z.string().nullable(),
  }),
  /** Before the change of `run_id` merges, another run writes tests from the specification alone (ADR 0044). */
  IndependentTestsRequested: z.strictObject({ run_id: runIdSchema }),
  /**
   * The run for independent tests has ended, and the earlier change is checked again. `run_id`: the last run that wrote tests; null: none started.
   * `code`: of the hold that this event replaces; null: none.
   */
  IndependentTestsEnded: z.strictObject({
    run_id: runIdSchema.nullable(),
    code: holdCodeSchema.nullable(),
    detail: z.string().nullable(),
  }),
  /** The hold was released, by a person or because its cause is gone. */
  HoldReleased: z.strictObject({
    hold_id: holdIdSchema,
    /** A tap on the phone raised the budget that caused the hold. */
    raised: raisedBudgetSchema.exactOptional(),
    /** The same run, or its checks, continue; absent: they don't, or a version that did not record it wrote the event. */
    continues: z.literal(true).exactOptional(),
    /** The release happened because the vendor answers again; absent: another cause, or a version that did not record it wrote the event. */
    vendor: z.literal(true).exactOptional(),
    ...deciderFields,
  }),
  /** The hold waited for a person as long as `hold.ttl` allows, and a person is asked about it. */
  HoldTimedOut: z.strictObject({ hold_id: holdIdSchema }),
};
