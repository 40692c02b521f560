/**
 * The draft that a coder writes at a person's request: the file as it leaves the sandbox, its bounds, and how a draft can end. The file is hostile until
 * parsed here.
 */
import { z } from "zod";
import { sizeSchema } from "./plan.ts";
import { planDraftSchema } from "./plan-draft.ts";
import { failedRunSchema, interruptedRunSchema } from "./run-file.ts";
import { replaceUnsafe, withoutLinks } from "./safe-text.ts";

const charactersMax = { title: 200, place: 300, criterion: 500, test: 800, question: 300 };
const criteriaMax = 8;
const questionsMax = 5;
/** Criteria of an accepted draft: a person may add some. */
export const acceptedCriteriaMax = 16;

/** A text longer than this multiple of its bound is refused before it is cleaned, so that matching stays cheap. */
const uncleanedTimesMax = 4;

/** The coder's proposal for a mission, as it is stored: each text is plain and has one line. Nothing in it counts before a person accepts it. */
export const draftSchema = z.strictObject({
  title: boundedLine("title"),
  /** The file, folder, function, command or route that the change concerns. */
  place: boundedLine("place"),
  criteria: z.array(boundedLine("criterion")).min(1).max(criteriaMax),
  /** How a test could show the change. */
  test: boundedLine("test"),
  size: sizeSchema,
  /** Questions that only the person can answer. */
  questions: z.array(boundedLine("question")).max(questionsMax),
});

/** The file in the sandbox, parsed to the form of `draftSchema`. Unknown keys are refused, terminal controls become spaces, and links are removed. */
export const draftFileSchema = z.strictObject({
  title: cleanedLine("title"),
  place: cleanedLine("place"),
  criteria: z.array(cleanedLine("criterion")).min(1).max(criteriaMax),
  test: cleanedLine("test"),
  size: sizeSchema,
  questions: z.array(cleanedLine("question")).max(questionsMax).default([]),
});

/** How a draft ended. */
export const draftResultSchema = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("drafted"), draft: draftSchema }),
  /** Of a draft that proposes a plan. */
  z.strictObject({ outcome: z.literal("planned"), plan: planDraftSchema }),
  failedRunSchema,
  interruptedRunSchema,
]);
export type DraftResult = z.infer<typeof draftResultSchema>;

function boundedLine(of: keyof typeof charactersMax): z.ZodString {
  return z.string().min(1).max(charactersMax[of]);
}

function cleanedLine(of: keyof typeof charactersMax) {
  return z
    .string()
    .max(uncleanedTimesMax * charactersMax[of])
    .transform((text) =>
      replaceUnsafe(withoutLinks(text), () => " ")
        .replace(/[\p{Co}\s]+/gu, " ")
        .trim(),
    )
    .pipe(boundedLine(of));
}
