/** Pages and filters of lists that grow with history. A page continues after a row instead of at an offset, so every page costs the same. */
import { z } from "zod";
import { instantSchema, repositoryNameSchema } from "../ids.ts";
import { missionStatuses } from "../mission-status.ts";
import type { PagePlace } from "../page-cursor.ts";
import { labelSchema } from "../ticket.ts";

const rowsMax = 500;
const rowsPerPage = 50;

const cursorSchema = z
  .string()
  .regex(/^[\dT:.Z-]{24}~[a-z]-[0-9a-z]{10,32}$/, "not a cursor: use `next` of the previous page")
  .transform((text): PagePlace => ({ at: text.slice(0, 24), id: text.slice(25) }));

/** An instant, or a day that starts at midnight UTC. */
export const sinceSchema = z.union([instantSchema, z.iso.date().transform((day) => `${day}T00:00:00.000Z`)], {
  error: "not an ISO 8601 instant in UTC (2026-01-31T12:00:00.000Z) or day (2026-01-31)",
});

/** Selects one page of a list: its filters, and the cursor of the page before. Newest rows come first. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce
    .number({ error: "not a number" })
    .pipe(z.int("not a whole number").min(1, "at least 1").max(rowsMax, `at most ${rowsMax}`))
    .default(rowsPerPage),
  after: cursorSchema.optional(),
  status: z.enum(missionStatuses).optional(),
  repository: repositoryNameSchema.optional(),
  /** A part of the mission's title, in any case. */
  text: z.string().min(1).max(200).optional(),
  since: sinceSchema.optional(),
  /** A label of the mission. */
  label: labelSchema.optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;
/** The query for lists whose rows all have the same status. */
export const openPageQuerySchema = pageQuerySchema.omit({ status: true, label: true });
export type OpenPageQuery = z.infer<typeof openPageQuerySchema>;

/** The cursor of the following page; null on the last page. */
export const nextSchema = z.string().nullable();
