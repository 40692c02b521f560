/** What a run starts from after an interrupted one, or after one whose change needs tests: from what that one wrote, or from the base. */
import { z } from "zod";
import { holdCodeSchema } from "./hold-code.ts";
import { blobSchema, runIdSchema } from "./ids.ts";

/** `patch` or `from_base` is null, and not both. */
export const continuationSchema = z.strictObject({
  /** The earlier run. */
  run_id: runIdSchema,
  /** What interrupted it; null: nothing, its change only needs tests. */
  code: holdCodeSchema.nullable(),
  /** Its work as a patch on this run's base; it is in the checkout when this run starts. */
  patch: blobSchema.nullable(),
  /** Why this run starts from its base instead. */
  from_base: z.string().max(500).nullable(),
  /** That run's conversation, which this run continues; absent: it starts a new one. */
  session: blobSchema.optional(),
});
export type Continuation = z.infer<typeof continuationSchema>;
