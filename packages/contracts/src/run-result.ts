/** How a run ended, as the execution plane reports it: with a change to check, or without one and with what it left. */
import { z } from "zod";
import { testNamesSchema } from "./broken-tests.ts";
import { captureNotesSchema } from "./capture-notes.ts";
import { environmentSchema } from "./evidence.ts";
import { holdCodeSchema } from "./hold-code.ts";
import { blobSchema, gitIdSchema, instantSchema } from "./ids.ts";
import { stuckSchema } from "./stuck.ts";
import { usageSchema } from "./usage.ts";

/** A run that ended without a change to check. `resumes_at`: when the hold ends automatically. `retry_free`: the run used no tokens, so it can be repeated at no cost. */
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
  /** Why the run was considered stuck; absent: it did not end because it was stuck. */
  stuck: stuckSchema.optional(),
  /** The coder's conversation so far, of a run that waits for a usage limit; absent: none was kept. */
  session: blobSchema.optional(),
  /** What the capture put back or left out; absent: nothing. */
  capture_notes: captureNotesSchema.exactOptional(),
  /** With a question: the tests of the base that the request breaks, according to the coder; absent: the coder names none. */
  breaks: testNamesSchema.exactOptional(),
});
/** The work of a run that nobody waits for any more: its patch from the base (null: it wrote nothing that could be kept), and its whole usage. */
export const salvagedWorkSchema = heldReportSchema.pick({ usage: true, journal: true, patch: true });
export type SalvagedWork = z.infer<typeof salvagedWorkSchema>;
/** A run that ended with a change. */
export const capturedReportSchema = z.strictObject({
  outcome: z.literal("captured"),
  /** The tree id of the candidate, and the patch from the base to it. Control applies the patch and compares the trees. */
  tree: gitIdSchema,
  patch: blobSchema,
  usage: usageSchema,
  environment: environmentSchema,
  /** The gateway's journal (manifest blob of the exchanges) and the coder's transcript: for people only, never part of a bundle. */
  journal: blobSchema,
  transcript: blobSchema.nullable(),
  exit_code: z.int(),
  capture_notes: captureNotesSchema.exactOptional(),
  /** The model has answered requests with all messages to the coder up to this number; absent: with none. */
  heard: z.int().positive().exactOptional(),
});
export type HeldReport = z.infer<typeof heldReportSchema>;
export type CapturedReport = z.infer<typeof capturedReportSchema>;
