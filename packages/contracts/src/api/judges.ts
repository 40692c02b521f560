/** Documents about judges (their record, audits and what these cost) and about the probes of a set-up. */
import { z } from "zod";
import { eventSchemas } from "../events/event.ts";
import { instantSchema } from "../ids.ts";
import { familySchema } from "../verdict.ts";
import { usageSumSchema } from "./usage.ts";

const plantedSchema = eventSchemas.CanaryPlanted.shape.planted;

/** An observed rate, `hits` of `n`, with its 95 % interval; `value` is null if `n` is 0. */
export const rateSchema = z.strictObject({
  n: z.int(),
  hits: z.int(),
  value: z.number().nullable(),
  lower: z.number(),
  upper: z.number(),
});
export type Rate = z.infer<typeof rateSchema>;
/** A figure with its interval. */
export const figureSchema = z.strictObject({ value: z.number(), lower: z.number(), upper: z.number() });
export type Figure = z.infer<typeof figureSchema>;
/** How many times likelier an answer is for a bad change than for a good one. `upper` null: unbounded. */
const ratioSchema = figureSchema.extend({ upper: z.number().nullable() });
export type Ratio = z.infer<typeof ratioSchema>;
/** How two judges erred on the same bundles. */
const errorTableSchema = z.strictObject({ both: z.int(), first: z.int(), second: z.int(), neither: z.int() });
export type ErrorTable = z.infer<typeof errorTableSchema>;
/** `phi`: the correlation of the errors; null if it can't be computed. */
const errorsSchema = errorTableSchema.extend({ n: z.int(), phi: figureSchema.nullable() });

/** One judge. `known_bad` and `injection` count what it caught, `known_good` what it held wrongly. */
const familyReportSchema = z.strictObject({
  family: familySchema,
  model: z.string(),
  qualified: z.boolean(),
  /** Why its vote does not count; null if it does. */
  why: z.string().nullable(),
  known_bad: rateSchema,
  known_good: rateSchema,
  injection: rateSchema,
  classes: z.array(rateSchema.extend({ planted: plantedSchema, class: z.string() })),
  /** Canaries without an answer: the judge was not reached or not configured, or its answer was malformed. No rate counts them. */
  unanswered: z.int(),
  /** Its verdicts with earlier models or prompts, which no longer count. */
  earlier: z.int(),
  /** The usage of all its verdicts on planted bundles, earlier ones included; missing: it was not read. */
  used: usageSumSchema.optional(),
});
export type FamilyReport = z.infer<typeof familyReportSchema>;

/** How two families did on the canaries that both answered. */
const pairReportSchema = z.strictObject({
  families: z.tuple([familySchema, familySchema]),
  /** Errors on known-bad canaries: the judge passed them. */
  misses: errorsSchema,
  /** Errors on known-good canaries: the judge gave anything but a pass. */
  false_holds: errorsSchema,
  two_passes: z.strictObject({
    on_bad: rateSchema,
    on_good: rateSchema,
    /** The likelihood ratio of two passes; null: not measured. */
    likelihood_ratio: ratioSchema.nullable(),
    /** The probability that a change is bad after two passes, for each prior; null: not measured. */
    posteriors: z.array(z.strictObject({ prior: z.number(), bad: figureSchema.nullable() })),
  }),
});
export type PairReport = z.infer<typeof pairReportSchema>;

/** A judge's vendor that is not available. aedev probes it, and the tasks that wait continue once it answers. */
export const judgeOutageSchema = z
  .strictObject({
    family: familySchema,
    since: instantSchema,
    /** False: the judge is not asked until a probe reaches the vendor. */
    asked: z.boolean(),
    /** The tasks that wait for it, oldest hold first. */
    waiting: z.array(z.string()),
  })
  .meta({ id: "JudgeOutage" });
/** A judge vendor that is not available. */
export type JudgeOutageDocument = z.infer<typeof judgeOutageSchema>;

/** What `aedev judges show` prints. */
export const judgeReportSchema = z
  .strictObject({
    prompt_digest: z.string(),
    bar: z.strictObject({ min_canaries: z.int(), min_catch_rate: z.number() }),
    canaries: z.strictObject({
      planted: z.int(),
      open: z.int(),
      /** The usage of all verdicts on canaries, including judges that are no longer configured; missing: it was not read. */
      used: usageSumSchema.optional(),
    }),
    families: z.array(familyReportSchema),
    pairs: z.array(pairReportSchema),
    /** Missing: every vendor is available. */
    outages: z.array(judgeOutageSchema).optional(),
  })
  .meta({ id: "JudgeReport" });
export type JudgeReport = z.infer<typeof judgeReportSchema>;

const countsSchema = z.strictObject({ "known-bad": z.int(), "known-good": z.int(), injection: z.int() });

/** What an audit would cost: the exact number of calls, and roughly how many tokens. */
export const auditEstimateSchema = z
  .strictObject({
    n: z.int(),
    plan: countsSchema,
    bundles: z.int(),
    families: z.array(familySchema),
    calls: z.int(),
    /** Past changes in which something can be planted; if 0, nothing is asked. */
    past_changes: z.int(),
    input_tokens: z.int(),
  })
  .meta({ id: "AuditEstimate" });
export type AuditEstimate = z.infer<typeof auditEstimateSchema>;

/** The progress of an audit. */
export const auditDocumentSchema = z
  .strictObject({
    audit_id: z.string(),
    n: z.int(),
    requested_at: instantSchema,
    wanted: countsSchema,
    planted: countsSchema,
    judged: z.int(),
    open: z.int(),
    /** Kinds that can't be planted any more, each with the reason. */
    stalled: z.partialRecord(plantedSchema, z.string()),
    superseded: z.boolean(),
    done: z.boolean(),
  })
  .meta({ id: "Audit" });
export type AuditDocument = z.infer<typeof auditDocumentSchema>;

/** `n`: the number of planted defects. Twins and injections are added to them. */
export const auditBodySchema = z.strictObject({ n: z.int().min(1).max(10_000) });

/** Whose credential to try with one tiny real call. */
export const probeBodySchema = z.strictObject({ what: z.enum(["coder", ...familySchema.options]) });
export type ProbeBody = z.infer<typeof probeBodySchema>;
/** The result of a probe. `detail`: why it failed, or what answered; never a credential. */
export const probeDocumentSchema = z
  .strictObject({ ok: z.boolean(), detail: z.string().nullable() })
  .meta({ id: "Probe" });
export type ProbeDocument = z.infer<typeof probeDocumentSchema>;

/** The result of a test message. `ok`: it was delivered, and as far as the daemon can tell the configured reply channel works. */
export const pushTrialSchema = z
  .strictObject({
    ok: z.boolean(),
    delivered: z.boolean(),
    /** How the message topic answers a request without credentials; null: not known. */
    topic: z.enum(["refused", "readable", "unproven"]).nullable(),
    /** Whether messages will have buttons. */
    buttons: z.boolean(),
    way_back: z.enum(["public_url", "reply_topic"]).nullable(),
    token: z.boolean(),
    /** Each problem, with the command that helps. */
    problems: z.array(z.string()),
  })
  .meta({ id: "PushTrial" });
export type PushTrial = z.infer<typeof pushTrialSchema>;
