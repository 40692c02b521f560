/** What a person says to a task's coder while it works. */
import { z } from "zod";
import { wordsCharactersMax } from "./specification.ts";

/** The most messages to the coder of one task; more belong into its specification. */
export const messagesMax = 50;

/** `number`: its place among the task's messages, from 1. */
export const toldSchema = z.strictObject({
  number: z.int().positive().max(messagesMax),
  text: z.string().max(wordsCharactersMax),
});
export type Told = z.infer<typeof toldSchema>;
