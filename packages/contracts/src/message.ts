/** The messages on the channel between control and a plane. A plane exits when the channel closes. */
import { z } from "zod";
import { runIdSchema } from "./ids.ts";
import { progressSchema } from "./progress.ts";
import { salvagedWorkSchema } from "./run-result.ts";
import { registrySchema, sandboxLinkSchema } from "./sandbox.ts";
import { toldSchema } from "./told.ts";
import { planeReportSchema, planeWorkSchema } from "./work.ts";

/** This plane's secrets from environment variables, for tests. They take precedence over the plane's file and are never logged. */
const secretsSchema = z.record(z.string(), z.string());

/** The first message to the execution plane. It keeps the containers and folders of `live_runs` and removes all others with this home's label. */
const startExecutionSchema = z.strictObject({
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
  /** The file with the login of Claude Code, if the coder may use it. */
  claude_login: z.string().nullable(),
  secrets: secretsSchema,
  prompts_dir: z.string(),
  /** The only hosts that the fetch step of prepare may reach. */
  registries: z.array(registrySchema).max(100).default([]),
  sandbox_link: sandboxLinkSchema.default("auto"),
  /** The most bytes that all archives of prepared dependencies may have together; null: no bound. */
  prepared_bytes_max: z.int().positive().nullable().default(null),
});
export type StartExecution = z.infer<typeof startExecutionSchema>;
/** The parts of the home and its configuration that a run needs, in the plane and for a replay outside it. */
export type ExecutionSettings = Pick<
  StartExecution,
  | "home_id"
  | "image"
  | "docker_host"
  | "docker_deadline_ms"
  | "prompts_dir"
  | "registries"
  | "sandbox_link"
  | "prepared_bytes_max"
>;
/** The first message to the judgement plane. */
const startJudgementSchema = z.strictObject({
  kind: z.literal("StartJudgement"),
  home: z.string(),
  generation: z.int().positive(),
  /** The most judgements that run at a time at each vendor; the others wait in order of arrival. */
  vendor_judgements: z.int().positive(),
  secrets: secretsSchema,
});
export type StartJudgement = z.infer<typeof startJudgementSchema>;
/** Sent once the run's report is in the log: its container and worktree can be removed. */
const forgetRunSchema = z.strictObject({ kind: z.literal("ForgetRun"), run_id: runIdSchema });
/** Stop this run now, without a report. */
const stopRunSchema = z.strictObject({ kind: z.literal("StopRun"), run_id: runIdSchema });
/** Everything that persons have said to the coder since this run's prompt was written. */
const tellRunSchema = z.strictObject({ kind: z.literal("TellRun"), run_id: runIdSchema, told: z.array(toldSchema) });
/** Sent at intervals. A plane answers each at once with `Pong`, also while it starts or works. A plane that does not answer is stuck. */
const pingSchema = z.strictObject({ kind: z.literal("Ping") });

/** Every message from control to a plane. */
export const toPlaneSchema = z.discriminatedUnion("kind", [
  startExecutionSchema,
  startJudgementSchema,
  forgetRunSchema,
  stopRunSchema,
  tellRunSchema,
  pingSchema,
  z.strictObject({ kind: z.literal("Work"), work: planeWorkSchema }),
]);
export type ToPlane = z.infer<typeof toPlaneSchema>;

/** Every message from a plane to control. */
export const fromPlaneSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("Ready"), generation: z.int().positive() }),
  z.strictObject({ kind: z.literal("Pong") }),
  z.strictObject({ kind: z.literal("Report"), report: planeReportSchema }),
  /** One line of progress for `task logs`; never evidence. */
  z.strictObject({ kind: z.literal("Progress"), run_id: runIdSchema, progress: progressSchema }),
  /** A refused request or path that the log records: a forbidden request at the gateway, an escape at capture. */
  z.strictObject({ kind: z.literal("Refusal"), run_id: runIdSchema, what: z.string().max(500) }),
  /** What a run had written before its folder was deleted. It is recorded if no report has mentioned it. */
  z.strictObject({ kind: z.literal("Salvaged"), run_id: runIdSchema, ...salvagedWorkSchema.shape }),
]);
export type FromPlane = z.infer<typeof fromPlaneSchema>;
