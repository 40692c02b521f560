/** What people sort missions by: a priority and labels. Neither changes what is done. */
import { z } from "zod";

/** The most urgent first. */
export const priorities = ["urgent", "high", "normal", "low"] as const;
export const prioritySchema = z.enum(priorities);
/** How soon a mission starts, compared with others. */
export type Priority = z.infer<typeof prioritySchema>;

/** One label. */
export const labelSchema = z
  .string()
  .trim()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,39}$/u,
    "a label has 1 to 40 letters, digits, spaces, '.', '_', '/' or '-', and starts with a letter or digit",
  );
const labelsMax = 20;
/** Labels as a person gives them; read as each once, in order. */
export const givenLabelsSchema = z
  .array(labelSchema)
  .max(labelsMax)
  .transform((labels) => [...new Set(labels)].sort());
/** Each label once, in order. */
export const labelsSchema = z.array(z.string()).max(labelsMax);
