/** The response of `GET /status-board.json`, which is the only input of the status board. */
import { z } from "zod";
import { instantSchema } from "../ids.ts";
import type { Immutable } from "./basics.ts";
import { statusSummarySchema, untrustedLogSchema, waitingItemSchema } from "./status.ts";
import { holdDocumentSchema, missionStatusSchema } from "./task.ts";

/** Schema of the first rows of a list and the number of rows left out. */
const capped = <S extends z.ZodType>(row: S) => z.strictObject({ shown: z.array(row), more: z.int().nonnegative() });
/** The first rows of a list, and the number of rows left out. */
export interface Capped<T> {
  readonly shown: readonly T[];
  readonly more: number;
}

const openTaskSchema = <S extends string>(status: S) =>
  z.strictObject({
    task_id: z.string(),
    mission_id: z.string(),
    title: z.string(),
    repository: z.string(),
    status: z.literal(status),
    runs: z.int().nonnegative(),
    /** When its present phase started. */
    since: instantSchema,
  });
const landedSchema = z.strictObject({
  task_id: z.string(),
  mission_id: z.string(),
  title: z.string(),
  repository: z.string(),
  commit: z.string(),
  landed_at: instantSchema,
});
const missionSchema = z.strictObject({
  mission_id: z.string(),
  title: z.string(),
  repository: z.string(),
  status: missionStatusSchema,
  submitted_at: instantSchema,
});

/** The data of the status board. Each list has its own limit. */
export const statusBoardSchema = statusSummarySchema
  .pick({
    missions: true,
    repositories: true,
    undelivered: true,
    signals: true,
    merged_alone: true,
    closed_lanes: true,
  })
  .extend({
    /** Null while the log is trusted. */
    untrusted: untrustedLogSchema.nullable(),
    waiting: capped(waitingItemSchema),
    holds: capped(holdDocumentSchema),
    /** Tasks by their own status; tasks that have been longest in their phase come first. */
    approved: capped(openTaskSchema("approved")),
    running: capped(openTaskSchema("running")),
    judging: capped(openTaskSchema("judging")),
    /** Most recently landed first. */
    landed: capped(landedSchema),
    newest: capped(missionSchema),
  })
  .meta({ id: "StatusBoard" });
/** The status board's data. */
export type StatusBoardDocument = Immutable<z.infer<typeof statusBoardSchema>>;
