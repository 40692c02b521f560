/** The specification: a mission with its acceptance criteria. A person approves it by its hash; coder and judges read it. */
import { z } from "zod";
import { testNamesSchema } from "./broken-tests.ts";
import { missionIdSchema, repositoryNameSchema } from "./ids.ts";
import { specifiedPlanSchema } from "./plan.ts";

/** The most characters of a text that a person writes with a decision: instructions for a change that is sent back, a reason, or an answer to a question. */
export const wordsCharactersMax = 2000;

/** The most characters of a mission's text, for every client, and of an answer as it is sent. */
export const missionTextCharactersMax = 20_000;
/** The most acceptance criteria of a mission, and the most answers in one request. */
export const criteriaMax = 64;

/** One acceptance criterion. */
export const criterionSchema = z.strictObject({
  id: z.string().regex(/^c[1-9][0-9]?$/),
  /** Clarification decides what counts as a criterion. There is no minimum length, because CJK text says as much in half the characters. */
  text: z.string().min(1).max(2000),
  /** True if the person gave no criterion and aedev's default was used; the approval page shows that. */
  default: z.literal(true).exactOptional(),
  /** True if the criterion follows from the request although the person did not write it; the approval page shows that. */
  understood: z.literal(true).exactOptional(),
  /** True if a coder drafted it and a person accepted it unchanged; its text says so too. */
  drafted: z.literal(true).exactOptional(),
});
export type Criterion = z.infer<typeof criterionSchema>;
/** The most unchecked parts of a request that are listed; the last entry joins all further parts. */
export const notCheckedMax = 64;
/** The most characters of an unchecked part. */
export const notCheckedCharactersMax = 300;
/** Sentences of the request that no criterion covers once nothing is open. Coder and judges read them, but nobody is asked whether they hold. */
export const notCheckedSchema = z.array(z.string().max(notCheckedCharactersMax)).max(notCheckedMax);

/** What is wanted, and the criteria for it. Its hash is the hash of its canonical JSON. */
export const specificationSchema = z.strictObject({
  schema: z.literal(1),
  mission_id: missionIdSchema,
  repository: repositoryNameSchema,
  title: z.string().max(120),
  text: z.string().max(missionTextCharactersMax),
  criteria: z.array(criterionSchema).min(1).max(criteriaMax),
  not_checked: notCheckedSchema.exactOptional(),
  /** The person's answers to the clarification questions, in order. */
  clarifications: z
    .array(z.strictObject({ question: z.string().max(500), answer: z.string().max(wordsCharactersMax) }))
    .max(16)
    .exactOptional(),
  /** What the person wrote when sending changes back, oldest first. */
  instructions: z.array(z.string().max(wordsCharactersMax)).max(32).exactOptional(),
  /** Tests of the base that a person allowed to change, because the request breaks them. */
  allowed_tests: testNamesSchema.exactOptional(),
  /** The indexes, from 0, of the instructions that come from reviews and comments at GitHub. */
  reviewed: z.array(z.int().min(0).max(31)).min(1).max(32).exactOptional(),
  /** True if a coder proposed the text and a person accepted it unchanged. */
  drafted: z.literal(true).exactOptional(),
  /** Of a mission of several parts; absent: the mission is one task. */
  plan: specifiedPlanSchema.exactOptional(),
});
export type Specification = z.infer<typeof specificationSchema>;
