/**
 * The work that control gives to a plane, and its reports (SECURITY T12). A report needs the nonce and generation of outstanding work. Control hashes or
 * derives again everything that a report claims.
 */
import { z } from "zod";
import { checkoutFolderSchema } from "./checkout-folder.ts";
import { bundleManifestSchema, commandResultSchema, environmentSchema } from "./evidence.ts";
import {
  blobSchema,
  gitIdSchema,
  nonceSchema,
  repositoryNameSchema,
  runIdSchema,
  sha256Schema,
  taskIdSchema,
} from "./ids.ts";
import { runFileBytesMax } from "./run-file.ts";
import { capturedReportSchema, heldReportSchema } from "./run-result.ts";
import {
  gatewayLimitsSchema,
  repositorySettingsSchema,
  runLimitsSchema,
  submodulePathSchema,
  submodulesMax,
} from "./settings.ts";
import { toldSchema } from "./told.ts";
import { usageSchema } from "./usage.ts";
import { familySchema, verdictSchema, viewNames } from "./verdict.ts";

export { capturedReportSchema, heldReportSchema };

const envelope = { work_id: z.string().max(200), nonce: nonceSchema, generation: z.int().positive() };
/** A submodule of a base that control has fetched. `store`: the name of its repository below the mirror. */
export const placedSubmoduleSchema = z.strictObject({
  path: submodulePathSchema,
  commit: gitIdSchema,
  store: sha256Schema,
});
export type PlacedSubmodule = z.infer<typeof placedSubmoduleSchema>;

const onBase = {
  ...envelope,
  run_id: runIdSchema,
  repository: repositoryNameSchema,
  base_commit: gitIdSchema,
  settings: repositorySettingsSchema,
  limits: runLimitsSchema,
  /** The contents of the base's submodule folders; absent: nothing. */
  submodules: z.array(placedSubmoduleSchema).max(submodulesMax).optional(),
};

/** One attempt of the coder. It is idempotent by `run_id`: a runner that finds this run's container or finished capture continues from there. */
export const runCoderSchema = z.strictObject({
  kind: z.literal("RunCoder"),
  ...onBase,
  task_id: taskIdSchema,
  /** Blob of the prompt: specification plus the base's instruction files as fenced text. */
  prompt: blobSchema,
  role: z.string().regex(/^[a-z-]{1,40}$/),
  gateway: gatewayLimitsSchema,
  /** A patch on the base that is applied to the checkout before the coder starts; absent: no patch. */
  start_patch: blobSchema.optional(),
  /** The conversation that the coder continues, as an earlier run of the task reported it; absent: a new one. */
  session: blobSchema.optional(),
  /** What persons have said since its prompt was written. */
  told: z.array(toldSchema).default([]),
});
export type RunCoder = z.infer<typeof runCoderSchema>;

/** Runs the four cells on base and patch in clean containers. It can be repeated at no cost. For a landing bundle, `base_commit` is the moved base. */
export const runChecksSchema = z.strictObject({
  kind: z.literal("RunChecks"),
  ...onBase,
  task_id: taskIdSchema,
  patch: blobSchema,
  specification: blobSchema,
  usage: usageSchema,
  /** The environment of the coder's run; null: no coder ran, and the checks report where they ran. */
  environment: environmentSchema.nullable(),
  /** Globs of the policy's control files; every cell uses the base's versions. */
  control_files: z.array(z.string()).max(1000),
  parent: sha256Schema.nullable(),
  /** The change of a run that wrote tests from the specification alone (ADR 0044), whose new test files run on this change too; absent: there is none. */
  independent: z.strictObject({ base_commit: gitIdSchema, patch: blobSchema }).optional(),
  /** Test files of which only names differ: each version runs with the code of its side, because old names are gone (ADR 0050). */
  same_tests: z.array(z.string()).max(4000).optional(),
  /** No changed file can change what runs (ADR 0047, ADR 0050): only tests run, and nothing is tried on the code. */
  is_inert: z.boolean().optional(),
});
export type RunChecks = z.infer<typeof runChecksSchema>;

/** Asks whether the engine answers, for holds that end automatically. */
const probeEngineSchema = z.strictObject({
  kind: z.literal("ProbeEngine"),
  ...envelope,
  docker_deadline_ms: z.int().positive(),
});

/** Checks credential and image with one tiny call of the real coder CLI through the gateway, in the real sandbox. */
const probeCoderSchema = z.strictObject({
  kind: z.literal("ProbeCoder"),
  ...envelope,
  run_id: runIdSchema,
  limits: runLimitsSchema,
  gateway: gatewayLimitsSchema,
});
export type ProbeCoder = z.infer<typeof probeCoderSchema>;

/** Tries settings: prepares a base commit and runs the verify commands on it, without a change. */
const tryRepositorySchema = z.strictObject({ kind: z.literal("TryRepository"), ...onBase });
export type TryRepository = z.infer<typeof tryRepositorySchema>;

/** A coder's read-only run that proposes wording or a plan for a mission, at a person's request. It leaves one bounded file and cannot be resumed. */
const draftMissionSchema = z.strictObject({
  kind: z.literal("DraftMission"),
  ...envelope,
  run_id: runIdSchema,
  repository: repositoryNameSchema,
  base_commit: gitIdSchema,
  prompt: blobSchema,
  limits: runLimitsSchema,
  gateway: gatewayLimitsSchema,
  of: z.literal("plan").exactOptional(),
});
export type DraftMission = z.infer<typeof draftMissionSchema>;

/** A coder's run in its own copy of a base, with the registry proxy, that proposes settings at a person's request. It leaves one bounded file and cannot be resumed. */
const setUpRepositorySchema = z.strictObject({
  kind: z.literal("SetUpRepository"),
  ...envelope,
  run_id: runIdSchema,
  repository: repositoryNameSchema,
  base_commit: gitIdSchema,
  prompt: blobSchema,
  /** The image of the settings that were tried. */
  image: repositorySettingsSchema.shape.image,
  limits: runLimitsSchema,
  gateway: gatewayLimitsSchema,
});
export type SetUpRepository = z.infer<typeof setUpRepositorySchema>;

/** Asks whether the coder has a credential, without any outside call. */
const probeCredentialSchema = z.strictObject({ kind: z.literal("ProbeCredential"), ...envelope });

/** Asks whether the vendor of the coder's model answers, without calling a model or sending a credential. */
const probeCoderVendorSchema = z.strictObject({
  kind: z.literal("ProbeCoderVendor"),
  ...envelope,
  timeout_ms: z.int().positive(),
});

/** Checks a judge's key with one tiny call to its model. */
const probeJudgeSchema = z.strictObject({
  kind: z.literal("ProbeJudge"),
  ...envelope,
  family: familySchema,
  model: z.string().max(100),
  base_url: z.url().nullable(),
  timeout_ms: z.int().positive(),
});
export type ProbeJudge = z.infer<typeof probeJudgeSchema>;

/** Asks whether a judge's vendor answers, by its list of models, without calling a model. */
const probeVendorSchema = z.strictObject({
  kind: z.literal("ProbeVendor"),
  ...envelope,
  family: familySchema,
  base_url: z.url().nullable(),
  timeout_ms: z.int().positive(),
});
export type ProbeVendor = z.infer<typeof probeVendorSchema>;

/** Asks one judge about one bundle. `verdict_nonce` is in the prompt and must be in the answer. */
export const judgeEvidenceSchema = z.strictObject({
  kind: z.literal("JudgeEvidence"),
  ...envelope,
  task_id: taskIdSchema,
  family: familySchema,
  model: z.string().max(100),
  base_url: z.url().nullable(),
  bundle: blobSchema,
  verdict_nonce: nonceSchema,
  /** Views of this bundle that the judge has already passed; they are not asked again. */
  passed_views: z.array(z.enum(viewNames)).max(viewNames.length),
  timeout_ms: z.int().positive(),
  /** The time for the whole judgement: every request and the pauses between them. */
  deadline_ms: z.int().positive(),
  /** The most requests for one view. */
  tries: z.int().positive(),
  prompt_bytes: z.int().positive(),
  answer_tokens: z.int().positive(),
  /** In thousandths: a pass with less confidence is inconclusive. */
  min_confidence_permille: z.int().min(0).max(1000),
  /** Digest of the prompt that this judge is measured under; a plane with another prompt answers `digest`. */
  prompt_digest: sha256Schema,
});
export type JudgeEvidence = z.infer<typeof judgeEvidenceSchema>;

/** Work that the execution plane takes. */
const executionWorkSchema = z.discriminatedUnion("kind", [
  runCoderSchema,
  runChecksSchema,
  probeEngineSchema,
  probeCoderSchema,
  tryRepositorySchema,
  draftMissionSchema,
  setUpRepositorySchema,
  probeCredentialSchema,
  probeCoderVendorSchema,
]);
export type ExecutionWork = z.infer<typeof executionWorkSchema>;
/** Work that control gives to a plane. */
export const planeWorkSchema = z.discriminatedUnion("kind", [
  ...executionWorkSchema.options,
  judgeEvidenceSchema,
  probeJudgeSchema,
  probeVendorSchema,
]);
export type PlaneWork = z.infer<typeof planeWorkSchema>;

/** How a run of the coder ended. */
const runCoderReportSchema = z.strictObject({
  kind: z.literal("RunCoder"),
  ...envelope,
  run_id: runIdSchema,
  result: z.discriminatedUnion("outcome", [capturedReportSchema, heldReportSchema]),
});
/** How the checks of a run ended. `tree`: the tree that they ran on. */
const runChecksReportSchema = z.strictObject({
  kind: z.literal("RunChecks"),
  ...envelope,
  run_id: runIdSchema,
  result: z.discriminatedUnion("outcome", [
    z.strictObject({ outcome: z.literal("checked"), tree: gitIdSchema, manifest: bundleManifestSchema }),
    heldReportSchema,
  ]),
});
const probeEngineReportSchema = z.strictObject({
  kind: z.literal("ProbeEngine"),
  ...envelope,
  available: z.boolean(),
  detail: z.string().max(500).nullable(),
});
/** `detail`: the answer, or why there is none; it never contains a credential. */
const probeReport = { ok: z.boolean(), detail: z.string().max(500).nullable() };
const probeCoderReportSchema = z.strictObject({ kind: z.literal("ProbeCoder"), ...envelope, ...probeReport });
const probeCoderVendorReportSchema = z.strictObject({
  kind: z.literal("ProbeCoderVendor"),
  ...envelope,
  ...probeReport,
});
const probeJudgeReportSchema = z.strictObject({ kind: z.literal("ProbeJudge"), ...envelope, ...probeReport });
const probeVendorReportSchema = z.strictObject({ kind: z.literal("ProbeVendor"), ...envelope, ...probeReport });
/** The results of a repository's verify commands on its own base. */
const tryRepositoryReportSchema = z.strictObject({
  kind: z.literal("TryRepository"),
  ...envelope,
  result: z.discriminatedUnion("outcome", [
    z.strictObject({
      outcome: z.literal("tried"),
      commands: z.array(commandResultSchema).max(32),
      /** Folders that the settings do not name and that had to be writable for these results. */
      writable: z.array(checkoutFolderSchema).max(64),
      /** Files at the top of the checkout that the commands could not write. */
      refused_at_top: z.array(z.string().regex(/^[\w.@+-]{1,100}$/u)).max(16),
    }),
    heldReportSchema,
  ]),
});
export type TryRepositoryReport = z.infer<typeof tryRepositoryReportSchema>;
/** The end of a run whose only result is one file. `text`: the file as it is, null if there is none; `size_bytes`: of the whole file. */
const fileRunResultSchema = z.discriminatedUnion("outcome", [
  z.strictObject({
    outcome: z.literal("ended"),
    text: z.string().max(runFileBytesMax).nullable(),
    size_bytes: z.int().nonnegative(),
    usage: usageSchema,
    journal: blobSchema,
  }),
  /** Stopped by an order. The journal is missing if the run's container had not started. */
  z.strictObject({ outcome: z.literal("stopped"), usage: usageSchema, journal: blobSchema.nullable() }),
  heldReportSchema,
]);
export type FileRunResult = z.infer<typeof fileRunResultSchema>;
const fileRunReport = { ...envelope, run_id: runIdSchema, result: fileRunResultSchema };
const draftMissionReportSchema = z.strictObject({ kind: z.literal("DraftMission"), ...fileRunReport });
const setUpRepositoryReportSchema = z.strictObject({ kind: z.literal("SetUpRepository"), ...fileRunReport });
const probeCredentialReportSchema = z.strictObject({
  kind: z.literal("ProbeCredential"),
  ...envelope,
  present: z.boolean(),
});
/** `answer`: the judge's raw text. The plane may not write files, so control stores it. */
const judgeEvidenceReportSchema = z.strictObject({
  kind: z.literal("JudgeEvidence"),
  ...envelope,
  verdict: verdictSchema.omit({ answer: true, reused_from: true }),
  answer: z.string().max(400_000).nullable(),
});
export type JudgeEvidenceReport = z.infer<typeof judgeEvidenceReportSchema>;
/** What a plane reports of its work. */
export const planeReportSchema = z.discriminatedUnion("kind", [
  runCoderReportSchema,
  runChecksReportSchema,
  probeEngineReportSchema,
  judgeEvidenceReportSchema,
  probeCoderReportSchema,
  probeJudgeReportSchema,
  probeVendorReportSchema,
  probeCoderVendorReportSchema,
  tryRepositoryReportSchema,
  draftMissionReportSchema,
  setUpRepositoryReportSchema,
  probeCredentialReportSchema,
]);
export type PlaneReport = z.infer<typeof planeReportSchema>;
export type RunCoderReport = z.infer<typeof runCoderReportSchema>;
export type RunChecksReport = z.infer<typeof runChecksReportSchema>;
