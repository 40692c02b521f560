/** A run's repository settings and limits. Control merges them from `repo add`, the base's `.aedev.yaml` and the configuration; a plane uses them as they are. */
import { z } from "zod";
import { checkoutFolderSchema } from "./checkout-folder.ts";
import { commitConventionsSchema } from "./commit-conventions.ts";
import { instantSchema } from "./ids.ts";
import { modelPriceSchema } from "./price.ts";

/** The most machine time that a repository may ask for to mutate one change. */
export const mutationTimeMsMax = 60 * 60_000;

/** The pattern of a folder that a command can contain without quotes and that is not an option; the source of a regular expression. */
export const plainFolderPattern = String.raw`[\w@+][\w.@+-]*(?:/[\w@+][\w.@+-]*)*`;

/** The only folder of a repository that is registered. Commands contain it. */
export const registeredFolderSchema = z
  .string()
  .max(300)
  .regex(new RegExp(`^${plainFolderPattern}$`, "u"), {
    error:
      "not a path within the repository, such as packages/core, of letters a-z, digits and . _ - @ +, with no part that starts with . or -",
  });

export const submodulePathSchema = z.string().min(1).max(1000);
/** A submodule that a person confirmed: its folder, and the complete address to fetch it from. */
export const submoduleSchema = z.strictObject({ path: submodulePathSchema, url: z.string().min(1).max(2000) });
export type Submodule = z.infer<typeof submoduleSchema>;
/** The most submodules that are fetched. */
export const submodulesMax = 32;

/** How a repository is prepared and checked. The fetch step has network and runs no install scripts; the build step has no network (SECURITY T8). */
export const repositorySettingsSchema = z.strictObject({
  /** Shell command of the fetch step, run in a folder with only `inputs`; null: nothing to fetch. */
  prepare: z.string().max(2000).nullable(),
  /** Shell command of the build step, run without network after fetch; null: nothing to build. */
  build: z.string().max(2000).nullable(),
  /** Globs of the base files that the fetch step sees (manifests, lockfiles, rc files). */
  inputs: z.array(z.string().max(300)).max(64),
  /** Paths that prepare creates and that are unpacked into every container, e.g. `node_modules`. */
  outputs: z.array(z.string().max(300)).max(64),
  /** Shell commands that check the change, run in the checkout; exit 0 is green. */
  verify: z.array(z.string().max(2000)).max(32),
  /** Globs of test files. */
  tests: z.array(z.string().max(300)).max(64),
  /** Image reference for another toolchain; null: the runner image. */
  image: z.string().max(300).nullable(),
  /** Folders of the checkout that the tests write to; everything else is read-only while they run. Absent: none. */
  writable: z.array(checkoutFolderSchema).max(64).optional(),
  /** The only folder of the repository that was registered, which its commands and globs name; absent: the whole repository. */
  folder: checkoutFolderSchema.optional(),
  /** How long the changed lines of one change may be mutated; absent: no mutation. */
  mutation_time_ms: z.int().positive().max(mutationTimeMsMax).optional(),
  /** How commits should read; absent: as a sentence. */
  commits: commitConventionsSchema.optional(),
  /** Submodules whose pinned commit is in every checkout; absent: every submodule is an empty folder. Only the registration names them. */
  submodules: z.array(submoduleSchema).max(submodulesMax).optional(),
});
export type RepositorySettings = z.infer<typeof repositorySettingsSchema>;
/** The settings of a repository without any of its own. */
export const noSettings: RepositorySettings = {
  prepare: null,
  build: null,
  inputs: [],
  outputs: [],
  verify: [],
  tests: [],
  image: null,
};

/** Every limit on one run, with its unit. */
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
  /** The most bytes (`run_bytes`) and files in all writable places together; beyond them the run is stopped (SECURITY T20). */
  run_bytes: z.int().positive(),
  run_files: z.int().positive(),
  /** The most bytes of one file, of the whole patch, and of the stored output of one command. */
  capture_file_bytes: z.int().positive(),
  patch_bytes: z.int().positive(),
  output_tail_bytes: z.int().positive(),
  /** Free bytes that the home's disk must have before a run starts. */
  disk_free_bytes: z.int().positive(),
  /** How long a coder may make no request, change nothing in its checkout, and keep running after its final answer; absent: as long as the run lasts. */
  no_traffic_ms: z.int().positive().optional(),
  no_change_ms: z.int().positive().optional(),
  exit_grace_ms: z.int().positive().optional(),
});
export type RunLimits = z.infer<typeof runLimitsSchema>;

/** The configuration key of the budget that limits a run's tokens: the run's own budget, or the rest of the task's, mission's, repository's or day's. */
const tokenBudgetSchema = z.enum([
  "limits.run_tokens",
  "clarification.draft_tokens",
  "limits.set_up_tokens",
  "repair.task_tokens",
  "limits.mission_tokens",
  "limits.repository_day_tokens",
  "limits.day_tokens",
]);
/** The configuration key of the budget that limits a run's dollars. */
const dollarBudgetSchema = z.enum([
  "limits.run_usd",
  "limits.mission_usd",
  "limits.repository_day_usd",
  "limits.day_usd",
]);
/** What budgets count: tokens, dollars at list price, minutes of runs, or runs. */
export type BudgetUnit = "tokens" | "usd" | "minutes" | "runs";
/** The configuration key of any budget that can hold work. */
export type BudgetKey =
  | z.infer<typeof tokenBudgetSchema>
  | z.infer<typeof dollarBudgetSchema>
  | "limits.run_timeout"
  | `limits.${"mission" | "repository_day" | "day"}_${BudgetUnit}`;

/** What the gateway may use and forward for one run (SECURITY T4, T6). */
export const gatewayLimitsSchema = z.strictObject({
  model: z.string().max(100),
  small_model: z.string().max(100),
  max_output_tokens: z.int().positive(),
  /** Input, output and cache-write tokens together. */
  run_tokens: z.int().positive(),
  token_budget: tokenBudgetSchema.default("limits.run_tokens"),
  /** When that budget is full again; absent: no such time is known. */
  token_resets_at: instantSchema.nullable().optional(),
  /** The dollar budget, with the prices of both models; absent: there is no dollar budget. */
  spend: z
    .strictObject({
      nano_usd: z.int().positive(),
      budget: dollarBudgetSchema,
      resets_at: instantSchema.nullable(),
      prices: z.record(z.string().max(100), modelPriceSchema),
    })
    .optional(),
  requests_in_flight: z.int().positive(),
  requests_max: z.int().positive(),
  requests_per_minute: z.int().positive(),
  request_bytes: z.int().positive(),
  response_bytes: z.int().positive(),
  /** The most bytes of all recorded requests and responses of the run together. */
  recorded_bytes: z.int().positive(),
  /** How many equal tool calls in a row, or rounds of two edits that undo each other, stop the run; absent: never. */
  repeated_calls: z.int().min(2).optional(),
  edit_cycles: z.int().min(2).optional(),
});
export type GatewayLimits = z.infer<typeof gatewayLimitsSchema>;
