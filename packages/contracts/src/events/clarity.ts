/** The result of clarification for a mission: its score, the signals behind it, and the open questions. The log stores this shape. */
import { z } from "zod";
import { blobSchema } from "../ids.ts";
import { criterionSchema, notCheckedSchema } from "../specification.ts";

/** What can make a mission unclear. */
export const signalNames = [
  "no_acceptance_criteria",
  "vague_description",
  "no_target_surface",
  "unbounded_scope",
] as const;
const signalNameSchema = z.enum(signalNames);
/** The name of something that makes a mission unclear. */
export type SignalName = z.infer<typeof signalNameSchema>;

/** One question. `choices` are suggestions; any text that can be checked is an answer. `default` is the answer of a person who just agrees. */
export const questionSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  signal: signalNameSchema,
  text: z.string().max(500),
  choices: z.array(z.string().max(200)).max(4),
  default: z.string().max(500),
});
export type Question = z.infer<typeof questionSchema>;

/** The outcome of the last round of clarification. */
export const claritySchema = z.strictObject({
  /** Rounds of questions asked so far; 0: nothing was unclear. */
  round: z.int().min(0).max(2),
  /** Sum of the signals' weights, at most 100. */
  score: z.int().min(0).max(100),
  signals: z.array(z.strictObject({ name: signalNameSchema, weight: z.int(), why: z.string().max(300) })).max(4),
  questions: z.array(questionSchema).max(4),
  /** True if all questions of the last round were answered and the score still reaches the threshold: only a new mission helps. */
  stuck: z.boolean(),
  not_checked: notCheckedSchema.exactOptional(),
});
export type Clarity = z.infer<typeof claritySchema>;

/** The clarity of a specification that aedev wrote: nothing in it is unclear. */
export const noQuestions: Clarity = { round: 0, score: 0, signals: [], questions: [], stuck: false };

/** The result of clarification, as fields of the events that clarify a mission. */
export const clarifiedFields = {
  clarity: claritySchema,
  criteria: z.array(criterionSchema),
  specification: blobSchema,
  /** `clarified-spec.md`; null while questions are open. */
  clarified_spec: blobSchema.nullable(),
};
/** A person's answers, and the result of clarification with them. */
export const answeredFields = {
  answers: z.array(z.strictObject({ question_id: z.string(), question: z.string(), text: z.string() })).min(1),
  ...clarifiedFields,
};

/** Whether a mission with this clarity can be approved. */
export function isClear(clarity: Clarity): boolean {
  return clarity.questions.length === 0 && !clarity.stuck;
}
