/** What a run starts from after an interrupted run, or after a run whose change needs tests: that run's work, or the base. */
import { z } from "zod";
import { holdCodeSchema } from "./hold-code.ts";
import { blobSchema, runIdSchema } from "./ids.ts";

/** Exactly one of `patch` and `from_base` is null. */
export const continuationSchema = z.strictObject({
  run_id: runIdSchema,
  /** What interrupted it; null: nothing did, its change only needs tests. */
  code: holdCodeSchema.nullable(),
  /** Its work as a patch on this run's base, applied to the checkout before this run starts. */
  patch: blobSchema.nullable(),
  /** Why this run starts from its base instead. */
  from_base: z.string().max(500).nullable(),
  /** The earlier run's conversation, which this run continues; absent: it starts a new conversation. */
  session: blobSchema.optional(),
});
export type Continuation = z.infer<typeof continuationSchema>;
