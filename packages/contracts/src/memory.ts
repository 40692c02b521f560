/** Rules that a person gives every run of a repository, and lessons from outcomes, with their bounds. */
import { z } from "zod";
import { gitIdSchema, idSchema } from "./ids.ts";

/** The most rules of one repository. */
export const rulesMax = 20;
/** The most lessons in force in one repository. */
export const lessonsMax = 60;
/** The most characters of a rule or a lesson, which is one line. */
export const memoryLineMax = 300;
/** The most tokens that the lessons in one prompt may take. */
export const lessonTokensMax = 600;
/** Trials from which a report says whether a lesson helps or harms. */
export const lessonTrialsMin = 100;
/** Trials after which a lesson without a shown effect counts as useless. */
export const uselessTrialsMin = 400;

/** A rule: `g-` and its letters or digits. */
export const ruleIdSchema = idSchema("g", "a rule").brand("RuleId");
export type RuleId = z.infer<typeof ruleIdSchema>;
/** A lesson: `k-` and its letters or digits. */
export const lessonIdSchema = idSchema("k", "a lesson").brand("LessonId");
export type LessonId = z.infer<typeof lessonIdSchema>;

/** What a lesson is about: preparing, where things are, what the checks want, what a person wants. */
export const lessonTopics = ["set-up", "where", "verify", "review"] as const;
/** The topic of a lesson. */
export const lessonTopicSchema = z.enum(lessonTopics);
/** A lesson's topic. */
export type LessonTopic = z.infer<typeof lessonTopicSchema>;

/** The line of a rule or a lesson. */
export const memoryLineSchema = z.string().min(1).max(memoryLineMax);

/** A file of the base that a lesson is about. `id`: its content when the lesson was accepted; null: only that it exists matters. */
export const lessonFileSchema = z.strictObject({ path: z.string().min(1).max(300), id: gitIdSchema.nullable() });
export type LessonFile = z.infer<typeof lessonFileSchema>;

/** A lesson. `cites`: the log's positions of the outcomes that it is made of. */
export const lessonSchema = z.strictObject({
  lesson_id: lessonIdSchema,
  topic: lessonTopicSchema,
  text: memoryLineSchema,
  cites: z.array(z.int().positive()).min(1).max(20),
  files: z.array(lessonFileSchema).max(8),
});
export type Lesson = z.infer<typeof lessonSchema>;

/** The lessons that fitted a run: those in its prompt, and those that were left out of it so that their effect can be measured. */
export const runMemorySchema = z.strictObject({
  given: z.array(lessonIdSchema).max(lessonsMax),
  left_out: z.array(lessonIdSchema).max(lessonsMax),
  /** All lessons were left out together; absent: each was decided for itself. */
  without: z.literal(true).exactOptional(),
});
export type RunMemory = z.infer<typeof runMemorySchema>;
