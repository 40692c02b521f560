/**
 * The shape of `config/policies.yaml`: strict, every key used, every number a whole one. `policySourceSchema` reads what a person wrote
 * (units as text), `policySchema` the effective policy as it is stored as a blob, hashed and named by each gate.
 */
import { z } from "zod";
import { families } from "../wire/index.ts";
import { alwaysAskedPaths } from "./always-asked-paths.ts";
import { durationMsSchema, sizeBytesSchema } from "./units.ts";

/** A path pattern: matched at any depth and in any case. A `!` pattern would be OR-ed by the matcher, never subtracted, so it is refused. */
export const globSchema = z
  .string()
  .min(1)
  .max(300)
  .refine((glob) => !glob.startsWith("!"), "a pattern can't be negated");
export const globsSchema = z.array(globSchema).max(200);
/** An empty list here would switch a hard gate off. */
const gateGlobsSchema = globsSchema.min(1, "an empty list would switch a hard gate off");

const pointsSchema = z.int().min(0).max(100);
const plainFactorSchema = z.strictObject({ weight: pointsSchema });
/** Full units (floor) times weight, at most the ceiling. */
const unitFactorSchema = z.strictObject({ weight: pointsSchema, unit: z.int().positive(), ceiling: pointsSchema });
const pathFactorSchema = z.strictObject({ weight: pointsSchema, globs: globsSchema });

/** The eighteen factors of the origin system. */
const factorsSchema = z.strictObject({
  changed_lines_per_50: unitFactorSchema,
  files_touched_per_3: unitFactorSchema,
  forbidden_path_touch: plainFactorSchema,
  sensitive_path_touch: pathFactorSchema,
  workflow_change: pathFactorSchema,
  dependency_change: plainFactorSchema,
  test_change_without_code: plainFactorSchema,
  code_change_without_test: plainFactorSchema,
  auth_security_files: pathFactorSchema,
  network_code_change: pathFactorSchema,
  database_migration: pathFactorSchema,
  orchestrator_core_change: pathFactorSchema,
  runner_sandbox_change: pathFactorSchema,
  validator_change: pathFactorSchema,
  ci_failure: plainFactorSchema,
  validator_disagreement: plainFactorSchema,
  large_deletion: z.strictObject({ weight: pointsSchema, lines: z.int().positive() }),
  low_test_coverage: plainFactorSchema,
});

export const profileNameSchema = z.enum(["safe", "balanced", "aggressive"]);
export type ProfileName = z.infer<typeof profileNameSchema>;
/** What merges by itself: nothing, low risk, or medium risk and below. High never does. */
const mergeLimitSchema = z.enum(["none", "low", "medium"]);

/** Points of a clarification signal, and the words (any language, any case) that it knows. */
const signalSchema = z.strictObject({ weight: pointsSchema, words: z.array(z.string().min(1).max(60)).max(200) });

const sections = {
  paths: z.strictObject({
    forbidden: gateGlobsSchema,
    never_by_itself: globsSchema.superRefine((globs, context) => {
      const lacking = alwaysAskedPaths.filter((glob) => !globs.includes(glob));
      if (lacking.length > 0)
        context.addIssue({
          code: "custom",
          message: `may be extended, never shortened: ${lacking.join(", ")} missing`,
        });
    }),
    control_files: gateGlobsSchema,
    documentation: globsSchema,
  }),
  risk: z.strictObject({
    bands: z
      .strictObject({ low_max: z.int().min(0).max(99), medium_max: z.int().min(1).max(100) })
      .refine((bands) => bands.low_max < bands.medium_max, "low_max must be below medium_max"),
    factors: factorsSchema,
  }),
  profiles: z.strictObject({
    default: profileNameSchema,
    merges: z.strictObject({ safe: mergeLimitSchema, balanced: mergeLimitSchema, aggressive: mergeLimitSchema }),
  }),
  clarification: z.strictObject({
    /** A mission whose score reaches it is asked before anything runs. */
    trigger_threshold: z.int().min(1).max(100),
    max_questions: z.int().min(1).max(4),
    signals: z.strictObject({
      /** `words`: phrases that make a criterion none, e.g. "it works". */
      no_acceptance_criteria: signalSchema,
      vague_description: signalSchema,
      /** `words`: names that count as a place although they look like none, e.g. README. */
      no_target_surface: signalSchema,
      unbounded_scope: signalSchema,
    }),
  }),
};
const approvals = { require_second_person: z.boolean(), reminders: z.int().min(0).max(20) };
const repair = { max_runs: z.int().min(0).max(10), task_tokens: z.int().positive() };

const judges = {
  families_required: z
    .int()
    .min(2, "two passing families are a hard gate")
    .max(families.length, `there are ${families.length} families`),
  /** Canaries per hundred live judgements. */
  canary_share: z.int().min(0).max(100),
  /** Canaries (planted defects) from which on a judge's record counts. */
  min_canaries: z.int().min(1).max(10_000),
  /** True: a vote that no longer counts holds instead of asking. */
  require_qualified: z.boolean(),
  when_missing: z.enum(["hold", "ask"]),
  answer_tokens: z.int().positive(),
};

/** The effective policy: durations in milliseconds, sizes in bytes. */
export const policySchema = z.strictObject({
  ...sections,
  judges: z.strictObject({
    ...judges,
    timeout_ms: z.int().positive(),
    prompt_bytes: z.int().positive(),
    /** Of a thousand planted defects: a judge that surely catches fewer has no vote. */
    min_catch_permille: z.int().min(0).max(1000),
  }),
  approvals: z.strictObject({ ...approvals, expires_after_ms: z.int().min(1000) }),
  repair: z.strictObject(repair),
});
export type Policy = z.infer<typeof policySchema>;

/** `config/policies.yaml` as it is written; parses to a `Policy`. */
export const policySourceSchema = z.strictObject({
  ...sections,
  judges: z
    .strictObject({
      ...judges,
      timeout: durationMsSchema,
      prompt_bytes: sizeBytesSchema,
      min_catch_rate: z.number().min(0).max(1),
    })
    .transform(({ timeout, min_catch_rate, ...rest }) => ({
      ...rest,
      timeout_ms: timeout,
      min_catch_permille: Math.round(min_catch_rate * 1000),
    })),
  approvals: z
    .strictObject({
      ...approvals,
      expires_after: durationMsSchema.refine((ms) => ms >= 1000 && ms <= 2_592_000_000, "must be 1s to 30d"),
    })
    .transform(({ expires_after, ...rest }) => ({ ...rest, expires_after_ms: expires_after })),
  repair: z.strictObject(repair),
});
