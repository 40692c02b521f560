/** The messages on the channel between control and a plane. The channel closing is the order to exit. */
import { z } from "zod";
import { runIdSchema } from "./names.ts";
import { registrySchema, sandboxLinkSchema } from "./sandbox.ts";
import { planeReportSchema, planeWorkSchema } from "./work.ts";

/** Secrets given by environment variable for tests, sorted to their plane; they win over the plane's own file. Never logged. */
const secretsSchema = z.record(z.string(), z.string());

/** First message to the execution plane. `live_runs`: runs whose containers and folders are kept; all others with this home's label are reaped. */
export const startExecutionSchema = z.strictObject({
  kind: z.literal("StartExecution"),
  home: z.string(),
  home_id: z.string(),
  generation: z.int().positive(),
  live_runs: z.array(runIdSchema),
  image: z.string(),
  anthropic_base_url: z.url(),
  docker_host: z.string().nullable(),
  docker_deadline_ms: z.int().positive(),
  allow_api_key: z.boolean(),
  secrets: secretsSchema,
  prompts_dir: z.string(),
  /** Where the fetch step of prepare may go; nowhere else. */
  registries: z.array(registrySchema).max(100).default([]),
  sandbox_link: sandboxLinkSchema.default("auto"),
});
export type StartExecution = z.infer<typeof startExecutionSchema>;
export const startJudgementSchema = z.strictObject({
  kind: z.literal("StartJudgement"),
  home: z.string(),
  generation: z.int().positive(),
  secrets: secretsSchema,
});
export type StartJudgement = z.infer<typeof startJudgementSchema>;
/** Sent after the run's report is in the log: its container and worktree may go. */
export const forgetRunSchema = z.strictObject({ kind: z.literal("ForgetRun"), run_id: runIdSchema });
/** Stop this run now; no report is owed. */
export const stopRunSchema = z.strictObject({ kind: z.literal("StopRun"), run_id: runIdSchema });

export const toPlaneSchema = z.discriminatedUnion("kind", [
  startExecutionSchema,
  startJudgementSchema,
  forgetRunSchema,
  stopRunSchema,
  z.strictObject({ kind: z.literal("Work"), work: planeWorkSchema }),
]);
export type ToPlane = z.infer<typeof toPlaneSchema>;

export const fromPlaneSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("Ready"), generation: z.int().positive() }),
  z.strictObject({ kind: z.literal("Report"), report: planeReportSchema }),
  /** One readable line of progress for `task logs`; never evidence. */
  z.strictObject({ kind: z.literal("Progress"), run_id: runIdSchema, text: z.string().max(500) }),
  /** Something refused that the log should know: a forbidden request at the gateway, an escape at capture. */
  z.strictObject({ kind: z.literal("Refusal"), run_id: runIdSchema, what: z.string().max(500) }),
]);
export type FromPlane = z.infer<typeof fromPlaneSchema>;
