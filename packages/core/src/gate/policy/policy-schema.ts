/**
 * The schemas of `config/policies.yaml`: as a person writes it, and as the effective policy that is stored and hashed. They are strict, and numbers are
 * whole.
 *
 * Folder: schemas of `policies.yaml` and of a repository's `.aedev.yaml`, which may only tighten.
 */

import {
  clarificationRulesSchema,
  durationMsSchema,
  families,
  mergeableKinds,
  sizeBytesSchema,
} from "@aedev/contracts";
import { approvalRulesSchema, profileSchema } from "@aedev/contracts/events";
import { z } from "zod";
import { lackingPaths } from "./always-asked-paths.ts";
import { globsSchema } from "./glob-schema.ts";
import { askingRisk, riskSourceSchema, storedRiskSchema } from "./risk-schema.ts";

const gateGlobsSchema = globsSchema.min(1, "an empty list would switch a hard gate off");

/** The parts of a version from which on an update asks, from the strictest. */
export const versionParts = ["patch", "minor", "major"] as const;
const dependencyRulesSchema = z.strictObject({
  /** `minor`: an update of the last part may merge automatically; `patch`: none may. */
  asks_from: z.enum(versionParts),
  /** Days that a release must be old. */
  min_age_days: z.int().min(0).max(3650),
});

/** What merges automatically: nothing, low risk, or up to medium risk. High risk never merges automatically. */
const mergeLimitSchema = z.enum(["none", "low", "medium"]);

/** A kind of change that merges in a repository whatever its chance of harm is. A change of behaviour is never one. */
const mergedKindSchema = z
  .string()
  .regex(
    new RegExp(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}/(?:${mergeableKinds.join("|")})$`),
    `must be REPOSITORY/KIND; kinds are ${mergeableKinds.join(", ")}`,
  );
const mergedKindsSchema = z.array(mergedKindSchema).max(200);

const sections = {
  /** Whether another run makes the change from the specification alone, with tests, before a change merges without a person: only if it would not merge otherwise, or always. */
  second_implementation: z.enum(["never", "when_uncertain", "always"]),
  dependencies: dependencyRulesSchema,
  paths: z.strictObject({
    forbidden: gateGlobsSchema,
    never_by_itself: globsSchema.superRefine((globs, context) => {
      const { lacking, message } = lackingPaths(globs);
      if (lacking.length > 0) context.addIssue({ code: "custom", message });
    }),
    control_files: gateGlobsSchema,
    documentation: globsSchema,
  }),
  profiles: z.strictObject({
    default: profileSchema,
    merges: z.strictObject({ safe: mergeLimitSchema, balanced: mergeLimitSchema, aggressive: mergeLimitSchema }),
    merges_kinds: mergedKindsSchema,
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
  risk: storedRiskSchema,
  judges: effectiveJudgesSchema,
  approvals: z.strictObject({ ...approvals, expires_after_ms: z.int().min(1000) }),
  repair: z.strictObject(repair),
  hold: z.strictObject({ ...hold, ttl_ms: z.int().min(1000) }),
});
export type Policy = z.infer<typeof policySchema>;
/**
 * Policies of earlier versions lack keys. They had no minimum confidence of judges, drafts, approval rules, repeated requests to a judge, time limit of
 * holds, coverage, choice of where a run starts, runs for tests, tests of another run, rules for updates of packages, kinds of change that merge, or chances of harm.
 */
const anyVersionSchema = policySchema.extend({
  second_implementation: sections.second_implementation.default("never"),
  profiles: sections.profiles.extend({ merges_kinds: mergedKindsSchema.default([]) }),
  dependencies: dependencyRulesSchema.default({ asks_from: "patch", min_age_days: 0 }),
  clarification: sections.clarification.extend({ draft_tokens: z.int().min(0).default(0) }),
  risk: z.union([storedRiskSchema, z.record(z.string(), z.unknown()).transform(() => askingRisk)]),
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
 * Parses a policy stored by this or an earlier version: tasks keep the policy that they started with. Added keys get defaults; a risk section
 * with other weights than this version's, or with points, becomes one under which every change asks.
 */
export const storedPolicySchema: z.ZodType<Policy> = z.preprocess((stored) => {
  const earlier = z.looseObject({ independent_tests: z.boolean() }).safeParse(stored).data;
  if (earlier === undefined) return stored;
  const { independent_tests: isWanted, ...rest } = earlier;
  return { ...rest, second_implementation: isWanted ? "always" : "never" };
}, anyVersionSchema);

/** `config/policies.yaml` as it is written; it parses to a `Policy`. */
export const policySourceSchema = z.strictObject({
  ...sections,
  risk: riskSourceSchema,
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
