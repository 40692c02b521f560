/**
 * Every event there is, in one union: the only truth of aedev. A stored shape is never edited: a change is a new `schema` number with an
 * upcaster in `upcasts.ts`. Each event changes exactly one entity: the one its stream names.
 */
import { z } from "zod";
import { approvalActionSchema, approvalSubjectSchema } from "../approval/subject.ts";
import { claritySchema } from "../clarification/clarity.ts";
import {
  approvalIdSchema,
  auditIdSchema,
  blobSchema,
  bundleManifestSchema,
  canaryIdSchema,
  checksSchema,
  criterionSchema,
  environmentSchema,
  gitIdSchema,
  holdCodeSchema,
  holdIdSchema,
  instantSchema,
  missionIdSchema,
  repositoryNameSchema,
  repositorySettingsSchema,
  runIdSchema,
  sha256Schema,
  taskIdSchema,
  usageSchema,
  verdictNoncesSchema,
  verdictSchema,
} from "../wire/index.ts";
import { upcast } from "./upcasts.ts";

export const profileSchema = z.enum(["safe", "balanced", "aggressive"]);
export const phaseSchema = z.enum(["planned", "running", "captured", "checked", "judging", "judged", "landing"]);
export const checksStatusSchema = checksSchema.shape.status;
export const prioritySchema = z.enum(["low", "normal", "high"]);
/** How well a repository's settings are known to work: its checks ran on its own base in the sandbox, or nobody tried. */
export const trialSchema = z.enum(["green", "red", "untried"]);
/** A push message that was given to the server, or was folded into an equal one of a moment ago and not sent. */
const pushSentSchema = z.strictObject({ notice_id: z.string(), key: z.string(), folded: z.boolean() });
export const riskShareSchema = z.strictObject({
  factor: z.string(),
  points: z.int(),
  why: z.string(),
  missing: z.boolean(),
});

const system = {
  /** The home was made. `epoch` says which life of the home this is; the signed head names it (T13). */
  HomeInitialized: z.strictObject({ home_id: z.string(), epoch: z.int().positive() }),
  /** The effective policy (package file plus the operator's overlay) changed. */
  PolicyLoaded: z.strictObject({ digest: sha256Schema, policy: blobSchema }),
  /** A plane's process was started; reports of older generations are refused. */
  PlaneStarted: z.strictObject({ plane: z.enum(["execution", "judgement"]), generation: z.int().positive() }),
  /** Where push messages go changed; null: nowhere. What happened before it is not pushed. */
  NotifierConfigured: z.strictObject({ digest: sha256Schema.nullable() }),
  /** More came in on the reply topic than is read in one period; the rest was dropped. One event per period. */
  RepliesDropped: z.strictObject({ period_ms: z.int().positive() }),
};

const repository = {
  /** `repo add`: first registration or changed settings. `target`: where results go. */
  RepositoryConfigured: z.strictObject({
    name: repositoryNameSchema,
    url: z.string(),
    target: z.enum(["default-branch", "task-branch"]),
    settings: repositorySettingsSchema,
    profile: profileSchema.nullable(),
    allow_writes: z.boolean(),
    trial: trialSchema,
  }),
  /** No run and no landing begins until it is resumed; what is under way goes on. */
  RepositoryPaused: z.strictObject({ by: z.string() }),
  RepositoryResumed: z.strictObject({ by: z.string() }),
};

const mission = {
  MissionSubmitted: z.strictObject({
    mission_id: missionIdSchema,
    repository: repositoryNameSchema,
    title: z.string(),
    criteria: z.array(criterionSchema),
    specification: blobSchema,
    author: z.string(),
    priority: prioritySchema,
    /** Missions that must have landed before this one starts. */
    after: z.array(missionIdSchema).max(64),
    clarity: claritySchema,
    /** `clarified-spec.md`; null while questions are open. */
    clarified_spec: blobSchema.nullable(),
  }),
  /** A person answered questions; clarity says what is still open. */
  ClarificationAnswered: z.strictObject({
    by: z.string(),
    answers: z.array(z.strictObject({ question_id: z.string(), question: z.string(), text: z.string() })).min(1),
    clarity: claritySchema,
    criteria: z.array(criterionSchema),
    specification: blobSchema,
    clarified_spec: blobSchema.nullable(),
  }),
  /** A person sent a change back with words, which are part of the specification from now on. */
  SpecificationAmended: z.strictObject({ by: z.string(), task_id: taskIdSchema, specification: blobSchema }),
  /** A person approved this specification by its hash; the mission's task is planned. */
  MissionApproved: z.strictObject({
    spec_digest: sha256Schema,
    by: z.string(),
    task_ids: z.array(taskIdSchema).min(1),
  }),
  MissionRejected: z.strictObject({ by: z.string(), reason: z.string().nullable() }),
  MissionCancelled: z.strictObject({ by: z.string() }),
};

const task = {
  TaskPlanned: z.strictObject({
    task_id: taskIdSchema,
    mission_id: missionIdSchema,
    repository: repositoryNameSchema,
    specification: blobSchema,
  }),
  /** The base was fetched, its settings read, and a run begins: a run costs money, so it is in the log before it starts. */
  RunStarted: z.strictObject({
    run_id: runIdSchema,
    attempt: z.int().positive(),
    base_commit: gitIdSchema,
    ref: z.string(),
    prompt: blobSchema,
    settings: repositorySettingsSchema,
    /** Policy digest and profile that hold for this run: the operator's policy tightened by the base's `.aedev.yaml`. */
    policy: blobSchema,
    profile: profileSchema,
  }),
  /** The coder ended and its change is a patch. */
  ChangeCaptured: z.strictObject({
    run_id: runIdSchema,
    tree: gitIdSchema,
    patch: blobSchema,
    usage: usageSchema,
    environment: environmentSchema,
    journal: blobSchema,
    transcript: blobSchema.nullable(),
  }),
  /** A run ended without a change to check; the hold follows in the same command, but where nobody waits for the run any more: then only what it spent is said. */
  RunEnded: z.strictObject({
    run_id: runIdSchema,
    usage: usageSchema,
    journal: blobSchema.nullable(),
    patch: blobSchema.nullable(),
    exit_code: z.int().nullable(),
  }),
  /** The gateway or capture refused something of this run (T4, T5). */
  RequestRefused: z.strictObject({ run_id: runIdSchema, what: z.string() }),
  /** The test matrix ran; the runner's part of the bundle. */
  ChecksRan: z.strictObject({
    run_id: runIdSchema,
    base_commit: gitIdSchema,
    tree: gitIdSchema,
    manifest: bundleManifestSchema,
  }),
  /** Control derived its own findings, and the bundle is complete. `judgeable`: false where a finding forbids showing it to a judge. */
  EvidenceSealed: z.strictObject({
    run_id: runIdSchema,
    base_commit: gitIdSchema,
    tree: gitIdSchema,
    bundle: blobSchema,
    change_digest: sha256Schema,
    content_digest: sha256Schema,
    parent: sha256Schema.nullable(),
    checks_status: checksStatusSchema,
    judgeable: z.boolean(),
    /** Landing bundle whose checks agree with its parent's: verdicts and approval are inherited. */
    inherits: z.boolean(),
    /** For the families that are asked. */
    verdict_nonces: verdictNoncesSchema,
    /** Signed in-toto statement over the bundle; null in evidence from before statements were made. */
    statement: blobSchema.nullable(),
  }),
  VerdictRecorded: verdictSchema,
  GateDecided: z.strictObject({
    answer: z.enum(["merge", "ask", "hold"]),
    hold_code: holdCodeSchema.nullable(),
    hold_detail: z.string().nullable(),
    reasons: z.array(z.string()),
    risk_score: z.int().nullable(),
    score_kind: z.literal("points"),
    shares: z.array(riskShareSchema),
    level: z.enum(["low", "medium", "high"]).nullable(),
    policy_digest: sha256Schema,
    profile: profileSchema,
    bundle_digest: sha256Schema,
    change_digest: sha256Schema,
    /** Signed in-toto statement over the decision; null in decisions from before statements were made. */
    statement: blobSchema.nullable(),
  }),
  /** A person's word on a change, bound to its digest. */
  LandingApproved: z.strictObject({ by: z.string(), change_digest: sha256Schema, bundle_digest: sha256Schema }),
  TaskRejected: z.strictObject({ by: z.string(), reason: z.string().nullable() }),
  /** Intent to land. The commit is a function of this event, so that a rebuilt commit has the same id. */
  LandingStarted: z.strictObject({
    landing: z.int().positive(),
    ref: z.string(),
    base_commit: gitIdSchema,
    tree: gitIdSchema,
    commit: gitIdSchema,
    committed_at: instantSchema,
    author: z.strictObject({ name: z.string(), email: z.string() }),
    log_head: z.strictObject({ position: z.int().nonnegative(), hash: z.string() }),
  }),
  /** The remote's branch was found at another commit than the evidence's base. */
  BaseMoved: z.strictObject({ to: gitIdSchema, from: gitIdSchema }),
  /** The commit is reachable from the remote's branch. */
  ChangeLanded: z.strictObject({ commit: gitIdSchema, ref: z.string() }),
  TaskHeld: z.strictObject({
    hold_id: holdIdSchema,
    code: holdCodeSchema,
    detail: z.string().nullable(),
    /** Phase that the task goes back to when the hold is released. */
    back_to: phaseSchema,
    resumes_at: instantSchema.nullable(),
  }),
  HoldReleased: z.strictObject({ hold_id: holdIdSchema, by: z.string() }),
  /** The change was held for red checks or a failed verdict, and a next run is owed instead of the hold. */
  RepairStarted: z.strictObject({
    cause: z.enum(["checks", "verdict"]),
    code: holdCodeSchema,
    detail: z.string().nullable(),
  }),
  /** The remote's branch moved under the change; a next run on the new base is owed, with the old patch as input. */
  BaseConflicted: z.strictObject({ from: gitIdSchema, to: gitIdSchema, why: z.string() }),
  /** A person sent the change back with words: a next run under a new specification. */
  ChangeRequested: z.strictObject({ by: z.string(), words: z.string(), specification: blobSchema }),
  /** A person answered the coder's question; the next run is told. It changes no specification. */
  QuestionAnswered: z.strictObject({ hold_id: holdIdSchema, question: z.string(), text: z.string(), by: z.string() }),
  /** A person asks for a fresh run. */
  TaskRetried: z.strictObject({ by: z.string() }),
  TaskCancelled: z.strictObject({ by: z.string() }),
};

const approval = {
  /** A decision is asked of a person away from the terminal. The tokens that go out are a function of this and a key; none is in the log. */
  ApprovalRequested: z.strictObject({
    approval_id: approvalIdSchema,
    subject: approvalSubjectSchema,
    expires_at: instantSchema,
    epoch: z.int().positive(),
  }),
  /** Single use: written in the same transaction as the decision itself. */
  ApprovalUsed: z.strictObject({ action: approvalActionSchema, by: z.string() }),
};

/** Bundles planted to measure the judges (T22). Nothing here has an edge to a task, a gate or a landing. */
const canary = {
  /** A person wants `n` canaries judged by every configured family. */
  AuditRequested: z.strictObject({ audit_id: auditIdSchema, n: z.int().positive().max(10_000), by: z.string() }),
  /** One canary was built from a real sealed bundle. `audit_id` null: it rides along with live judging, beside the bundle `beside`. */
  CanaryPlanted: z.strictObject({
    canary_id: canaryIdSchema,
    audit_id: auditIdSchema.nullable(),
    beside: sha256Schema.nullable(),
    source: z.strictObject({ task_id: taskIdSchema, bundle_digest: sha256Schema }),
    planted: z.enum(["known-bad", "known-good", "injection"]),
    planted_class: z.string().max(60),
    bundle: blobSchema,
    verdict_nonces: verdictNoncesSchema,
  }),
  CanaryJudged: z.strictObject({ canary_id: canaryIdSchema, verdict: verdictSchema }),
};

/** On the stream of what the message was about: a task, a mission or an approval. */
const push = { PushSent: pushSentSchema };

const schemas = { ...system, ...repository, ...mission, ...task, ...approval, ...canary, ...push };
export type EventType = keyof typeof schemas;
export const eventTypes = Object.keys(schemas) as readonly EventType[];
export type DomainEvent = { [T in EventType]: { type: T; data: z.infer<(typeof schemas)[T]> } }[EventType];
export type EventData<T extends EventType> = z.infer<(typeof schemas)[T]>;
/** What `decide` answers: an event and the stream it belongs to. */
export type NewEvent = DomainEvent & { stream: string };

/** Typed event of a stored type, schema number and data. Throws on an unknown type or number, or data that is not of its shape. */
export function parseEvent(type: string, schema: number, data: unknown): DomainEvent {
  if (!Object.hasOwn(schemas, type)) throw new TypeError(`unknown event type ${type}`);
  const known = type as EventType;
  return { type: known, data: schemas[known].parse(upcast(known, schema, data)) } as DomainEvent;
}
