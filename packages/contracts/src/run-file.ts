/** The one file that a draft's or a set-up run leaves beside its checkout: its bounds, and why it is worth nothing. */
import { z } from "zod";
import { holdCodeSchema } from "./hold-code.ts";

/** Bytes that are read of the file; a larger one is refused. */
export const runFileBytesMax = 16 * 1024;
/** Nesting of its JSON. */
export const runFileDepthMax = 3;

/** Why a run left nothing to use: a hold code if the run itself failed, otherwise what is wrong with its file. */
export const runFileFailureSchema = z.enum([
  ...holdCodeSchema.options,
  "no-file",
  "too-large",
  "not-json",
  "wrong-form",
  "secret",
  "stopped",
]);
export type RunFileFailure = z.infer<typeof runFileFailureSchema>;

/** A run that left nothing to use. */
export const failedRunSchema = z.strictObject({
  outcome: z.literal("failed"),
  code: runFileFailureSchema,
  detail: z.string().max(500).nullable(),
});
export type FailedRun = z.infer<typeof failedRunSchema>;

/** The daemon or its execution plane ended before the run did. */
export const interruptedRunSchema = z.strictObject({ outcome: z.literal("interrupted") });
