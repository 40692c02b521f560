/** The events of canaries: an audit was asked for, a bundle was planted, a judge answered about it. */
import { z } from "zod";
import { auditIdSchema, blobSchema, canaryIdSchema, sha256Schema, taskIdSchema } from "../ids.ts";
import { verdictNoncesSchema, verdictSchema } from "../verdict.ts";
import { deciderFields } from "./decider.ts";

/** Bundles planted to measure the judges (T22). These events affect no task, gate or landing. */
export const canaryEvents = {
  /** A person asked every configured family to judge `n` planted defects. */
  AuditRequested: z.strictObject({ audit_id: auditIdSchema, n: z.int().positive().max(10_000), ...deciderFields }),
  /** A canary was built from a real sealed bundle. If `audit_id` is null, it is judged along with the live bundle `beside`. */
  CanaryPlanted: z.strictObject({
    canary_id: canaryIdSchema,
    audit_id: auditIdSchema.nullable(),
    beside: sha256Schema.nullable(),
    source: z.strictObject({ task_id: taskIdSchema, bundle_digest: sha256Schema }),
    planted: z.enum(["known-bad", "known-good", "injection"]),
    planted_class: z.string().max(60),
    bundle: blobSchema,
    verdict_nonces: verdictNoncesSchema,
  }),
  /** One family's verdict on a planted bundle. */
  CanaryJudged: z.strictObject({ canary_id: canaryIdSchema, verdict: verdictSchema }),
};
