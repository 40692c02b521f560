/** The events of set-up runs: requested, cancelled, ended. ADR 0023. */
import { z } from "zod";
import { blobSchema, gitIdSchema, repositoryNameSchema, runIdSchema } from "../ids.ts";
import { setUpResultSchema } from "../set-up.ts";
import { repositorySettingsSchema } from "../settings.ts";
import { usageSchema } from "../usage.ts";
import { deciderFields } from "./decider.ts";

export const setUpEvents = {
  /**
   * A person asked for a set-up run. `settings`: the settings that failed on its base. `tokens`: what the
   * run may use. `generation`: of the execution plane that runs it.
   */
  SetUpRunRequested: z.strictObject({
    ...deciderFields,
    run_id: runIdSchema,
    repository: repositoryNameSchema,
    url: z.string(),
    settings: repositorySettingsSchema,
    prompt: blobSchema,
    tokens: z.int().positive(),
    generation: z.int().nonnegative(),
  }),
  /** The run was cancelled because nobody waits for it any longer. */
  SetUpRunCancelled: z.strictObject({ ...deciderFields, run_id: runIdSchema }),
  /** The run ended. `usage` null: it is not known, and the budget of the day counts all tokens that the run was given. */
  SetUpRunEnded: z.strictObject({
    run_id: runIdSchema,
    base_commit: gitIdSchema.nullable(),
    usage: usageSchema.nullable(),
    journal: blobSchema.nullable(),
    result: setUpResultSchema,
  }),
};
