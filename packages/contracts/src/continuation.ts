/** What a run starts from after an interrupted one: from what that one wrote, or from the base. */
import { z } from "zod";
import { holdCodeSchema } from "./hold-code.ts";
import { blobSchema, runIdSchema } from "./ids.ts";

/** `patch` or `from_base` is null, and not both. */
export const continuationSchema = z.strictObject({
  /** The interrupted run. */
  run_id: runIdSchema,
  code: holdCodeSchema,
  /** Its work as a patch on this run's base; it is in the checkout when this run starts. */
  patch: blobSchema.nullable(),
  /** Why this run starts from its base instead. */
  from_base: z.string().max(500).nullable(),
  /** That run's conversation, which this run continues; absent: it starts a new one. */
  session: blobSchema.optional(),
});
export type Continuation = z.infer<typeof continuationSchema>;
