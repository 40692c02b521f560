/** Events of a coder's run, on the stream of its task: its start, its end with or without a change, and its refused requests. */
import { z } from "zod";
import { captureNotesSchema } from "../capture-notes.ts";
import { continuationSchema } from "../continuation.ts";
import { environmentSchema } from "../evidence.ts";
import { blobSchema, gitIdSchema, runIdSchema } from "../ids.ts";
import { runMemorySchema } from "../memory.ts";
import { repositorySettingsSchema } from "../settings.ts";
import { stuckSchema } from "../stuck.ts";
import { usageSchema } from "../usage.ts";
import { profileSchema } from "./profile.ts";

export const runEvents = {
  /** The base was fetched, its settings were read, and a run is about to start. The run costs money, so it is logged first. */
  RunStarted: z.strictObject({
    run_id: runIdSchema,
    attempt: z.int().positive(),
    base_commit: gitIdSchema,
    ref: z.string(),
    prompt: blobSchema,
    settings: repositorySettingsSchema,
    /** The policy and profile of this run: the operator's policy tightened by the base's `.aedev.yaml`. */
    policy: blobSchema,
    profile: profileSchema,
    /** What it starts from after an interrupted run; absent: it starts fresh. */
    continues: continuationSchema.optional(),
    /** How many of the task's messages to its coder the prompt has; absent: none. */
    told: z.int().positive().optional(),
    /** Which lessons its prompt has, and which were left out; absent: none fitted, or memory is off. */
    memory: runMemorySchema.exactOptional(),
  }),
  /** The coder finished, and its change was captured as a patch. */
  ChangeCaptured: z.strictObject({
    run_id: runIdSchema,
    tree: gitIdSchema,
    patch: blobSchema,
    usage: usageSchema,
    environment: environmentSchema,
    journal: blobSchema,
    transcript: blobSchema.nullable(),
    /** What the capture put back or left out; absent: nothing. */
    capture_notes: captureNotesSchema.exactOptional(),
  }),
  /** A run ended without a change to check. The hold follows in the same command. If the run was given up before, only its usage and its work are recorded. */
  RunEnded: z.strictObject({
    run_id: runIdSchema,
    /** The log already has its end, and this event adds what was unknown then; absent: this event is its end. */
    again: z.literal(true).optional(),
    /** The task has started another run since; absent: it has not, or a version that did not record it wrote the event. */
    earlier: z.literal(true).exactOptional(),
    /** Usage that no earlier event of the run has counted. */
    usage: usageSchema,
    journal: blobSchema.nullable(),
    patch: blobSchema.nullable(),
    exit_code: z.int().nullable(),
    /** Why the run was considered stuck; absent: it did not end because it was stuck. */
    stuck: stuckSchema.optional(),
    /** The coder's conversation so far, of a run that waits for a usage limit; absent: none was kept. */
    session: blobSchema.optional(),
    /** What the capture put back or left out; absent: nothing. */
    capture_notes: captureNotesSchema.exactOptional(),
  }),
  /** The gateway or capture refused a request or a path of this run (T4, T5). */
  RequestRefused: z.strictObject({ run_id: runIdSchema, what: z.string() }),
};
