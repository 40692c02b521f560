/** The specification: a mission with its acceptance criteria, hashed; what a person approves and what coder and judges read. */
import { z } from "zod";
import { missionIdSchema, repositoryNameSchema } from "./names.ts";

export const criterionSchema = z.strictObject({
  id: z.string().regex(/^c[1-9][0-9]?$/),
  /** What counts as one, in whose words, is decided by clarification; CJK text says as much in half the characters. */
  text: z.string().min(1).max(2000),
  /** True where no criterion came from the person and aedev's own was written in: approval shows it as such. */
  default: z.literal(true).exactOptional(),
});
export type Criterion = z.infer<typeof criterionSchema>;
export const specificationSchema = z.strictObject({
  schema: z.literal(1),
  mission_id: missionIdSchema,
  repository: repositoryNameSchema,
  title: z.string().max(120),
  text: z.string().max(20_000),
  criteria: z.array(criterionSchema).min(1).max(64),
  /** What the person answered to the questions of clarification, in order. */
  clarifications: z
    .array(z.strictObject({ question: z.string().max(500), answer: z.string().max(2000) }))
    .max(16)
    .exactOptional(),
  /** The person's words on changes that were sent back, oldest first. */
  instructions: z.array(z.string().max(2000)).max(32).exactOptional(),
});
export type Specification = z.infer<typeof specificationSchema>;
