/**
 * The plan that a coder proposes at a person's request: the file as it leaves the sandbox, and its bounds. It is hostile until it is parsed here. Links are
 * taken out; a text with signs that nobody sees is refused, because it would become a part's request.
 */
import { z } from "zod";
import { planPartNameSchema, planPartsMax, planPathSchema, sizeSchema } from "./plan.ts";
import { hasControls, hasInvisibles, withoutLinks } from "./safe-text.ts";

const criteriaMax = 8;
const filesMax = 20;

const charactersMax = { text: 300, criterion: 500 };
const place = {
  name: planPartNameSchema,
  /** Files of the repository that it changes. */
  files: z.array(planPathSchema).max(filesMax),
  /** New files. */
  creates: z.array(planPathSchema).max(filesMax),
  /** Names of parts that must land first. */
  after: z.array(planPartNameSchema).max(planPartsMax),
  size: sizeSchema,
};

/** The parts that a coder proposes, each of the repository that it read, as they are stored. Nothing in them counts before a person accepts it. */
export const planDraftSchema = z.strictObject({
  parts: z
    .array(
      z.strictObject({
        ...place,
        /** What the part asks for. */
        text: boundedLine("text"),
        criteria: z.array(boundedLine("criterion")).min(1).max(criteriaMax),
      }),
    )
    .min(1)
    .max(planPartsMax),
});
export type PlanDraft = z.infer<typeof planDraftSchema>;

/** The file in the sandbox, parsed to the form of `planDraftSchema`. Lists may be missing. */
export const planDraftFileSchema = z.strictObject({
  parts: z
    .array(
      z.strictObject({
        ...place,
        files: place.files.default([]),
        creates: place.creates.default([]),
        after: place.after.default([]),
        text: plainLine("text"),
        criteria: z.array(plainLine("criterion")).min(1).max(criteriaMax),
      }),
    )
    .min(1)
    .max(planPartsMax),
});

function boundedLine(of: keyof typeof charactersMax) {
  return z.string().min(1).max(charactersMax[of]);
}

function plainLine(of: keyof typeof charactersMax) {
  return z
    .string()
    .max(4 * charactersMax[of])
    .refine((text) => !hasControls(text) && !hasInvisibles(text), "it has line breaks or signs that nobody sees")
    .transform((text) => withoutLinks(text).trim())
    .pipe(boundedLine(of));
}
