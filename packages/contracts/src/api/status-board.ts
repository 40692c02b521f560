/**
 * The response of `GET /status-board.json`: whether the night is all right, in one document. It is the only input of the status board at the terminal and in
 * the browser. What is not measured is null, and the `why` beside it says why. Its texts are one visible line each.
 */
import { z } from "zod";
import { homeSignalSchema } from "../home-signal.ts";
import { gitIdSchema, instantSchema } from "../ids.ts";
import { laneClosedSchema, laneRecordSchema } from "../lane.ts";
import { familySchema } from "../verdict.ts";
import type { Immutable } from "./basics.ts";
import { pausedRepositorySchema, workPauseSchema } from "./pause.ts";
import { untrustedLogSchema, waitingItemSchema } from "./status.ts";
import { holdDocumentSchema, missionStatusSchema } from "./task.ts";

/** Schema of the first rows of a list and the number of rows left out. */
const capped = <S extends z.ZodType>(row: S) => z.strictObject({ rows: z.array(row), more: z.int().nonnegative() });
/** The first rows of a list, and the number of rows left out. */
export interface Capped<T> {
  readonly rows: readonly T[];
  readonly more: number;
}

const count = z.int().nonnegative();

/**
 * Why a fact is null. `no-commit`: this installation is no checkout. `no-start`: the log has no start of a daemon. `no-proofs`: this installation has no table
 * of proofs. `in-words`: a person has to judge some results. `not-asked`: the engine was not asked. `unreadable`: the configuration, the price list or the policy can't be read.
 */
const unmeasuredReasons = ["no-commit", "no-start", "no-proofs", "in-words", "not-asked", "unreadable"] as const;
/** Why a fact is null. */
export type UnmeasuredReason = (typeof unmeasuredReasons)[number];
const why = <R extends UnmeasuredReason>(...reasons: readonly [R, ...R[]]) => z.enum(reasons).nullable();

/** How a soak was interrupted. `daemon-died`: the daemon ended without being stopped. The other two: that plane ended and was started again. */
const interruptionKinds = ["daemon-died", "daemon-stopped", "execution-ended", "judgement-ended"] as const;
/** How a soak was interrupted. */
export type InterruptionKind = (typeof interruptionKinds)[number];

/** What stops or endangers the night, besides signals. `demo`: nothing is real. `work-stopped`: all work is paused, and runs were stopped. */
const alertKinds = [
  "demo",
  "untrusted",
  "daemon-stuck",
  "daemon-stopped",
  "daemon-died",
  "work-paused",
  "work-stopped",
  "repository-paused",
  "landings-paused",
  "judge-out",
  "push-undelivered",
  "engine-silent",
] as const;
/** The kind of an alert. */
export type AlertKind = (typeof alertKinds)[number];
const alertSchema = z.strictObject({
  kind: z.enum(alertKinds),
  /** The repository or the judge; null: none. */
  name: z.string().nullable(),
  /** How many tasks wait, or how many pushes did not arrive; null: nothing is counted. */
  count: count.nullable(),
  since: instantSchema.nullable(),
  /** Who paused. */
  by: z.string().nullable(),
  /** The first reason why the log is not trusted. */
  detail: z.string().nullable(),
  /** The alert without the fields above, but with name and count. */
  text: z.string(),
  /** The command that helps. */
  help: z.string(),
});
/** Something that stops or endangers the night. */
export type BoardAlert = z.infer<typeof alertSchema>;

const openTaskSchema = <S extends string>(status: S) =>
  z.strictObject({
    task_id: z.string(),
    mission_id: z.string(),
    title: z.string(),
    repository: z.string(),
    status: z.literal(status),
    runs: count,
    /** When its present phase started. */
    since: instantSchema,
  });
const landedSchema = z.strictObject({
  task_id: z.string(),
  mission_id: z.string(),
  title: z.string(),
  repository: z.string(),
  commit: z.string(),
  landed_at: instantSchema,
});
/** `by`: who paused, as people read it; null: not recorded. */
const pausedBy = { by: z.string().nullable() };

const releaseSchema = z.strictObject({
  version: z.string(),
  /** The checkout's commit. Edits of its files are not noticed. */
  commit: gitIdSchema.nullable(),
  why: why("no-commit"),
});

/**
 * A day without interruption. `t0`: the last start of a daemon that followed no death, or the given time. `interruptions`: since then, newest first.
 * `result` is `fail` after an interruption and while the daemon is dead or stuck, and `stopped` while it is stopped on purpose.
 */
const soakSchema = z.strictObject({
  t0: instantSchema.nullable(),
  required_seconds: z.int().positive(),
  elapsed_seconds: count.nullable(),
  progress_percent: z.int().min(0).max(100).nullable(),
  result: z.enum(["pass", "running", "fail", "stopped"]).nullable(),
  interruptions: capped(z.strictObject({ at: instantSchema, what: z.enum(interruptionKinds) })),
  why: why("no-start"),
});

const healthSchema = z.strictObject({
  /** What a person should know first; signals are under their own key. */
  alerts: capped(alertSchema),
  daemon: z.strictObject({
    /** `stuck`: it answers, but its loop completes no pass, or it does not answer. `died`: it is down, and nobody stopped it. */
    status: z.enum(["running", "stuck", "stopped", "died"]),
    /** When it started; null: it is down, or the log does not say. */
    since: instantSchema.nullable(),
    /** Since the loop completed a pass; null: not known, because nobody answers. */
    pass_age_ms: count.nullable(),
    /** When the log's last event was recorded; null: the log is empty. */
    last_event_at: instantSchema.nullable(),
  }),
  /** Null while the log is trusted. */
  untrusted: untrustedLogSchema.nullable(),
  engine: z.strictObject({ answers: z.boolean().nullable(), why: why("not-asked") }),
  notifier: z.strictObject({
    /** `well`: it is configured, and nothing waits to be delivered. */
    status: z.enum(["not-configured", "paused", "undelivered", "well"]),
    undelivered: count,
  }),
  /** Families that are out. */
  judges_out: count,
});

const queueSchema = z.strictObject({
  /** All missions and all tasks, ended ones too. */
  missions: z.record(missionStatusSchema, z.int()),
  tasks: z.partialRecord(missionStatusSchema, z.int()),
  repositories: count,
  /** Proposed missions that wait for a person. */
  proposals: count,
  /** What waits for a person. */
  waiting: capped(waitingItemSchema),
  /** The open mission that was submitted first; null: none is open. */
  oldest: z.strictObject({ mission_id: z.string(), title: z.string(), submitted_at: instantSchema }).nullable(),
});

/** Tasks by their own status; tasks that have been longest in their phase come first, and landed ones last landed first. */
const taskStateSchema = z.strictObject({
  running: capped(openTaskSchema("running")),
  judging: capped(openTaskSchema("judging")),
  approved: capped(openTaskSchema("approved")),
  landed: capped(landedSchema),
});

/** The workbook's proofs. `noted`: of commands whose result a person noted. `blocked`: what failed or has not run. `recommendation`: `go` if every proof passed. */
const gatesSchema = z.strictObject({
  total: count.nullable(),
  passed: count.nullable(),
  noted: count.nullable(),
  blocked: capped(z.string()),
  recommendation: z.enum(["go", "no-go"]).nullable(),
  why: why("no-proofs", "in-words"),
});

/** What was used since midnight by the machine's clock. A dollar amount does not contain what has no known price. */
const usageSchema = z.strictObject({
  runs: count,
  requests: count,
  tokens: count,
  nano_usd: count.nullable(),
  /** Requests of unknown price. */
  unpriced_requests: count,
  /** The budgets of a day that have a limit, both in `unit`; null: not known. */
  budgets: z
    .array(
      z.strictObject({
        key: z.string(),
        unit: z.enum(["tokens", "nano_usd", "ms", "runs"]),
        used: z.number(),
        limit: z.number(),
      }),
    )
    .nullable(),
  why: why("unreadable"),
});

const pauseSchema = z.strictObject({
  /** The pause of all work; null: none. */
  home: workPauseSchema.extend(pausedBy).nullable(),
  /** Repositories that are paused on their own. `since` null: not recorded. */
  repositories: capped(pausedRepositorySchema.extend({ since: instantSchema.nullable(), ...pausedBy })),
});

const laneSchema = z.strictObject({
  /** Changes that merged without an approval in 30 days; null: none. */
  merged_alone: laneRecordSchema.nullable(),
  /** Kinds of change that are asked about from now on; `help` is the command that lets them merge again. */
  closed: capped(
    laneClosedSchema.omit({ bound: true }).extend({ repository: z.string(), text: z.string(), help: z.string() }),
  ),
});

const judgesSchema = z.strictObject({
  /** The configured families; null: not known. */
  families: z
    .array(
      z.strictObject({
        family: familySchema,
        model: z.string().nullable(),
        /** `well`: it was asked, and no outage is recorded. */
        status: z.enum(["well", "out", "not-asked"]),
        since: instantSchema.nullable(),
        /** Tasks that wait for it. */
        waiting: count,
        /** Planted defects that it answered and caught with this model and prompt. */
        planted: count,
        caught: count,
        /** False: its record is below the policy's bar, and its votes don't count. */
        counts: z.boolean(),
      }),
    )
    .nullable(),
  why: why("unreadable"),
});

/** The data of the status board. Each list has its own limit. */
export const statusBoardSchema = z
  .strictObject({
    schema_version: z.literal(1),
    generated_at: instantSchema,
    /** The position of the log's last event. */
    position: count,
    release_state: releaseSchema,
    soak: soakSchema,
    runtime_health: healthSchema,
    queue: queueSchema,
    task_state: taskStateSchema,
    /** At most one signal of each kind. `text` says what is wrong, and `help` is the command that helps. */
    signals: z.array(homeSignalSchema.omit({ detail: true }).extend({ text: z.string(), help: z.string() })),
    ga_gates: gatesSchema,
    usage: usageSchema,
    pause: pauseSchema,
    lane: laneSchema,
    judges: judgesSchema,
    /** Oldest first. */
    holds: capped(holdDocumentSchema),
  })
  .meta({ id: "StatusBoard" });
/** The status board's data. */
export type StatusBoardDocument = Immutable<z.infer<typeof statusBoardSchema>>;
