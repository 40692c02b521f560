/**
 * Work that control hands to a plane and the report it takes back (THREATS T12). A report is accepted only for outstanding
 * work, with that work's nonce and generation; everything in it is a claim that control re-hashes or derives again.
 */
import { z } from "zod";
import { bundleManifestSchema, commandResultSchema, environmentSchema, usageSchema } from "./evidence.ts";
import { holdCodeSchema } from "./hold-code.ts";
import {
  blobSchema,
  gitIdSchema,
  instantSchema,
  nonceSchema,
  repositoryNameSchema,
  runIdSchema,
  sha256Schema,
  taskIdSchema,
} from "./names.ts";
import { gatewayLimitsSchema, repositorySettingsSchema, runLimitsSchema } from "./settings.ts";
import { familySchema, verdictSchema } from "./verdict.ts";

const envelope = { work_id: z.string().max(200), nonce: nonceSchema, generation: z.int().positive() };

/** One attempt of the coder. Idempotent by `run_id`: a runner that finds this run's container or its finished capture goes on from there. */
export const runCoderSchema = z.strictObject({
  kind: z.literal("RunCoder"),
  ...envelope,
  task_id: taskIdSchema,
  run_id: runIdSchema,
  repository: repositoryNameSchema,
  base_commit: gitIdSchema,
  /** Blob of the prompt: specification plus the base's instruction files as fenced text. */
  prompt: blobSchema,
  role: z.string().regex(/^[a-z-]{1,40}$/),
  settings: repositorySettingsSchema,
  limits: runLimitsSchema,
  gateway: gatewayLimitsSchema,
});
export type RunCoder = z.infer<typeof runCoderSchema>;

/** The four cells on base + patch, in clean containers. Free to repeat. For a landing bundle `base_commit` is the moved base. */
export const runChecksSchema = z.strictObject({
  kind: z.literal("RunChecks"),
  ...envelope,
  task_id: taskIdSchema,
  run_id: runIdSchema,
  repository: repositoryNameSchema,
  base_commit: gitIdSchema,
  patch: blobSchema,
  specification: blobSchema,
  usage: usageSchema,
  environment: environmentSchema,
  /** Globs of control files (from the policy), which are the base's in every cell. */
  control_files: z.array(z.string()).max(1000),
  parent: sha256Schema.nullable(),
  settings: repositorySettingsSchema,
  limits: runLimitsSchema,
});
export type RunChecks = z.infer<typeof runChecksSchema>;

/** Asks whether the engine answers, for holds that resume themselves. */
export const probeEngineSchema = z.strictObject({
  kind: z.literal("ProbeEngine"),
  ...envelope,
  docker_deadline_ms: z.int().positive(),
});

/** One tiny call by the real coder CLI through the gateway, in the real sandbox: whether its credential and image work. */
export const probeCoderSchema = z.strictObject({
  kind: z.literal("ProbeCoder"),
  ...envelope,
  run_id: runIdSchema,
  limits: runLimitsSchema,
  gateway: gatewayLimitsSchema,
});
export type ProbeCoder = z.infer<typeof probeCoderSchema>;

/** Prepares a base commit and runs its verify commands on it, without any change: whether these settings work. */
export const tryRepositorySchema = z.strictObject({
  kind: z.literal("TryRepository"),
  ...envelope,
  run_id: runIdSchema,
  repository: repositoryNameSchema,
  base_commit: gitIdSchema,
  settings: repositorySettingsSchema,
  limits: runLimitsSchema,
});
export type TryRepository = z.infer<typeof tryRepositorySchema>;

/** One tiny call to a judge's model: whether its key works. */
export const probeJudgeSchema = z.strictObject({
  kind: z.literal("ProbeJudge"),
  ...envelope,
  family: familySchema,
  model: z.string().max(100),
  base_url: z.url().nullable(),
  timeout_ms: z.int().positive(),
});
export type ProbeJudge = z.infer<typeof probeJudgeSchema>;

/** One judge on one bundle. `verdict_nonce` stands in the prompt and must come back. */
export const judgeEvidenceSchema = z.strictObject({
  kind: z.literal("JudgeEvidence"),
  ...envelope,
  task_id: taskIdSchema,
  family: familySchema,
  model: z.string().max(100),
  base_url: z.url().nullable(),
  bundle: blobSchema,
  verdict_nonce: nonceSchema,
  timeout_ms: z.int().positive(),
  prompt_bytes: z.int().positive(),
  answer_tokens: z.int().positive(),
  /** Digest of the prompt that this judge is measured under; a plane that has another answers `digest`. */
  prompt_digest: sha256Schema,
});
export type JudgeEvidence = z.infer<typeof judgeEvidenceSchema>;

export const executionWorkSchema = z.discriminatedUnion("kind", [
  runCoderSchema,
  runChecksSchema,
  probeEngineSchema,
  probeCoderSchema,
  tryRepositorySchema,
]);
export type ExecutionWork = z.infer<typeof executionWorkSchema>;
export const planeWorkSchema = z.discriminatedUnion("kind", [
  ...executionWorkSchema.options,
  judgeEvidenceSchema,
  probeJudgeSchema,
]);
export type PlaneWork = z.infer<typeof planeWorkSchema>;

/** A run that ended without something to check. `resumes_at`: the hold lifts itself then. `retry_free`: nothing was spent, the same run may be given out again. */
export const heldReportSchema = z.strictObject({
  outcome: z.literal("held"),
  code: holdCodeSchema,
  detail: z.string().max(500).nullable(),
  resumes_at: instantSchema.nullable(),
  retry_free: z.boolean(),
  usage: usageSchema,
  journal: blobSchema.nullable(),
  patch: blobSchema.nullable(),
  exit_code: z.int().nullable(),
});
export const capturedReportSchema = z.strictObject({
  outcome: z.literal("captured"),
  /** Tree id of the candidate and the patch from the base to it. Control applies the patch itself and compares. */
  tree: gitIdSchema,
  patch: blobSchema,
  usage: usageSchema,
  environment: environmentSchema,
  /** The gateway's journal (manifest blob of exchanges), and what the coder said: for the person only, never for a bundle. */
  journal: blobSchema,
  transcript: blobSchema.nullable(),
  exit_code: z.int(),
});
export const runCoderReportSchema = z.strictObject({
  kind: z.literal("RunCoder"),
  ...envelope,
  run_id: runIdSchema,
  result: z.discriminatedUnion("outcome", [capturedReportSchema, heldReportSchema]),
});
export const runChecksReportSchema = z.strictObject({
  kind: z.literal("RunChecks"),
  ...envelope,
  run_id: runIdSchema,
  result: z.discriminatedUnion("outcome", [
    z.strictObject({ outcome: z.literal("checked"), tree: gitIdSchema, manifest: bundleManifestSchema }),
    heldReportSchema,
  ]),
});
export const probeEngineReportSchema = z.strictObject({
  kind: z.literal("ProbeEngine"),
  ...envelope,
  available: z.boolean(),
  detail: z.string().max(500).nullable(),
});
/** `detail`: what came back, or why nothing did; never a credential. */
const probeReport = { ok: z.boolean(), detail: z.string().max(500).nullable() };
export const probeCoderReportSchema = z.strictObject({ kind: z.literal("ProbeCoder"), ...envelope, ...probeReport });
export const probeJudgeReportSchema = z.strictObject({ kind: z.literal("ProbeJudge"), ...envelope, ...probeReport });
export const tryRepositoryReportSchema = z.strictObject({
  kind: z.literal("TryRepository"),
  ...envelope,
  result: z.discriminatedUnion("outcome", [
    z.strictObject({ outcome: z.literal("tried"), commands: z.array(commandResultSchema).max(32) }),
    heldReportSchema,
  ]),
});
export type TryRepositoryReport = z.infer<typeof tryRepositoryReportSchema>;
/** `answer`: the judge's raw text; the plane may write no file, so control stores it. */
export const judgeEvidenceReportSchema = z.strictObject({
  kind: z.literal("JudgeEvidence"),
  ...envelope,
  verdict: verdictSchema.omit({ answer: true, reused_from: true }),
  answer: z.string().max(400_000).nullable(),
});
export type JudgeEvidenceReport = z.infer<typeof judgeEvidenceReportSchema>;
export const planeReportSchema = z.discriminatedUnion("kind", [
  runCoderReportSchema,
  runChecksReportSchema,
  probeEngineReportSchema,
  judgeEvidenceReportSchema,
  probeCoderReportSchema,
  probeJudgeReportSchema,
  tryRepositoryReportSchema,
]);
export type PlaneReport = z.infer<typeof planeReportSchema>;
export type RunCoderReport = z.infer<typeof runCoderReportSchema>;
export type RunChecksReport = z.infer<typeof runChecksReportSchema>;
export type HeldReport = z.infer<typeof heldReportSchema>;
export type CapturedReport = z.infer<typeof capturedReportSchema>;
