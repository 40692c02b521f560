/** Events of a coder's run, on the stream of its task: its start, its end with or without a change, and what it was refused. */
import { z } from "zod";
import { captureNotesSchema } from "../capture-notes.ts";
import { continuationSchema } from "../continuation.ts";
import { environmentSchema } from "../evidence.ts";
import { blobSchema, gitIdSchema, runIdSchema } from "../ids.ts";
import { repositorySettingsSchema } from "../settings.ts";
import { stuckSchema } from "../stuck.ts";
import { usageSchema } from "../usage.ts";
import { profileSchema } from "./profile.ts";

export const runEvents = {
  /** The base was fetched, its settings were read, and a run is about to start: it costs money, so it is logged first. */
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
    /** What it starts from after an interrupted run; absent: it follows none. */
    continues: continuationSchema.optional(),
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
  /** A run ended without a change to check. The hold follows in the same command, unless the run was already given up: then only its usage and what it wrote are recorded. */
  RunEnded: z.strictObject({
    run_id: runIdSchema,
    /** Its end is in the log already, and this adds what was not known then; absent: this is its end. */
    again: z.literal(true).optional(),
    /** The task has begun another run since; absent: it has not, or a version that did not record it wrote the event. */
    earlier: z.literal(true).exactOptional(),
    /** What no earlier event of the run has counted. */
    usage: usageSchema,
    journal: blobSchema.nullable(),
    patch: blobSchema.nullable(),
    exit_code: z.int().nullable(),
    /** What was seen of a run that no longer got on; absent: it did not end for that. */
    stuck: stuckSchema.optional(),
    /** The coder's conversation so far, of a run that waits for a usage limit; absent: none was kept. */
    session: blobSchema.optional(),
    /** As of a captured change. */
    capture_notes: captureNotesSchema.exactOptional(),
  }),
  /** The gateway or capture refused a request or a path of this run (T4, T5). */
  RequestRefused: z.strictObject({ run_id: runIdSchema, what: z.string() }),
};
