/** The routes for rules and lessons: what a repository's runs are told, what the log suggests, and how much lessons help. Part of the table in routes.ts. */
import { z } from "zod";
import { instantSchema, repositoryNameSchema } from "../ids.ts";
import { lessonSchema, lessonTopicSchema, memoryLineSchema, ruleIdSchema } from "../memory.ts";
import { emptyBodySchema, idParameterSchema } from "./basics.ts";
import { figureSchema, rateSchema } from "./judges.ts";

const ruleSchema = z
  .strictObject({
    repository: repositoryNameSchema,
    rule_id: ruleIdSchema,
    text: z.string(),
    by: z.string(),
    at: instantSchema,
  })
  .meta({ id: "Rule" });
/** A rule that every coder's prompt of the repository has. */
export type RuleDocument = z.infer<typeof ruleSchema>;

const lessonDocumentSchema = z
  .strictObject({
    repository: repositoryNameSchema,
    lesson_id: lessonSchema.shape.lesson_id,
    topic: lessonTopicSchema,
    text: z.string(),
    cites: lessonSchema.shape.cites,
    files: z.array(z.string()),
    /** `suggested`: nobody has decided about it, and no run gets it. */
    status: z.enum(["suggested", "active"]),
    /** Who accepted it; null: nobody. */
    by: z.string().nullable(),
    at: instantSchema.nullable(),
  })
  .meta({ id: "Lesson" });
/** A lesson that runs may get, or that the log suggests. */
export type LessonDocument = z.infer<typeof lessonDocumentSchema>;

const memorySchema = z.strictObject({ rules: z.array(ruleSchema), lessons: z.array(lessonDocumentSchema) });
const lessonDecidedSchema = z.strictObject({
  repository: repositoryNameSchema,
  lesson_id: lessonSchema.shape.lesson_id,
  status: z.enum(["active", "rejected", "removed"]),
});

const meansSchema = z.strictObject({
  given: z.number().nullable(),
  left_out: z.number().nullable(),
  /** Null: too few values. */
  difference: figureSchema.nullable(),
});
const effectSchema = z.strictObject({
  trials: z.strictObject({ given: z.int(), left_out: z.int() }),
  /** The share of runs whose change could merge or was approved. */
  success: z.strictObject({ given: rateSchema, left_out: rateSchema, difference: figureSchema.nullable() }),
  /** Runs of a task that has ended, from the trial's run on. */
  runs: meansSchema,
  /** Requests of the run to the model: its steps. */
  requests: meansSchema,
  tokens: meansSchema,
  shows: z.enum(["helps", "harms", "no-difference", "too-few-trials"]),
});
/** What runs with a lesson did beside runs that it was left out of. Intervals are at 95 %. */
export type LessonEffect = z.infer<typeof effectSchema>;

const memoryReportSchema = z.strictObject({
  position: z.int(),
  repository: z.string().nullable(),
  /** Runs with lessons beside runs without any. */
  all: effectSchema,
  lessons: z.array(
    effectSchema.extend({
      repository: z.string(),
      lesson_id: lessonSchema.shape.lesson_id,
      topic: lessonTopicSchema,
      text: z.string(),
      in_force: z.boolean(),
      /** Why a person should remove it; null: no reason is known. */
      remove: z.enum(["harms", "useless"]).nullable(),
    }),
  ),
});
/** How much the lessons of one repository, or of all, help. */
export type MemoryReport = z.infer<typeof memoryReportSchema>;

const decided = {
  method: "POST",
  role: "operator",
  params: idParameterSchema,
  body: emptyBodySchema,
  refusals: [404, 409],
} as const;

export const memoryRouteRows = {
  showMemory: {
    method: "GET",
    role: "viewer",
    path: "/api/memory",
    summary: "List every repository's rules, lessons, and lessons that the log suggests",
    answer: memorySchema,
  },
  addRule: {
    method: "POST",
    role: "operator",
    path: "/api/rules",
    summary: "Add a rule for every run of a repository",
    body: z.strictObject({ repository: z.string().max(100), text: memoryLineSchema }),
    answer: ruleSchema,
    refusals: [409],
  },
  removeRule: { ...decided, path: "/api/rules/:id/remove", summary: "Remove a rule", answer: ruleSchema },
  addLesson: {
    method: "POST",
    role: "operator",
    path: "/api/lessons",
    summary: "Add a lesson in a person's words about the outcome of a task",
    body: z.strictObject({
      task_id: z.string().max(100),
      topic: lessonTopicSchema,
      text: memoryLineSchema,
      /** Files that the lesson is about; it ends when one changes. */
      files: z.array(z.string().min(1).max(300)).max(8),
    }),
    answer: lessonDecidedSchema,
    refusals: [409],
  },
  acceptLesson: {
    ...decided,
    path: "/api/lessons/:id/accept",
    summary: "Accept a suggested lesson, which runs may then get",
    answer: lessonDecidedSchema,
  },
  rejectLesson: {
    ...decided,
    path: "/api/lessons/:id/reject",
    summary: "Reject a suggested lesson for good",
    answer: lessonDecidedSchema,
  },
  removeLesson: {
    ...decided,
    path: "/api/lessons/:id/remove",
    summary: "Remove a lesson, which no run gets any more",
    answer: lessonDecidedSchema,
  },
  showMemoryReport: {
    method: "GET",
    role: "viewer",
    path: "/api/memory/report",
    summary: "Show how much each lesson helps: runs with it beside runs that it was left out of",
    query: z.strictObject({ repository: z.string().max(100).optional() }),
    answer: memoryReportSchema,
  },
} as const;
