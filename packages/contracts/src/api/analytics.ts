/** How work went over a period: throughput, lead time, the gate's answers and what persons made of them, and what it cost. */
import { z } from "zod";
import { holdCodeSchema } from "../hold-code.ts";
import { instantSchema, repositoryNameSchema } from "../ids.ts";
import { rateSchema } from "./judges.ts";
import { sinceSchema } from "./page.ts";
import { usageRowSchema, usageSumSchema } from "./usage.ts";

const count = z.int().nonnegative();

/** What happened in one grain of the period. `from`: its first day, by the daemon's calendar (`2026-01-31`). */
const analyticsPointSchema = z.strictObject({
  from: z.iso.date(),
  submitted: count,
  landed: count,
  merge: count,
  ask: count,
  hold: count,
  tokens: count,
  nano_usd: count,
});

/** Times in milliseconds; null: there are none. */
const timesSchema = z.strictObject({ n: count, median_ms: count.nullable(), p90_ms: count.nullable() });

/** What the gate asked about, and how those questions ended. A question with several reasons counts for each. */
const askedReasonSchema = z.strictObject({
  /** A signal of risk, or the code of a reason that asks whatever the risk is. */
  reason: z.string(),
  means: z.string(),
  asked: count,
  rejected: count,
  sent_back: count,
  /** No person has decided, or the decision was not needed any more. */
  undecided: count,
  /** Approvals among the decided. The higher it is, the more often the gate asked in vain. */
  approved: rateSchema,
});

export const analyticsSchema = z
  .strictObject({
    position: count,
    at: instantSchema,
    /** Null: since the first event. */
    since: instantSchema.nullable(),
    /** Null: all repositories. */
    repository: z.string().nullable(),
    /** Every repository in the log, removed ones included. */
    repositories: z.array(z.string()),
    grain: z.enum(["day", "week", "month"]),
    points: z.array(analyticsPointSchema),
    submitted: count,
    /** `alone`: changes that no person approved. */
    landed: z.strictObject({ all: count, alone: count }),
    /** From submission to landing, of the changes that landed in the period. */
    lead_time: timesSchema,
    /** From the gate's question to the person's decision. */
    answer_time: timesSchema,
    /** The gate's answers, each as a share of all. */
    decisions: z.strictObject({ merge: rateSchema, ask: rateSchema, hold: rateSchema }),
    /** The most frequent first. */
    reasons: z.array(askedReasonSchema),
    holds: z.array(z.strictObject({ code: holdCodeSchema, count })),
    used: usageSumSchema,
    /** All use divided by the landed changes; null: nothing landed. `nano_usd` null: a price is not known, too. */
    per_landed: z.strictObject({ tokens: count.nullable(), nano_usd: count.nullable() }),
    by_repository: z.array(usageRowSchema),
    by_model: z.array(usageRowSchema),
    /** `key`: `run`, `verdict`, `canary`, `draft` or `set-up`. */
    by_role: z.array(usageRowSchema),
  })
  .meta({ id: "Analytics" });
/** How work went in a period. */
export type AnalyticsDocument = z.infer<typeof analyticsSchema>;

export const analyticsRouteRows = {
  showAnalytics: {
    method: "GET",
    role: "viewer",
    path: "/api/analytics",
    summary: "Show how work went since an instant: throughput, the gate's answers, what persons decided, and cost",
    query: z.strictObject({ since: sinceSchema.optional(), repository: repositoryNameSchema.optional() }),
    answer: analyticsSchema,
    refusals: [409],
  },
} as const;
