/** Schemas of the in-toto statements that control signs: what a bundle contains and is about, and what the gate decided on which basis (ADR 0012). */
import {
  blobSchema,
  bundleManifestSchema,
  environmentSchema,
  familySchema,
  gitIdSchema,
  holdCodeSchema,
  inconclusiveDetailSchema,
  instantSchema,
  missionIdSchema,
  repositoryNameSchema,
  runIdSchema,
  sha256Schema,
  taskIdSchema,
  verdictSchema,
  viewNames,
} from "@aedev/contracts";
import { gateDecisionSchema, profileSchema } from "@aedev/contracts/events";
import { z } from "zod";

/** Names in the form of addresses; nothing is fetched from them. */
export const statementType = "https://in-toto.io/Statement/v1";
export const evidencePredicateType = "https://aedev.dev/evidence/v1";
export const decisionPredicateType = "https://aedev.dev/decision/v1";

/** The bundle by digest, the candidate's tree and the patch. Both statements have this subject. */
const subjectSchema = z.tuple([
  z.strictObject({ name: z.literal("bundle"), digest: z.strictObject({ sha256: sha256Schema }) }),
  z.strictObject({ name: z.literal("tree"), digest: z.strictObject({ gitTree: gitIdSchema }) }),
  z.strictObject({ name: z.literal("patch"), digest: z.strictObject({ sha256: sha256Schema }) }),
]);
export type Subject = z.infer<typeof subjectSchema>;

const about = {
  schema: z.literal(1),
  mission_id: missionIdSchema,
  task_id: taskIdSchema,
  run_id: runIdSchema,
  repository: repositoryNameSchema,
  /** What verdicts and approvals are about: specification, patch and policy, by digest. */
  change_digest: sha256Schema,
  policy_digest: sha256Schema,
};

const evidencePredicateSchema = z.strictObject({
  ...about,
  sealed_at: instantSchema,
  base: z.strictObject({ commit: gitIdSchema, ref: z.string().max(1000).nullable() }),
  specification: blobSchema,
  /** SHA-256 over mode, path and bytes of every changed entry; not a git id. */
  content_digest: sha256Schema,
  manifest: bundleManifestSchema,
  environment: environmentSchema.nullable(),
  checks_status: z.string().max(40),
  judgeable: z.boolean(),
  /** The bundle whose verdicts and decision this one inherits, because only the base moved; null if it was judged itself. */
  decided_on: sha256Schema.nullable(),
});
export type EvidencePredicate = z.infer<typeof evidencePredicateSchema>;

/** How well a judge is known to find planted defects: the counts, the Wilson 95 % interval of the rate, and whether its vote counted. */
const judgeRateSchema = z.strictObject({
  family: familySchema,
  model: z.string().max(100),
  planted: z.int().nonnegative(),
  caught: z.int().nonnegative(),
  lower_permille: z.int().min(0).max(1000),
  upper_permille: z.int().min(0).max(1000),
  qualified: z.boolean(),
});
export type JudgeRate = z.infer<typeof judgeRateSchema>;

const { family, model, prompt_digest, verdict, detail } = verdictSchema.shape;
const signedVerdictSchema = z.strictObject({
  ...{ family, model, prompt_digest, verdict, detail },
  views: z
    .array(
      z.strictObject({
        view: z.enum(viewNames),
        verdict: z.string().max(20),
        detail: inconclusiveDetailSchema.nullable(),
      }),
    )
    .max(viewNames.length),
  /** The bundle on which this verdict was first given, if the same change came back; null: this bundle. */
  reused_from: sha256Schema.nullable(),
  /** Digest of the judge's raw answer, which stays in the home. */
  answer: sha256Schema.nullable(),
});

const decisionPredicateSchema = z.strictObject({
  ...about,
  decided_at: instantSchema,
  bundle_digest: sha256Schema,
  profile: profileSchema,
  answer: gateDecisionSchema,
  hold_code: holdCodeSchema.nullable(),
  hold_detail: z.string().max(2000).nullable(),
  reasons: z.array(z.string().max(2000)).max(1000),
  risk: z.strictObject({ score: z.int(), kind: z.string().max(40), level: z.string().max(40) }),
  verdicts: z.array(signedVerdictSchema).max(16),
  judges: z.array(judgeRateSchema).max(16),
  /** The log's newest event at the time of the decision. */
  log_head: z.strictObject({ position: z.int().nonnegative(), hash: sha256Schema }),
});
export type DecisionPredicate = z.infer<typeof decisionPredicateSchema>;

const statement = { _type: z.literal(statementType), subject: subjectSchema };
export const evidenceStatementSchema = z.strictObject({
  ...statement,
  predicateType: z.literal(evidencePredicateType),
  predicate: evidencePredicateSchema,
});
export const decisionStatementSchema = z.strictObject({
  ...statement,
  predicateType: z.literal(decisionPredicateType),
  predicate: decisionPredicateSchema,
});

export function subjectOf(digests: { bundle: string; tree: string; patch: string }): Subject {
  return [
    { name: "bundle", digest: { sha256: digests.bundle } },
    { name: "tree", digest: { gitTree: digests.tree } },
    { name: "patch", digest: { sha256: digests.patch } },
  ];
}
