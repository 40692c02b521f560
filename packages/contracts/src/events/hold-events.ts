/** Events instead of a hold, or after which it no longer waits as before, on the stream of its task. */
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
  /** The change's only problem is its tests: a next run adds some before a person is asked about it. `detail`: what is missing. */
  TestsRequested: z.strictObject({ detail: z.string().max(500) }),
  /**
   * The run that was to add tests did not help: the change of `run_id`, which is before it, waits for approval. `code` and `detail`: of the hold that this
   * event replaces; null where the cause is not a hold. A coder's question is never the detail: it would stand beside an approval (SECURITY T23).
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
   * That run has ended, and the change before it is checked again. `run_id`: the last run that wrote tests; null: none has started. `code`: of the
   * hold that this event replaces; null: none.
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
    /** The same run, or its checks, go on; absent: they don't, or a version that did not record it wrote the event. */
    continues: z.literal(true).exactOptional(),
    /** The vendor that the task waited for answers again; absent: another release, or a version that did not record it wrote the event. */
    vendor: z.literal(true).exactOptional(),
    ...deciderFields,
  }),
  /** The hold waited for a person for as long as `hold.ttl` allows, and a person is asked about it. */
  HoldTimedOut: z.strictObject({ hold_id: holdIdSchema }),
};
