/** Everything that waits for a person, most important first, with what a decision needs. */
import { z } from "zod";
import { missionDocumentSchema } from "./mission.ts";
import { holdDocumentSchema } from "./task.ts";

/**
 * `landing`: a finished change. `question`: a coder's, or of clarification. `hold`: only a person ends it. `specification`: work that has not started.
 * `is_clear`: aedev found nothing about it that speaks against an approval, and only the permission is missing.
 */
const inboxItemSchema = z
  .strictObject({
    kind: z.enum(["landing", "question", "hold", "specification"]),
    mission: missionDocumentSchema,
    task_id: z.string().nullable(),
    /** The change or specification that an approval names; null: there is nothing to approve. */
    digest: z.string().nullable(),
    is_clear: z.boolean(),
    /** Of a change: where it lands, the reasons to ask, such as `7.6 % chance of harm (low)`, and the judges' answers. Null or empty: not known. */
    lands: z.string().nullable(),
    reasons: z.array(z.string()),
    risk: z.string().nullable(),
    judges_passed: z.int().nonnegative(),
    judges_asked: z.int().nonnegative(),
    hold: holdDocumentSchema.nullable(),
  })
  .meta({ id: "InboxItem" });
/** Something that waits for a person. */
export type InboxItem = z.infer<typeof inboxItemSchema>;

/** `omitted`: how many less important items are not in the list. */
const inboxSchema = z
  .strictObject({
    position: z.int().nonnegative(),
    items: z.array(inboxItemSchema),
    omitted: z.int().nonnegative(),
  })
  .meta({ id: "Inbox" });
/** The first items that wait for a person. */
export type InboxDocument = z.infer<typeof inboxSchema>;

export const inboxRouteRows = {
  showInbox: {
    method: "GET",
    role: "viewer",
    path: "/api/inbox",
    summary: "Show everything that waits for a person, most important first",
    answer: inboxSchema,
  },
} as const;
