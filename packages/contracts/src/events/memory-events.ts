/** Events of a repository's memory, on its stream: rules, and lessons that a person accepted or refused. ADR 0058. */
import { z } from "zod";
import { lessonIdSchema, lessonSchema, memoryLineSchema, ruleIdSchema } from "../memory.ts";
import { deciderFields } from "./decider.ts";

export const memoryEvents = {
  /** A person gave the repository a rule: every coder's prompt there has it. */
  RuleAdded: z.strictObject({ ...deciderFields, rule_id: ruleIdSchema, text: memoryLineSchema }),
  /** A person removed a rule. */
  RuleRemoved: z.strictObject({ ...deciderFields, rule_id: ruleIdSchema }),
  /** A person accepted a lesson, or wrote one about a task's outcome. From now on it may be in prompts. */
  LessonAccepted: z.strictObject({ ...deciderFields, ...lessonSchema.shape }),
  /** A person rejected a lesson that the log suggests; it is not suggested again. */
  LessonRejected: z.strictObject({ ...deciderFields, lesson_id: lessonIdSchema }),
  /** A person removed a lesson. */
  LessonRemoved: z.strictObject({ ...deciderFields, lesson_id: lessonIdSchema }),
  /** A file that the lesson is about changed on the base, or is gone. */
  LessonExpired: z.strictObject({
    lesson_id: lessonIdSchema,
    path: z.string().min(1).max(300),
    why: z.enum(["changed", "gone"]),
  }),
};
