/** The clarification section of the policy: when a mission is asked questions, and the words that its signals look for. */
import { z } from "zod";

/** The weight of a signal in points, and its words (any language, any case). */
const signalSchema = z.strictObject({
  weight: z.int().min(0).max(100),
  words: z.array(z.string().min(1).max(60)).max(200),
});

/** Strict, with whole numbers only. */
export const clarificationRulesSchema = z.strictObject({
  /** A mission with this score or more is asked questions before anything runs. */
  trigger_threshold: z.int().min(1).max(100),
  max_questions: z.int().min(1).max(4),
  /** Tokens that one draft may use; 0: drafts are off. */
  draft_tokens: z.int().min(0),
  signals: z.strictObject({
    /** `words`: phrases that don't count as a criterion, e.g. "it works". */
    no_acceptance_criteria: signalSchema,
    vague_description: signalSchema,
    /** `words`: names that count as a place although they don't look like a place, e.g. README. */
    no_target_surface: signalSchema,
    unbounded_scope: signalSchema,
  }),
});
/** The part of the policy that clarification uses. */
export type ClarificationRules = z.infer<typeof clarificationRulesSchema>;
