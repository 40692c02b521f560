/**
 * The plan that a coder proposes at a person's request: the file as it leaves the sandbox, and its bounds. It is hostile until it is parsed here. Links are
 * taken out; a text with signs that nobody sees is refused, because it would become a part's request.
 */
import { z } from "zod";
import { planPartNameSchema, planPartsMax, planPathSchema, sizeSchema } from "./plan.ts";
import { hasControls, hasInvisibles, withoutLinks } from "./safe-text.ts";

const textCharactersMax = 300;
const criterionCharactersMax = 500;
const criteriaMax = 8;
const filesMax = 20;

/** The parts that a coder proposes, each of the repository that it read. Nothing in it counts before a person accepts it. */
export const planDraftSchema = z.strictObject({
  parts: z
    .array(
      z.strictObject({
        name: planPartNameSchema,
        /** What the part asks for. */
        text: plainLine(textCharactersMax),
        criteria: z.array(plainLine(criterionCharactersMax)).min(1).max(criteriaMax),
        /** Files of the repository that it changes. */
        files: z.array(planPathSchema).max(filesMax).default([]),
        /** New files. */
        creates: z.array(planPathSchema).max(filesMax).default([]),
        /** Names of parts that must land first. */
        after: z.array(planPartNameSchema).max(planPartsMax).default([]),
        size: sizeSchema,
      }),
    )
    .min(1)
    .max(planPartsMax),
});
export type PlanDraft = z.infer<typeof planDraftSchema>;

function plainLine(charactersMax: number) {
  return z
    .string()
    .max(4 * charactersMax)
    .refine((text) => !hasControls(text) && !hasInvisibles(text), "it has line breaks or signs that nobody sees")
    .transform((text) => withoutLinks(text).trim())
    .pipe(z.string().min(1).max(charactersMax));
}
