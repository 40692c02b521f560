/**
 * The schemas of all events; each changes only the entity of its stream. After the first release a stored shape is never edited: it gets a new number in core's `schema-number.ts`.
 *
 * Folder: schemas of all events and of the values that they carry.
 */
import { z } from "zod";
import { brokenTestsSchema } from "../broken-tests.ts";
import { logAcceptedSchema } from "../distrust-reason.ts";
import { bundleManifestSchema, checksSchema } from "../evidence.ts";
import { holdCodeSchema } from "../hold-code.ts";
import {
  blobSchema,
  gitIdSchema,
  holdIdSchema,
  instantSchema,
  missionIdSchema,
  repositoryNameSchema,
  runIdSchema,
  sha256Schema,
  taskIdSchema,
} from "../ids.ts";
import { landingWaySchema } from "../landing-way.ts";
import { decisionWaySchema } from "../operator.ts";
import { failureRuleSchema, plannedPartSchema, planPartsMax } from "../plan.ts";
import { reasonSchema } from "../reason.ts";
import { reviewSourceSchema } from "../review-source.ts";
import { repositorySettingsSchema } from "../settings.ts";
import { criterionSchema } from "../specification.ts";
import { labelsSchema, prioritySchema } from "../ticket.ts";
import { verdictNoncesSchema, verdictSchema } from "../verdict.ts";
import { approvalEvents, approvalRulesSchema } from "./approval-events.ts";
import { canaryEvents } from "./canary-events.ts";
import { answeredFields, clarifiedFields } from "./clarity.ts";
import { deciderFields } from "./decider.ts";
import { draftEvents } from "./draft-events.ts";
import { holdEvents } from "./hold-events.ts";
import { answeringCommentSchema, issueEvents, missionOriginSchema } from "./issue-events.ts";
import { landingEvents } from "./landing-events.ts";
import { laneEvents } from "./lane-events.ts";
import { memoryEvents } from "./memory-events.ts";
import { outcomeEvents, watchEvents } from "./outcome-events.ts";
import { profileSchema } from "./profile.ts";
import { repositoryIntakeEvents } from "./proposal-events.ts";
import { revertEvents, revertedChangeSchema } from "./revert-events.ts";
import { runEvents } from "./run-events.ts";
import { systemEvents } from "./system-events.ts";

export const phaseSchema = z.enum(["planned", "running", "captured", "checked", "judging", "judged", "landing"]);
/** What the gate decides about a change. */
export const gateDecisionSchema = z.enum(["merge", "ask", "hold"]);
export type GateDecision = z.infer<typeof gateDecisionSchema>;
/** A task's phase. It decides what the loop does next with the task. */
export type Phase = z.infer<typeof phaseSchema>;
/** Whether a repository's settings work: the result of its checks on its own base in the sandbox, or untried. */
const trialSchema = z.enum(["green", "red", "untried"]);
export type Trial = z.infer<typeof trialSchema>;
/** A push message was sent to the server, or was not sent because an equal one had just been sent (`folded`). */
const pushSentSchema = z.strictObject({ notice_id: z.string(), key: z.string(), folded: z.boolean() });
export const riskShareSchema = z.strictObject({
  factor: z.string(),
  /** In the unit of the decision's `score_kind`. */
  points: z.int(),
  /** Lines, files, ways or hits; null: the input is missing. Absent for the start and in decisions in points. */
  count: z.int().nonnegative().nullable().exactOptional(),
  why: z.string(),
  /** True if it counts in full because its input is missing. */
  missing: z.boolean(),
});
/** What one signal adds to a change's score. */
export type RiskShare = z.infer<typeof riskShareSchema>;

const system = {
  /** The home was created. `epoch` numbers its incarnations; the signed head names it (T13). `demo`: what is in it is simulated, and nothing acts on it. */
  HomeInitialized: z.strictObject({
    home_id: z.string(),
    epoch: z.int().positive(),
    demo: z.literal(true).exactOptional(),
  }),
  /** A person accepted a log that was not trusted; the new epoch voids every approval. */
  LogAccepted: logAcceptedSchema,
  /** The effective policy (the shipped file plus the operator's overlay) changed. */
  PolicyLoaded: z.strictObject({
    digest: sha256Schema,
    policy: blobSchema,
    /** What the policy requires of a person's approval; absent: only a token. */
    approvals: approvalRulesSchema.optional(),
  }),
  /** A plane's process was started. Reports of older generations are refused. */
  PlaneStarted: z.strictObject({ plane: z.enum(["execution", "judgement"]), generation: z.int().positive() }),
  /** The daemon is ready. `after_death`: the daemon before it ended without being stopped; it was killed, it crashed, or the machine stopped. */
  DaemonStarted: z.strictObject({ after_death: z.boolean() }),
  /** The destination of push messages changed; null: there is none. Nothing that happened earlier is pushed to it. */
  NotifierConfigured: z.strictObject({ digest: sha256Schema.nullable() }),
  /** The reply topic got more messages than one period reads; the rest were dropped. Recorded once per period. */
  RepliesDropped: z.strictObject({ period_ms: z.int().positive() }),
  ...systemEvents,
};

/** The branch that missions start from and land on, and the remote's default branch when that was fixed; both with `refs/heads/`. */
const baseBranchSchema = z.strictObject({ ref: z.string(), head: z.string() });

const repository = {
  /** `repo add`: first registration or changed settings. `target`: where results go. */
  RepositoryConfigured: z.strictObject({
    name: repositoryNameSchema,
    url: z.string(),
    target: z.enum(["default-branch", "task-branch"]),
    settings: repositorySettingsSchema,
    profile: profileSchema.nullable(),
    allow_writes: z.boolean(),
    /** Absent: as `target` says. */
    landing: landingWaySchema.optional(),
    /** Absent: the next fetch fixes the base. A working copy without origin has the branch that was checked out. */
    base: baseBranchSchema.optional(),
    /** How each commit should read (see commit-template.ts), as the person who registered the repository wants; absent: as its `.aedev.yaml` says. */
    commit_template: z.string().optional(),
    /** The prefix of the names of aedev's branches there; absent: `aedev`. */
    branch_prefix: z.string().optional(),
    trial: trialSchema,
  }),
  /** The registration named no base: the first fetch fixed the remote's default branch. */
  BaseBranchFixed: baseBranchSchema,
  /** No run and no landing starts until the repository is resumed; those under way continue. */
  RepositoryPaused: z.strictObject({ ...deciderFields }),
  /** Runs and landings may start again. */
  RepositoryResumed: z.strictObject({ ...deciderFields }),
  /** No landing starts or merges until landings are resumed. Runs continue, and so does a push under way. */
  LandingPaused: z.strictObject({ ...deciderFields }),
  /** Landings may start again. */
  LandingResumed: z.strictObject({ ...deciderFields }),
  /** A person removed the repository, in which no mission was open. It can be registered again as if it were new. */
  RepositoryRemoved: z.strictObject({ ...deciderFields }),
  ...watchEvents,
  ...laneEvents,
  ...repositoryIntakeEvents,
  ...memoryEvents,
};

const mission = {
  /** What a person wants, its specification, and the issue that it was made from. */
  MissionSubmitted: z.strictObject({
    mission_id: missionIdSchema,
    repository: repositoryNameSchema,
    title: z.string(),
    author: z.string(),
    /** How it was submitted; absent: a version that did not record it. */
    way: decisionWaySchema.optional(),
    priority: prioritySchema,
    /** Absent: none. */
    labels: labelsSchema.optional(),
    /** Missions that must have landed before this one starts. */
    after: z.array(missionIdSchema).max(64),
    /** Absent: a person submitted it to aedev. */
    origin: missionOriginSchema.optional(),
    /** The text is a coder's, or that of a proposal, which aedev wrote from other people's words; absent: it is a person's. */
    proposed: z.literal(true).optional(),
    /** Digest of its text, ignoring case, white space and closing punctuation. Missing: the mission is a revert, or a version that did not record the digest wrote the event. */
    text_digest: sha256Schema.optional(),
    reverts: revertedChangeSchema.optional(),
    /** The mission of whose plan it is a part; absent: of none. */
    part_of: missionIdSchema.optional(),
    ...clarifiedFields,
  }),
  /** The mission consists of these parts, each submitted after those that it waits for. */
  MissionPlanned: z.strictObject({
    version: z.int().positive(),
    on_failure: failureRuleSchema,
    parts: z.array(plannedPartSchema).min(1).max(planPartsMax),
  }),
  /** A part was clarified, so the mission's specification is new and needs approval. `clear`: the part has no open question. */
  PlanPartClarified: z.strictObject({
    part: missionIdSchema,
    clear: z.boolean(),
    specification: blobSchema,
    clarified_spec: blobSchema.nullable(),
  }),
  /**
   * A person handed in another version of the plan, which needs approval. Parts that they left as they were keep their mission. `task_ids`: of these parts. What
   * was replaced or removed has been cancelled.
   */
  PlanReplaced: z.strictObject({
    ...deciderFields,
    version: z.int().min(2),
    on_failure: failureRuleSchema,
    parts: z.array(plannedPartSchema).min(1).max(planPartsMax),
    task_ids: z.array(taskIdSchema).max(planPartsMax),
    title: z.string(),
    criteria: z.array(criterionSchema),
    specification: blobSchema,
    clarified_spec: blobSchema,
  }),
  /** A person changed the mission's priority, labels, rule about failures, or, with a new version of its plan, predecessors. */
  MissionUpdated: z.strictObject({
    ...deciderFields,
    priority: prioritySchema.optional(),
    labels: labelsSchema.optional(),
    on_failure: failureRuleSchema.optional(),
    after: z.array(missionIdSchema).max(64).exactOptional(),
  }),
  /** A person answered questions. `clarity` has the questions that are still open. */
  ClarificationAnswered: z.strictObject({
    ...deciderFields,
    comment: answeringCommentSchema.optional(),
    ...answeredFields,
  }),
  /** A person said what should change before work starts. Their words now count as an answer, and the new specification needs its own approval. */
  MissionSentBack: z.strictObject({ ...deciderFields, ...answeredFields }),
  ...draftEvents,
  ...issueEvents,
  /** A person sent a change back with instructions, which are now part of the specification. */
  SpecificationAmended: z.strictObject({
    ...deciderFields,
    task_id: taskIdSchema,
    specification: blobSchema,
    /** The reviews and comments that contain the instructions, each with its author. Missing: `by` wrote the instructions. */
    reviews: z.array(reviewSourceSchema).min(1).max(64).optional(),
  }),
  /** A person approved this specification by its hash. The mission's tasks are planned. */
  MissionApproved: z.strictObject({
    spec_digest: sha256Schema,
    ...deciderFields,
    task_ids: z.array(taskIdSchema).min(1),
  }),
  /** A person rejected the specification. */
  MissionRejected: z.strictObject({ ...deciderFields, reason: z.string().nullable() }),
  /** A person cancelled the mission. */
  MissionCancelled: z.strictObject({ ...deciderFields }),
};

const task = {
  /** One change to one repository is planned. */
  TaskPlanned: z.strictObject({
    task_id: taskIdSchema,
    mission_id: missionIdSchema,
    repository: repositoryNameSchema,
    specification: blobSchema,
    /** The landed change that this task takes back: control makes the change, and no coder runs; absent: a coder makes the change. */
    reverts: revertedChangeSchema.optional(),
    /** The mission to whose plan the task belongs; absent: to none. */
    plan: missionIdSchema.optional(),
  }),
  ...runEvents,
  /** The test matrix ran. `manifest` is the runner's part of the bundle. */
  ChecksRan: z.strictObject({
    run_id: runIdSchema,
    base_commit: gitIdSchema,
    tree: gitIdSchema,
    manifest: bundleManifestSchema,
  }),
  /** Control added its own findings, and the bundle is complete. `judgeable`: false if a finding forbids showing it to a judge. */
  EvidenceSealed: z.strictObject({
    run_id: runIdSchema,
    base_commit: gitIdSchema,
    tree: gitIdSchema,
    bundle: blobSchema,
    change_digest: sha256Schema,
    content_digest: sha256Schema,
    /** Digest of the patch without its location and the ids of files, so that it is the same on another base; missing: a version that did not record it. */
    patch_digest: sha256Schema.optional(),
    parent: sha256Schema.nullable(),
    checks_status: checksSchema.shape.status,
    judgeable: z.boolean(),
    /** True for a landing bundle whose checks agree with its parent's: the bundle inherits verdicts and approval. */
    inherits: z.boolean(),
    /** One nonce for each family that is asked. */
    verdict_nonces: verdictNoncesSchema,
    /** Signed in-toto statement over the bundle. */
    statement: blobSchema,
  }),
  /** One judge's answer, or why there is none. */
  VerdictRecorded: verdictSchema,
  /** Merge, ask or hold, with score, shares and reasons. */
  GateDecided: z.strictObject({
    answer: gateDecisionSchema,
    hold_code: holdCodeSchema.nullable(),
    hold_detail: z.string().nullable(),
    reasons: z.array(reasonSchema),
    risk_score: z.int().nullable(),
    /** `log-odds`: thousandths of natural log-odds of harm. `points`: 0 to 100, in decisions of earlier versions. */
    score_kind: z.enum(["points", "log-odds"]),
    shares: z.array(riskShareSchema),
    level: z.enum(["low", "medium", "high"]).nullable(),
    policy_digest: sha256Schema,
    profile: profileSchema,
    bundle_digest: sha256Schema,
    change_digest: sha256Schema,
    /** Signed in-toto statement over the decision. */
    statement: blobSchema,
    /** When the merge was decided, which is its place in the queue. Missing for other decisions, and for decisions of earlier versions. */
    at: instantSchema.optional(),
  }),
  /** A person approved a change by its digest. `at`: its place in the queue; missing if an earlier version wrote the event. */
  LandingApproved: z.strictObject({
    ...deciderFields,
    change_digest: sha256Schema,
    bundle_digest: sha256Schema,
    at: instantSchema.optional(),
  }),
  /** A person rejected the change. */
  TaskRejected: z.strictObject({ ...deciderFields, reason: z.string().nullable() }),
  ...landingEvents,
  ...outcomeEvents,
  ...revertEvents,
  /** The task waits, with a code and a cause. */
  TaskHeld: z.strictObject({
    hold_id: holdIdSchema,
    code: holdCodeSchema,
    detail: z.string().nullable(),
    /** The phase that the task returns to when the hold is released. */
    back_to: phaseSchema,
    resumes_at: instantSchema.nullable(),
    /** Probes have released as many holds of this task as they may without a new change or a person's decision, so this hold waits for a person. */
    stays: z.literal(true).optional(),
    /** The head of the task's pull request on which no check has appeared. Releasing the hold accepts the head without checks. */
    without_checks: gitIdSchema.optional(),
    /** Tests of the base that the request breaks: a person is asked whether they may change, or decided to keep them. Missing: the hold is not about such tests. */
    tests: brokenTestsSchema.optional(),
  }),
  ...holdEvents,
  /** The branch has moved and the change no longer applies. A next run starts on the new base, with the old patch as input. */
  BaseConflicted: z.strictObject({ from: gitIdSchema, to: gitIdSchema, why: z.string() }),
  /** A person sent the change back with instructions. A next run follows the amended specification. */
  ChangeRequested: z.strictObject({
    ...deciderFields,
    words: z.string(),
    specification: blobSchema,
    /** The reviews and comments of the task's pull request that contain the words; missing: the person told aedev directly. */
    reviews: z.array(reviewSourceSchema).min(1).max(64).optional(),
  }),
  /** A person answered a task's question. The next run gets an answer to the coder; an answer about tests allows them to change, or keeps them. */
  QuestionAnswered: z.strictObject({
    hold_id: holdIdSchema,
    question: z.string(),
    text: z.string(),
    /** The answer to a question about tests: they may change; they stay and the task is held; or the person wants something else. Missing: the coder asked. */
    tests: z.enum(["allowed", "kept", "words"]).optional(),
    /** The specification with the allowed tests, or with the person's words. */
    specification: blobSchema.optional(),
    ...deciderFields,
  }),
  /** A person said something to the task's coder. A run under way reads it at its next turn; otherwise the next run's prompt has it. It is never evidence. */
  CoderTold: z.strictObject({ text: z.string(), ...deciderFields }),
  /** The run ended before it read what a person said: a next run continues its change. */
  CoderNotTold: z.strictObject({ run_id: runIdSchema }),
  /** A person asked for a new run. */
  TaskRetried: z.strictObject({ ...deciderFields }),
  /** A person cancelled the task. */
  TaskCancelled: z.strictObject({ ...deciderFields, replaced: z.literal(true).exactOptional() }),
};

/** Recorded on the stream of the message's subject: a task, a mission, an approval, or the system for digests and signals. */
const push = {
  /** A push message was sent, or was folded into an equal message. */
  PushSent: pushSentSchema,
};

/** The data of each event, by its type. */
export const eventSchemas = {
  ...system,
  ...repository,
  ...mission,
  ...task,
  ...approvalEvents,
  ...canaryEvents,
  ...push,
};
/** The name of an event, as stored in the log. */
export type EventType = keyof typeof eventSchemas;
/** The names of all events. */
export const eventTypes = Object.keys(eventSchemas) as readonly EventType[];
/** An event: its type and the data of that type. */
export type DomainEvent = { [T in EventType]: { type: T; data: z.infer<(typeof eventSchemas)[T]> } }[EventType];
/** The data of one type of event. */
export type EventData<T extends EventType> = z.infer<(typeof eventSchemas)[T]>;
