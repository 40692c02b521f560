/** The draft that a coder writes when a person asks for one: the file as it leaves the sandbox, its bounds, and how asking for one can end. Hostile until parsed here. */
import { z } from "zod";
import { failedRunSchema, interruptedRunSchema } from "./run-file.ts";
import { replaceUnsafe } from "./safe-text.ts";

const charactersMax = { title: 200, place: 300, criterion: 500, test: 800, question: 300 };
const criteriaMax = 8;
const questionsMax = 5;
/** Criteria of a draft as a person accepts it: they may add some. */
export const acceptedCriteriaMax = 16;

/** Longer than this it is refused before it is cleaned, so that matching stays cheap. */
const uncleanedTimesMax = 4;
const link = /\b[a-z][a-z0-9+.-]*:\/\/\S+|\bwww\.\S+/gi;

const sizeSchema = z.enum(["small", "medium", "large"]);

/** What a coder proposes for a mission, as it is stored: plain text of one line each. Nothing of it counts before a person accepts it. */
export const draftSchema = z.strictObject({
  title: boundedLine("title"),
  /** File, folder, function, command or route. */
  place: boundedLine("place"),
  criteria: z.array(boundedLine("criterion")).min(1).max(criteriaMax),
  /** How a test could show it. */
  test: boundedLine("test"),
  size: sizeSchema,
  /** What only the person can say. */
  questions: z.array(boundedLine("question")).max(questionsMax),
});

/** The file in the sandbox: without unknown keys; what a terminal would obey becomes a space, and links are left out. Parses to the form of `draftSchema`. */
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
      replaceUnsafe(text.replace(link, "[link left out]"), () => " ")
        .replace(/[\p{Co}\s]+/gu, " ")
        .trim(),
    )
    .pipe(boundedLine(of));
}
