/** The specification: a mission with its acceptance criteria, hashed; what a person approves and what coder and judges read. */
import { z } from "zod";
import { missionIdSchema, repositoryNameSchema } from "./names.ts";

export const criterionSchema = z.strictObject({
  id: z.string().regex(/^c[1-9][0-9]?$/),
  text: z.string().min(12).max(2000),
});
export type Criterion = z.infer<typeof criterionSchema>;
export const specificationSchema = z.strictObject({
  schema: z.literal(1),
  mission_id: missionIdSchema,
  repository: repositoryNameSchema,
  title: z.string().max(120),
  text: z.string().max(20_000),
  criteria: z.array(criterionSchema).min(1).max(64),
});
export type Specification = z.infer<typeof specificationSchema>;
