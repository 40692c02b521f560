/** What a run needs to know of its repository and its limits. Control merges it from `repo add`, the base's `.aedev.yaml` and the configuration; a plane takes it as given. */
import { z } from "zod";

/** A repository may ask for this much of the machine's time for each of its changes. */
export const mutationTimeMsMax = 60 * 60_000;

/** How a repository is prepared and proven. `fetch` has network and no install scripts, `build` has no network (THREATS T8). */
export const repositorySettingsSchema = z.strictObject({
  /** Shell command of the fetch step, run in a folder that holds only `inputs`; null: nothing to fetch. */
  prepare: z.string().max(2000).nullable(),
  /** Shell command of the build step, run without network after fetch; null: nothing to build. */
  build: z.string().max(2000).nullable(),
  /** Globs of base files the fetch step sees (manifests, lockfiles, rc files). */
  inputs: z.array(z.string().max(300)).max(64),
  /** Paths that prepare makes and every container gets unpacked, e.g. `node_modules`. */
  outputs: z.array(z.string().max(300)).max(64),
  /** Shell commands that prove the change, run in the checkout; exit 0 is green. */
  verify: z.array(z.string().max(2000)).max(32),
  /** Globs of test files. */
  tests: z.array(z.string().max(300)).max(64),
  /** Image reference for another toolchain; null: the runner image. */
  image: z.string().max(300).nullable(),
  /** How long the changed lines of one change may be mutated; absent: they are not. */
  mutation_time_ms: z.int().positive().max(mutationTimeMsMax).optional(),
});
export type RepositorySettings = z.infer<typeof repositorySettingsSchema>;

/** Every bound on one run, with its unit. */
export const runLimitsSchema = z.strictObject({
  run_timeout_ms: z.int().positive(),
  check_timeout_ms: z.int().positive(),
  prepare_timeout_ms: z.int().positive(),
  docker_deadline_ms: z.int().positive(),
  memory_bytes: z.int().positive(),
  pids: z.int().positive(),
  cpu_millis: z.int().positive(),
  file_size_bytes: z.int().positive(),
  tmpfs_bytes: z.int().positive(),
  /** Bytes and entries everything writable together may hold before the run is stopped (THREATS T20). */
  run_bytes: z.int().positive(),
  run_files: z.int().positive(),
  /** Bytes of one file, of the whole patch, and of one command's kept output. */
  capture_file_bytes: z.int().positive(),
  patch_bytes: z.int().positive(),
  output_tail_bytes: z.int().positive(),
  /** Free bytes the home's disk must have before a run starts. */
  disk_free_bytes: z.int().positive(),
});
export type RunLimits = z.infer<typeof runLimitsSchema>;

/** The key whose budget bounds a run's tokens: its own, or what is left of its task's, its mission's or the day's. */
export const tokenBudgetSchema = z.enum([
  "limits.run_tokens",
  "repair.task_tokens",
  "limits.mission_tokens",
  "limits.day_tokens",
]);
export type TokenBudget = z.infer<typeof tokenBudgetSchema>;

/** What the gateway may spend and forward for one run (THREATS T4, T6). */
export const gatewayLimitsSchema = z.strictObject({
  model: z.string().max(100),
  small_model: z.string().max(100),
  max_output_tokens: z.int().positive(),
  /** Input, output and cache-write tokens together. */
  run_tokens: z.int().positive(),
  token_budget: tokenBudgetSchema.default("limits.run_tokens"),
  requests_in_flight: z.int().positive(),
  requests_max: z.int().positive(),
  requests_per_minute: z.int().positive(),
  request_bytes: z.int().positive(),
  response_bytes: z.int().positive(),
  /** Bytes of all recorded requests and answers of the run together. */
  recorded_bytes: z.int().positive(),
});
export type GatewayLimits = z.infer<typeof gatewayLimitsSchema>;
