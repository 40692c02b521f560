/** Documents and request bodies of missions and their clarification. */
import { z } from "zod";
import { acceptedCriteriaMax, draftSchema } from "../draft.ts";
import { claritySchema, questionSchema } from "../events/clarity.ts";
import { orderedMax } from "../events/home-events.ts";
import { instantSchema, missionIdSchema, runIdSchema, sha256Schema } from "../ids.ts";
import {
  failureRuleSchema,
  planDifferenceSchema,
  planFilesMax,
  plannedPartSchema,
  planPartNameSchema,
  planPartsMax,
  planPathSchema,
  sizeSchema,
} from "../plan.ts";
import { planDraftSchema } from "../plan-draft.ts";
import { runFileFailureSchema } from "../run-file.ts";
import { criteriaMax, criterionSchema, missionTextCharactersMax, wordsCharactersMax } from "../specification.ts";
import { givenLabelsSchema, labelsSchema, prioritySchema } from "../ticket.ts";
import { oneOrMore } from "./basics.ts";
import { nextSchema } from "./page.ts";
import { missionStatusSchema, taskDocumentSchema } from "./task.ts";

/** A question to a person, from clarification or from a coder that stopped. The coder writes the text of its own question. */
const questionDocumentSchema = z
  .strictObject({
    id: z.string(),
    text: z.string(),
    choices: questionSchema.shape.choices,
    default: z.string(),
  })
  .meta({ id: "Question" });
export type QuestionDocument = z.infer<typeof questionDocumentSchema>;

/** A change that landed on its own branch and has not reached the base yet. */
const notInBaseSchema = z.strictObject({
  task_id: z.string(),
  mission_id: z.string(),
  branch: z.string(),
  commit: z.string(),
  /** The command that merges it into a clone. */
  take_in: z.string(),
});
export type NotInBase = z.infer<typeof notInBaseSchema>;
/** Landed changes that are missing from the mission's base; absent: there are none, or nobody looked. */
const notInBase = { not_in_base: z.array(notInBaseSchema).exactOptional() };

const planDocumentSchema = z.strictObject({
  version: z.int(),
  on_failure: failureRuleSchema,
  /** What a new version changes, while it is undecided; absent: there is no such version. */
  difference: planDifferenceSchema.exactOptional(),
  parts: z.array(
    plannedPartSchema.omit({ clear: true, written: true }).extend({
      title: z.string(),
      repository: z.string(),
      status: missionStatusSchema,
      /** How many steps of waiting come before it; parts with the same number may work at the same time. */
      wave: z.int().positive(),
      /** Its text is a coder's, accepted unchanged. */
      drafted: z.literal(true).exactOptional(),
    }),
  ),
});
/** A plan with the present states of its parts. */
export type PlanDocument = z.infer<typeof planDocumentSchema>;

/** A mission as every client shows it. Its keys are stable. */
export const missionDocumentSchema = z
  .strictObject({
    mission_id: z.string(),
    title: z.string(),
    repository: z.string(),
    submitted_at: instantSchema,
    /** When it was submitted or, later, when one of its tasks last entered a phase. */
    changed_at: instantSchema,
    status: missionStatusSchema,
    priority: prioritySchema,
    labels: labelsSchema,
    spec_digest: z.string(),
    questions: z.array(questionDocumentSchema),
    tasks: z.array(taskDocumentSchema),
    ...notInBase,
    /** The mission of whose plan it is a part; absent: of none. */
    part_of: z.string().exactOptional(),
    /** Its parts, each a mission of its own, each after those that it waits for; absent: it is one task. */
    plan: planDocumentSchema.exactOptional(),
    /** The GitHub issue that the mission was made from, and who set the label; absent: a person submitted it to aedev. */
    origin: z
      .strictObject({
        issue: z.int(),
        url: z.string(),
        by: z.string(),
        /** Parts of the issue's text that GitHub hides from its readers, so the mission leaves them out. Absent: there are none. */
        left_out: z.array(z.string()).exactOptional(),
      })
      .exactOptional(),
  })
  .meta({ id: "Mission" });
export type MissionDocument = z.infer<typeof missionDocumentSchema>;

/** A mission with what it waits for, as the command line shows it. Without `waits_for` it waits for nothing. */
export const waitingMissionSchema = missionDocumentSchema.extend({ waits_for: z.array(z.string()).exactOptional() });
export type WaitingMission = z.infer<typeof waitingMissionSchema>;

export const missionListSchema = z.strictObject({ missions: z.array(missionDocumentSchema), next: nextSchema });

/** The draft that a coder writes, at a person's request, for a mission that is not approved yet: how to say it, or a plan. */
export const draftDocumentSchema = z
  .strictObject({
    mission_id: z.string(),
    run_id: z.string(),
    status: z.enum(["running", "drafted", "failed", "interrupted"]),
    accepted: z.boolean(),
    /** Tokens that the draft may use. `used`: tokens that it has used; null: not known. */
    tokens: z.int(),
    tokens_used: z.int().nullable(),
    /** Why there is no draft, if it failed. */
    code: runFileFailureSchema.nullable(),
    detail: z.string().nullable(),
    draft: draftSchema.nullable(),
    /** The proposed plan, if that was asked for. */
    plan: planDraftSchema.exactOptional(),
  })
  .meta({ id: "Draft" });
export type DraftDocument = z.infer<typeof draftDocumentSchema>;

/** How clear a mission is: the answer to intake and to answered questions. */
export const missionClaritySchema = z
  .strictObject({
    mission_id: z.string(),
    /** The mission of whose plan it is a part, and with which it is approved; absent: of none. */
    part_of: z.string().exactOptional(),
    status: missionStatusSchema,
    spec_digest: z.string(),
    score: claritySchema.shape.score,
    signals: claritySchema.shape.signals,
    round: claritySchema.shape.round,
    stuck: claritySchema.shape.stuck,
    questions: z.array(questionDocumentSchema),
    criteria: z.array(criterionSchema),
    /** Sentences of the request that no criterion covers; absent: each is covered, or questions are open. */
    not_checked: claritySchema.shape.not_checked,
    clarifications: z.array(z.strictObject({ question: z.string(), answer: z.string() })),
    /** `clarified-spec.md`; null while questions are open. */
    clarified_spec: z.string().nullable(),
    /** Of a submission: the submitted criteria that don't count, each with the reason. */
    not_counted: z.array(z.strictObject({ text: z.string(), why: z.string() })).optional(),
    /** The mission's last draft; absent if none was asked for. */
    draft: draftDocumentSchema.optional(),
    /** Tokens that a draft may use, if one can be asked for now; absent: no draft is offered. */
    draft_tokens: z.int().positive().optional(),
    ...notInBase,
    /** Of an accepted draft: the parts that don't count, each with the reason. */
    not_taken: z.array(z.strictObject({ of: z.string(), text: z.string(), why: z.string() })).optional(),
  })
  .meta({ id: "MissionClarity" });
export type MissionClarity = z.infer<typeof missionClaritySchema>;

/** A new mission. */
export const submissionSchema = z.strictObject({
  text: z.string().trim().min(1).max(missionTextCharactersMax),
  repo: z.string(),
  criterion: oneOrMore(z.string().trim()).default([]),
  priority: prioritySchema.default("normal"),
  labels: givenLabelsSchema.default([]),
  /** Missions that must land first. */
  after: oneOrMore(z.string().max(100)).default([]),
  /** True: submit it although a mission with the same text is open or has landed. */
  again: z.boolean().default(false),
  /** True: a coder also drafts the mission. `plan`: a coder proposes several parts for it. */
  draft: z.union([z.boolean(), z.literal("plan")]).default(false),
});
const planPartSchema = z
  .strictObject({
    name: planPartNameSchema,
    text: z.string().trim().min(1).max(missionTextCharactersMax),
    repo: z.string(),
    criteria: z.array(z.string().trim().min(1)).max(criteriaMax).default([]),
    /** Names of parts. */
    after: z.array(planPartNameSchema).max(planPartsMax).default([]),
    files: z.array(planPathSchema).max(planFilesMax).default([]),
    /** Files of `files` that do not exist yet, or that it does not repeat. */
    creates: z.array(planPathSchema).max(planFilesMax).default([]),
    /** How much work is expected. A large part is refused: it must be cut. */
    size: sizeSchema.optional(),
  })
  .refine(({ files, creates }) => files.length + creates.length <= planFilesMax, {
    message: `at most ${planFilesMax} paths in files and creates together`,
    path: ["creates"],
  });
/** A new mission of several parts. */
export const planSubmissionSchema = z.strictObject({
  /** What the whole is for; its first line is the title. With `accepts` absent: the mission has its own. */
  text: z.string().trim().min(1).max(missionTextCharactersMax).optional(),
  tasks: z.array(planPartSchema).min(1).max(planPartsMax),
  on_failure: failureRuleSchema.default("stop"),
  priority: prioritySchema.default("normal"),
  labels: givenLabelsSchema.default([]),
  /** Missions that must land before any part starts. */
  after: z.array(z.string().max(100)).max(64).default([]),
  /** True: submit it although missions with the same texts are open or have landed. */
  again: z.boolean().default(false),
  /** The mission that becomes the plan, because a coder proposed these parts for it, edited or not; absent: a new one. */
  accepts: z.strictObject({ mission: missionIdSchema, draft: runIdSchema }).optional(),
  /** The plan of which this is a new version, and the digest of the specification that the person has seen; absent: it is a new plan. */
  replaces: z.strictObject({ mission: missionIdSchema, digest: sha256Schema }).exactOptional(),
});
/** A plan as a client submits it. */
export type PlanSubmission = z.infer<typeof planSubmissionSchema>;
/** The submitted mission, and how clear each part is. */
export const planClaritySchema = z.strictObject({
  mission: missionDocumentSchema,
  parts: z.array(missionClaritySchema.extend({ name: z.string() })),
});
/** The answer to a submitted plan. */
export type PlanClarity = z.infer<typeof planClaritySchema>;
const partSchema = z.string().trim().max(wordsCharactersMax).optional();
/** A draft as the person accepts it. An absent part is taken as it was drafted; an empty part is left out. */
export const acceptDraftSchema = z.strictObject({
  run_id: z.string().max(100),
  title: partSchema,
  place: partSchema,
  criteria: z.array(z.string().trim().max(wordsCharactersMax)).max(acceptedCriteriaMax).optional(),
  test: partSchema,
});
const answersMax = 64;
/** Answers to open questions, by id. */
export const answersSchema = z.strictObject({
  answers: z
    .array(z.strictObject({ id: z.string().max(100), text: z.string().max(missionTextCharactersMax) }))
    .max(answersMax),
});

/** What changes; an absent part stays as it is. */
export const missionUpdateSchema = z
  .strictObject({
    priority: prioritySchema.exactOptional(),
    labels: givenLabelsSchema.exactOptional(),
    on_failure: failureRuleSchema.exactOptional(),
  })
  .refine((update) => Object.keys(update).length > 0, "nothing to change: give priority, labels or on_failure");

/** The missions that start first, in order; empty: none, and the rest follows by priority. */
export const startOrderSchema = z
  .strictObject({ missions: z.array(z.string().max(64)).max(orderedMax) })
  .meta({ id: "StartOrder" });
