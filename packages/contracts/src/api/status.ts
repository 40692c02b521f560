/** The documents of `aedev status` and of the health check. */
import { z } from "zod";
import { homeSignalSchema } from "../home-signal.ts";
import { sha256Schema } from "../ids.ts";
import { laneClosedSchema, laneRecordSchema } from "../lane.ts";
import { judgeOutageSchema } from "./judges.ts";
import { pausedRepositorySchema, workPauseSchema } from "./pause.ts";
import { proposalSourceDocumentSchema } from "./proposal-routes.ts";
import { holdDocumentSchema, missionStatusSchema } from "./task.ts";

/** A decision that waits for a person, with the command for it. */
export const waitingItemSchema = z
  .strictObject({
    mission_id: z.string(),
    /** Null if it is about the mission itself. */
    task_id: z.string().nullable(),
    title: z.string(),
    status: missionStatusSchema,
    help: z.string(),
  })
  .meta({ id: "WaitingItem" });

/** A log that differs from what was signed, or is older than the home's own landed commits. Nothing runs, lands or is approved until a person accepts it. */
export const untrustedLogSchema = z
  .strictObject({
    reasons: z.array(z.string()),
    /** The log's last event. */
    position: z.int(),
    hash: sha256Schema,
    help: z.string(),
  })
  .meta({ id: "UntrustedLog" });
export type UntrustedLog = z.infer<typeof untrustedLogSchema>;

/** Missions by status, and what waits for a person. */
export const statusSummarySchema = z.strictObject({
  /** The home is a demo: what is in it is simulated. Missing: it is a person's home. */
  demo: z.literal(true).exactOptional(),
  missions: z.record(missionStatusSchema, z.int()),
  waiting: z.array(waitingItemSchema),
  /** Oldest first. */
  holds: z.array(holdDocumentSchema),
  repositories: z.int(),
  undelivered: z.int(),
  /** Missing: work is not paused. */
  paused: workPauseSchema.optional(),
  /** Missing: no repository is paused on its own. */
  paused_repositories: z.array(pausedRepositorySchema).optional(),
  /** The missions that a person put first and that have not started, in order; missing: none. */
  start_order: z.array(z.string()).optional(),
  /** The missions that wait for a run, in the order in which they start, at most 200; missing: none. */
  ready: z.array(z.string()).optional(),
  /** Watched landings after which a check of their commit failed; missing: none. */
  red_landings: z
    .array(z.strictObject({ repository: z.string(), task_id: z.string(), mission_id: z.string() }))
    .optional(),
  /** Changes that merged without an approval in 30 days; missing: none. */
  merged_alone: laneRecordSchema.optional(),
  /** Kinds of change that are asked about because too many went wrong; missing: none. */
  closed_lanes: z.array(laneClosedSchema.omit({ bound: true }).extend({ repository: z.string() })).optional(),
  /** Number of proposed missions that wait for a person; missing: none. */
  proposals: z.int().optional(),
  /** Sources of proposals that paused themselves, because people rejected most of them; missing: none. */
  paused_sources: z.array(proposalSourceDocumentSchema).optional(),
  /** Judge vendors that are not available; missing: all are available. */
  judge_outages: z.array(judgeOutageSchema).optional(),
  /** Missing: there are no signals. */
  signals: z.array(homeSignalSchema).optional(),
});
export type StatusSummary = z.infer<typeof statusSummarySchema>;

export const statusDocumentSchema = statusSummarySchema
  .extend({ daemon: z.literal("running"), untrusted: untrustedLogSchema.nullable() })
  .meta({ id: "Status" });

/**
 * `home`: device and inode of the home, which distinguish this daemon from the daemon of a copied home. `log`: whether anything runs, lands or is
 * approved. `pass_age_ms`: time since the reconcile loop last completed a pass; a daemon that answers and completes none is not working.
 */
export const healthSchema = z
  .strictObject({
    status: z.literal("ok"),
    pid: z.int(),
    home: z.string(),
    log: z.enum(["trusted", "untrusted"]),
    pass_age_ms: z.int().min(0),
  })
  .meta({ id: "Health" });
/** The answer of `GET /health`. */
export type HealthDocument = z.infer<typeof healthSchema>;
