/** Which models did what, and how changes turned out under each version of the judges' prompt. */
import { z } from "zod";
import { instantSchema } from "../ids.ts";
import { familySchema } from "../verdict.ts";
import { rateSchema } from "./judges.ts";
import { sinceSchema } from "./page.ts";
import { usageSumSchema } from "./usage.ts";

const count = z.int().nonnegative();

/** A model in one role. `role`: `run`, `verdict`, `canary`, `draft` or `set-up`. */
const modelRowSchema = z.strictObject({
  model: z.string(),
  role: z.string(),
  used: usageSumSchema,
  last_at: instantSchema,
});

/** A judge with one version of its prompt. `prompt_digest`: of the prompt's fixed text and form. */
const promptRowSchema = z.strictObject({
  prompt_digest: z.string(),
  family: familySchema,
  model: z.string(),
  first_at: instantSchema,
  last_at: instantSchema,
  /** Answers on changes, those that were used again included; `no_answer`: the judge was not reached, or its answer was not valid. */
  verdicts: z.strictObject({ pass: rateSchema, fail: rateSchema, inconclusive: rateSchema, no_answer: count }),
  /** The gate's answers on the changes that it judged. */
  decisions: z.strictObject({ merge: rateSchema, ask: rateSchema, hold: rateSchema }),
});
/** The outcomes under one version of a judge's prompt. */
export type PromptRow = z.infer<typeof promptRowSchema>;

const modelsSchema = z
  .strictObject({
    position: count,
    since: instantSchema.nullable(),
    models: z.array(modelRowSchema),
    /** Runs of coders that ended, and how many of them ended without a change. */
    runs: z.strictObject({ ended: count, without_change: count }),
    prompts: z.array(promptRowSchema),
  })
  .meta({ id: "Models" });
/** What models and prompts did. */
export type ModelsDocument = z.infer<typeof modelsSchema>;

export const modelRouteRows = {
  showModels: {
    method: "GET",
    role: "viewer",
    path: "/api/models",
    summary: "Show which models did what, and how changes turned out under each version of the judges' prompt",
    query: z.strictObject({ since: sinceSchema.optional() }),
    answer: modelsSchema,
    refusals: [409],
  },
} as const;
