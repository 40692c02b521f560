/** The events of a mission's drafts: requested, ended, accepted. ADR 0022. */
import { z } from "zod";
import { draftResultSchema } from "../draft.ts";
import { blobSchema, gitIdSchema, runIdSchema } from "../ids.ts";
import { usageSchema } from "../usage.ts";
import { answeredFields } from "./clarity.ts";
import { deciderFields } from "./decider.ts";

export const draftEvents = {
  /** A person asked for a draft: a coder's read-only run that may use this many tokens. `generation`: of the execution plane that runs it. */
  DraftRequested: z.strictObject({
    ...deciderFields,
    run_id: runIdSchema,
    tokens: z.int().positive(),
    generation: z.int().nonnegative(),
    /** It proposes a plan, that is several parts; absent: how to say the mission as one. */
    of: z.literal("plan").exactOptional(),
  }),
  /** The draft's run ended. `usage` null: it is not known, and the budget of the day counts all tokens that the draft was given. */
  DraftEnded: z.strictObject({
    run_id: runIdSchema,
    base_commit: gitIdSchema.nullable(),
    prompt: blobSchema.nullable(),
    usage: usageSchema.nullable(),
    journal: blobSchema.nullable(),
    result: draftResultSchema,
  }),
  /** A person accepted a draft, edited or not. The parts that count are in `answers` and `criteria`; those of a plan are missions of their own. */
  DraftAccepted: z.strictObject({
    ...deciderFields,
    run_id: runIdSchema,
    ...answeredFields,
    /** Of an accepted plan: none. */
    answers: z.array(answeredFields.answers.element),
  }),
};
