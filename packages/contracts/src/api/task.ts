/** Documents and request bodies of tasks and holds. */
import { z } from "zod";
import { gateDecisionSchema, phaseSchema, riskShareSchema } from "../events/event.ts";
import { outcomeObservedSchema } from "../events/outcome-events.ts";
import { revertEvents, revertedChangeSchema } from "../events/revert-events.ts";
import { holdCodeSchema, holdResumptions } from "../hold-code.ts";
import { instantSchema } from "../ids.ts";
import { landingPlaceSchema } from "../landing-way.ts";
import { missionStatuses } from "../mission-status.ts";
import { decisionWaySchema } from "../operator.ts";
import { wordsCharactersMax } from "../specification.ts";
import { usageSchema } from "../usage.ts";
import { verdictSchema } from "../verdict.ts";
import { nextSchema } from "./page.ts";
import { workPauseSchema } from "./pause.ts";

export const missionStatusSchema = z.enum(missionStatuses);

/** An observed outcome of a landed change, or a person's report of one. */
const outcomeDocumentSchema = outcomeObservedSchema
  .pick({ outcome: true, evidence: true, by: true })
  .extend({ at: instantSchema });

const revertRequestSchema = revertEvents.RevertRequested.pick({
  task_id: true,
  mission_id: true,
  cause: true,
  by: true,
}).extend({ at: instantSchema });

/** A task as part of a mission's document. */
export const taskDocumentSchema = z
  .strictObject({
    task_id: z.string(),
    /** Ids of its runs, oldest first. */
    runs: z.array(z.string()),
    status: missionStatusSchema,
    decision: gateDecisionSchema.nullable(),
    hold_code: holdCodeSchema.nullable(),
    hold_detail: z.string().nullable(),
    risk_score: z.int().nullable(),
    score_kind: z.enum(["points", "log-odds"]).nullable(),
    evidence_digest: z.string().nullable(),
    change_digest: z.string().nullable(),
    landed_commit: z.string().nullable(),
    /** The aedev branch that the change landed on, with `refs/heads/`; missing: it landed on its base, or has not landed. */
    left_on: z.string().optional(),
    /** Oldest first; missing: nothing was observed after it landed. */
    outcomes: z.array(outcomeDocumentSchema).optional(),
    /** The landed change that this task takes back; missing: it takes none back. */
    reverts: revertedChangeSchema.optional(),
    /** Requests to take back what this task landed, oldest first, each with the task that does so; missing: none. */
    reverted_by: z.array(revertRequestSchema).optional(),
    usage: usageSchema,
  })
  .meta({ id: "Task" });
export type TaskDocument = z.infer<typeof taskDocumentSchema>;

const taskRowSchema = taskDocumentSchema.extend({ mission_id: z.string() }).meta({ id: "TaskRow" });

/** A hold: why the task is held, and the command that helps. */
export const holdDocumentSchema = z
  .strictObject({
    hold_id: z.string(),
    task_id: z.string(),
    mission_id: z.string(),
    title: z.string(),
    code: holdCodeSchema,
    detail: z.string().nullable(),
    held_at: instantSchema,
    /** How it ends without a person: never, by a probe, or at `resumes_at`. */
    resumes: z.enum(holdResumptions),
    /** When it ends automatically; null: it has no such time. */
    resumes_at: instantSchema.nullable(),
    help: z.string(),
  })
  .meta({ id: "Hold" });
export type HoldDocument = z.infer<typeof holdDocumentSchema>;

/** Why another run was started; its prompt explains the cause. */
const runCauseSchema = z.enum([
  "checks",
  "verdict",
  "stuck",
  "timeout",
  "base-moved",
  "words",
  "answer",
  "tests",
  "independent-tests",
]);
export type RunCause = z.infer<typeof runCauseSchema>;

/** One run: why it was started (null: it is the first run, or a person retried the task) and how it ended. */
const runDetailsSchema = z.strictObject({
  run_id: z.string(),
  attempt: z.int().positive(),
  status: z.enum(["running", "captured", "ended"]),
  base_commit: z.string(),
  tree: z.string().nullable(),
  usage: usageSchema,
  cause: runCauseSchema.nullable(),
  /** Null while it is under way. */
  outcome: z
    .strictObject({
      answer: gateDecisionSchema,
      code: holdCodeSchema.nullable(),
      detail: z.string().nullable(),
    })
    .nullable(),
});

export type RunDetails = z.infer<typeof runDetailsSchema>;

/** The pull request of a task. `number` and `url` are null until it is known to exist. */
const pullRequestDocumentSchema = z.strictObject({
  branch: z.string(),
  number: z.int().positive().nullable(),
  url: z.string().nullable(),
  waits_for: z.array(z.string()),
  waits_since: instantSchema.nullable(),
  /** True if the merged tree differs from the judged tree. */
  tree_differs: z.boolean(),
  /** What aedev failed to do on the pull request, such as setting a label. Nothing waits for it. */
  notes: z.array(z.string()),
  /** Whom aedev asked for a review: users, and teams as `organization/name`. */
  reviewers: z.array(z.string()),
  /** What remains to be done on the pull request of a withdrawn change; empty: nothing. */
  open_ends: z.array(z.string()),
});

/** A person's decision: what they decided, who, by which channel and when. */
export const decisionDocumentSchema = z
  .strictObject({ what: z.string(), by: z.string(), way: decisionWaySchema, at: instantSchema })
  .meta({ id: "Decision" });
export type DecisionDocument = z.infer<typeof decisionDocumentSchema>;

/** What `aedev task show` prints: everything about a task except the coder's own text. */
export const taskDetailsSchema = taskRowSchema
  .extend({
    repository: z.string(),
    spec_digest: z.string(),
    base_commit: z.string().nullable(),
    phase: z.enum([...phaseSchema.options, "asked", "held", "landed", "rejected", "cancelled"]),
    verdicts: z.array(
      verdictSchema.pick({ family: true, model: true, verdict: true, detail: true, views: true, tries: true }).extend({
        /** The earlier bundle of the same change that the judge answered about; null: the judge was asked about this bundle. */
        reused_from: z.string().nullable(),
      }),
    ),
    reasons: z.array(z.string()),
    shares: z.array(riskShareSchema),
    hold: holdDocumentSchema.nullable(),
    /** Where the change lands or has landed; absent: the task ended without landing, or the configuration can't be read. */
    lands: landingPlaceSchema.exactOptional(),
    /** The pull request through which it lands; null: there is none. */
    pull_request: pullRequestDocumentSchema.nullable(),
    /** The missing tests that a run adds before a person is asked about the change; absent: no run is adding tests. */
    missing_tests: z.string().exactOptional(),
    /** Why the last change that waited for approval got no draft pull request; null: it got one, or none was wanted. */
    draft_skipped: z.string().nullable(),
    /** People's decisions, oldest first; absent: no decision records its channel. */
    decisions: z.array(decisionDocumentSchema).exactOptional(),
    /** Work of the last run that is not in the diff, or that was put back as the base has it; absent: none. */
    capture_notes: z.array(z.string()).exactOptional(),
    /** Oldest first. */
    run_details: z.array(runDetailsSchema),
  })
  .meta({ id: "TaskDetails" });
export type TaskDetails = z.infer<typeof taskDetailsSchema>;

/** What `aedev task explain` prints. Instants are ISO 8601 in UTC. */
export interface TaskExplanation {
  readonly task_id: string;
  readonly mission_id: string;
  readonly title: string;
  readonly repository: string;
  readonly phase: TaskDetails["phase"];
  readonly since: string;
  /** Oldest first. `at` null: only the order is known. */
  readonly story: readonly { readonly at: string | null; readonly text: string }[];
  /** Empty: it waits for nothing, or the task has ended. */
  readonly waits_for: readonly string[];
  readonly next: string;
  /** For a hold that a probe ends, when the next probe is due at the latest. Null: nobody knows when, or nothing happens automatically. */
  readonly next_at: string | null;
  /** Commands that change the next step. */
  readonly commands: readonly string[];
}

export const taskListSchema = z.strictObject({ tasks: z.array(taskRowSchema), next: nextSchema });
export const holdListSchema = z.strictObject({ holds: z.array(holdDocumentSchema), next: nextSchema });
/** `paused`: all work is paused, so the task continues only after `aedev resume`; missing: work is not paused. */
export const holdReleasedSchema = z.strictObject({
  hold_id: z.string(),
  task: taskDetailsSchema,
  paused: workPauseSchema.optional(),
});

/** A digest limits the approval to that specification or change. */
export const approveBodySchema = z.strictObject({ digest: z.string().nullish() }).nullish();
/** The reason is kept in the log. */
export const rejectBodySchema = z.strictObject({ reason: z.string().max(wordsCharactersMax).nullish() }).nullish();
/** A person's report on a landed change, with the reason. */
export const outcomeBodySchema = z.strictObject({
  outcome: z.enum(["good", "bad"]),
  why: z.string().max(wordsCharactersMax).nullish(),
});
/** What to change in a specification or a change. A digest limits the request to that specification or change. */
export const tellBodySchema = z.strictObject({ text: z.string().trim().min(1).max(wordsCharactersMax) });
export const sendBackBodySchema = z.strictObject({
  reason: z.string().max(wordsCharactersMax),
  digest: z.string().nullish(),
});
