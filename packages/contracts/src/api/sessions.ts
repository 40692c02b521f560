/** Runs of the coder, drafts and set-up runs: what each used and how it ended, its log, and its evidence as a file. */
import { z } from "zod";
import { gateDecisionSchema } from "../events/event.ts";
import { holdCodeSchema } from "../hold-code.ts";
import { instantSchema, repositoryNameSchema } from "../ids.ts";
import { idParameterSchema } from "./basics.ts";
import { usageSumSchema } from "./usage.ts";

const rowsMax = 100;
const count = z.int().nonnegative();

const sessionSchema = z
  .strictObject({
    run_id: z.string(),
    role: z.enum(["run", "draft", "set-up"]),
    /** Null: it belongs to no task or mission. */
    task_id: z.string().nullable(),
    mission_id: z.string().nullable(),
    title: z.string(),
    repository: z.string(),
    started_at: instantSchema,
    ended_at: instantSchema.nullable(),
    /** `open`: no end is recorded. `captured`: it ended with a change or a proposal. */
    status: z.enum(["open", "captured", "without-change"]),
    /** What the gate said about its change; null: nothing. */
    answer: gateDecisionSchema.nullable(),
    hold_code: holdCodeSchema.nullable(),
    models: z.array(z.string()),
    used: usageSumSchema,
  })
  .meta({ id: "Session" });
/** One run with its use and its end. */
export type SessionDocument = z.infer<typeof sessionSchema>;

const sessionsSchema = z
  .strictObject({
    position: count,
    /** Newest first. */
    sessions: z.array(sessionSchema),
    /** `before` of the next page; null: there is none. */
    next: count.nullable(),
    repositories: z.array(z.string()),
  })
  .meta({ id: "Sessions" });

/** The log of a task's runs. `shortened`: its beginning is left out. */
const taskLogSchema = z
  .strictObject({ task_id: z.string(), text: z.string(), shortened: z.boolean() })
  .meta({ id: "TaskLog" });

/** A run that works now. The lines come from a sandbox: they are no evidence. */
const activityRunSchema = z.strictObject({
  run_id: z.string(),
  task_id: z.string(),
  mission_id: z.string(),
  title: z.string(),
  repository: z.string(),
  /** Its number among the task's runs, from 1. */
  attempt: z.int().positive(),
  /** `running`: the coder works. `captured`: its change is checked. */
  step: z.enum(["running", "captured"]),
  started_at: instantSchema,
  /** The last actions, oldest first. `at` null: the line has no time. */
  lines: z.array(z.strictObject({ at: instantSchema.nullable(), text: z.string() })),
  /** Tokens of the model requests so far, as the log of the run counts them, and the most that it may use; null: no limit. */
  tokens: count,
  tokens_max: count.nullable(),
});

const activitySchema = z.strictObject({ at: instantSchema, runs: z.array(activityRunSchema) }).meta({ id: "Activity" });
/** What the runs under way did last. */
export type ActivityDocument = z.infer<typeof activitySchema>;

export const sessionRouteRows = {
  showActivity: {
    method: "GET",
    role: "operator",
    path: "/api/activity",
    summary: "Show what each run under way did last, which is not evidence",
    answer: activitySchema,
  },
  listSessions: {
    method: "GET",
    role: "viewer",
    path: "/api/sessions",
    summary: "List the runs of coders, drafts and set-up runs in pages, newest first",
    query: z.strictObject({
      before: z.coerce.number().pipe(count).optional(),
      repository: repositoryNameSchema.optional(),
      /** A part of the mission's title, or of an id, in any case. */
      text: z.string().min(1).max(200).optional(),
      limit: z.coerce.number().pipe(z.int().min(1).max(rowsMax)).default(30),
    }),
    answer: sessionsSchema,
    refusals: [409],
  },
  showTaskLog: {
    method: "GET",
    // It is redacted by forms only.
    role: "operator",
    path: "/api/tasks/:id/log",
    summary: "Show the log of a task's runs, which is not evidence",
    params: idParameterSchema,
    answer: taskLogSchema,
    refusals: [404, 409],
  },
  exportEvidence: {
    method: "GET",
    role: "viewer",
    path: "/api/tasks/:id/evidence",
    summary: "Download a task's signed evidence as one file that anyone can verify",
    params: idParameterSchema,
    media: "application/octet-stream",
    answer: z.string(),
    refusals: [404, 409],
  },
} as const;
