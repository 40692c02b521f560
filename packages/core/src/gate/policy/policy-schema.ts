/**
 * The schemas of `config/policies.yaml`: as a person writes it, and as the effective policy that is stored and hashed. They are strict, and numbers are
 * whole.
 *
 * Folder: schemas of `policies.yaml` and of a repository's `.aedev.yaml`, which may only tighten.
 */

import { clarificationRulesSchema, durationMsSchema, families, sizeBytesSchema } from "@aedev/contracts";
import { approvalRulesSchema, profileSchema } from "@aedev/contracts/events";
import { z } from "zod";
import { lackingPaths } from "./always-asked-paths.ts";
import { removedConstantPoints, withoutRemovedKeys } from "./removed-keys.ts";

/** A path pattern, matched at any depth and in any case. `!` patterns are refused: the matcher would not subtract them. */
const globSchema = z
  .string()
  .min(1)
  .max(300)
  .refine((glob) => !glob.startsWith("!"), "a pattern can't be negated");
export const globsSchema = z.array(globSchema).max(200);
const gateGlobsSchema = globsSchema.min(1, "an empty list would switch a hard gate off");

const pointsSchema = z.int().min(0).max(100);
const plainFactorSchema = z.strictObject({ weight: pointsSchema });
/** The full units (rounded down) times the weight, at most the ceiling. */
const unitFactorSchema = z.strictObject({ weight: pointsSchema, unit: z.int().positive(), ceiling: pointsSchema });
const pathFactorSchema = z.strictObject({ weight: pointsSchema, globs: globsSchema });

/**
 * Points for each way through changed code that no test takes, at most the ceiling. `minor_weight`: for a way that only throws, is an operand whose next
 * operand was always evaluated, is an empty fallback (`?? []`), is called by the language, or is a part of a `return` line that only moves.
 */
const coverageFactorSchema = z.strictObject({
  weight: pointsSchema,
  minor_weight: pointsSchema,
  ceiling: pointsSchema,
});

const factorsSchema = z.strictObject({
  changed_lines_per_50: unitFactorSchema,
  files_touched_per_3: unitFactorSchema,
  forbidden_path_touch: plainFactorSchema,
  sensitive_path_touch: pathFactorSchema,
  workflow_change: pathFactorSchema,
  dependency_change: plainFactorSchema,
  test_change_without_code: plainFactorSchema,
  code_change_without_test: plainFactorSchema,
  low_test_coverage: coverageFactorSchema,
  auth_security_files: pathFactorSchema,
  network_code_change: pathFactorSchema,
  database_migration: pathFactorSchema,
  ci_failure: plainFactorSchema,
  validator_disagreement: plainFactorSchema,
  large_deletion: z.strictObject({ weight: pointsSchema, lines: z.int().positive() }),
});

/** What merges automatically: nothing, low risk, or up to medium risk. High risk never merges automatically. */
const mergeLimitSchema = z.enum(["none", "low", "medium"]);

const sections = {
  /** Whether another run writes tests from the specification alone before a change merges without a person. */
  independent_tests: z.boolean(),
  paths: z.strictObject({
    forbidden: gateGlobsSchema,
    never_by_itself: globsSchema.superRefine((globs, context) => {
      const { lacking, message } = lackingPaths(globs);
      if (lacking.length > 0) context.addIssue({ code: "custom", message });
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
    default: profileSchema,
    merges: z.strictObject({ safe: mergeLimitSchema, balanced: mergeLimitSchema, aggressive: mergeLimitSchema }),
  }),
  clarification: clarificationRulesSchema,
};
const approvals = { ...approvalRulesSchema.shape, reminders: z.int().min(0).max(20) };
const hold = { on_timeout: z.enum(["keep", "reject", "ask"]) };
const repair = {
  max_runs: z.int().min(0).max(10),
  task_tokens: z.int().positive(),
  /** Whether the coder first improves the tests of a change that only its tests keep from merging, before a person is asked. */
  for_tests: z.boolean(),
  /** What a run starts from after an interrupted run. */
  continue_from: z.enum(["tree", "base"]),
};

const judges = {
  families_required: z
    .int()
    .min(2, "two passing families are a hard gate")
    .max(families.length, `there are ${families.length} families`),
  /** Canaries per hundred live judgements. */
  canary_share: z.int().min(0).max(100),
  /** Planted defects that a judge must have answered before its record counts. */
  min_canaries: z.int().min(1).max(10_000),
  /** True: if a pass does not count, the gate holds instead of asking. */
  require_qualified: z.boolean(),
  when_missing: z.enum(["hold", "ask"]),
  answer_tokens: z.int().positive(),
  /** The most requests for one view of a judge that gives no answer. */
  tries: z.int().min(1).max(20),
};

const permilleSchema = z.int().min(0).max(1000);
const effectiveJudgesSchema = z.strictObject({
  ...judges,
  timeout_ms: z.int().positive(),
  /** The time for one judgement: all its requests and the pauses between them. */
  deadline_ms: z.int().positive(),
  prompt_bytes: z.int().positive(),
  /** Per thousand planted defects: a judge that certainly catches fewer has no vote. */
  min_catch_permille: permilleSchema,
  /** Per thousand: a pass with less confidence is inconclusive. */
  min_confidence_permille: permilleSchema,
});

/** The effective policy: durations in milliseconds, sizes in bytes. */
export const policySchema = z.strictObject({
  ...sections,
  judges: effectiveJudgesSchema,
  approvals: z.strictObject({ ...approvals, expires_after_ms: z.int().min(1000) }),
  repair: z.strictObject(repair),
  hold: z.strictObject({ ...hold, ttl_ms: z.int().min(1000) }),
});
export type Policy = z.infer<typeof policySchema>;
/**
 * Policies of earlier versions lack keys. They had no minimum confidence of judges, drafts, approval rules, repeated requests to a judge, time limit of
 * holds, coverage, choice of where a run starts, or runs for tests.
 */
const anyVersionSchema = policySchema.extend({
  independent_tests: sections.independent_tests.default(false),
  clarification: sections.clarification.extend({ draft_tokens: z.int().min(0).default(0) }),
  risk: sections.risk.extend({
    factors: factorsSchema.extend({
      low_test_coverage: coverageFactorSchema.default({ weight: 0, minor_weight: 0, ceiling: 0 }),
    }),
  }),
  judges: effectiveJudgesSchema.extend({
    min_confidence_permille: permilleSchema.default(0),
    tries: judges.tries.default(1),
    deadline_ms: effectiveJudgesSchema.shape.deadline_ms.default(60_000),
  }),
  repair: z.strictObject({
    ...repair,
    for_tests: repair.for_tests.default(false),
    continue_from: repair.continue_from.default("base"),
  }),
  hold: policySchema.shape.hold.default({ ttl_ms: 259_200_000, on_timeout: "keep" }),
  approvals: policySchema.shape.approvals.extend({
    require_second_person: approvals.require_second_person.default(false),
    require_sign_in_above: approvals.require_sign_in_above.default("high"),
  }),
});
/**
 * Parses a policy stored by this or an earlier version: tasks keep the policy that they started with. Removed keys are dropped, and added keys get
 * defaults. Its bands give the level that the earlier version gave; a band below zero never applies.
 */
export const storedPolicySchema = z.unknown().transform((stored, context): Policy => {
  const { data, error } = anyVersionSchema.safeParse(withoutRemovedKeys(stored));
  if (data === undefined) {
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
  const points = removedConstantPoints(stored);
  const { low_max, medium_max } = data.risk.bands;
  const bands = { low_max: low_max - points, medium_max: medium_max - points };
  return { ...data, risk: { ...data.risk, bands } };
});

/** `config/policies.yaml` as it is written; it parses to a `Policy`. */
export const policySourceSchema = z.strictObject({
  ...sections,
  judges: z
    .strictObject({
      ...judges,
      timeout: durationMsSchema,
      deadline: durationMsSchema,
      prompt_bytes: sizeBytesSchema,
      min_catch_rate: z.number().min(0).max(1),
      min_confidence: z.number().min(0).max(1),
    })
    .transform(({ timeout, deadline, min_catch_rate, min_confidence, ...rest }) => ({
      ...rest,
      timeout_ms: timeout,
      deadline_ms: deadline,
      min_catch_permille: Math.round(min_catch_rate * 1000),
      min_confidence_permille: Math.round(min_confidence * 1000),
    })),
  approvals: z
    .strictObject({
      ...approvals,
      expires_after: durationMsSchema.refine((ms) => ms >= 1000 && ms <= 2_592_000_000, "must be 1s to 30d"),
    })
    .transform(({ expires_after, ...rest }) => ({ ...rest, expires_after_ms: expires_after })),
  repair: z.strictObject(repair),
  hold: z
    .strictObject({
      ...hold,
      ttl: durationMsSchema.refine((ms) => ms >= 1000 && ms <= 31_536_000_000, "must be 1s to 365d"),
    })
    .transform(({ ttl, ...rest }) => ({ ...rest, ttl_ms: ttl })),
});
