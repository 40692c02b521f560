/** The one file that a draft or a set-up run leaves beside its checkout: its bounds, and why it can be useless. */
import { z } from "zod";
import { holdCodeSchema } from "./hold-code.ts";

/** The most bytes that are read of the file; a larger file is refused. */
export const runFileBytesMax = 16 * 1024;
/** The deepest nesting of its JSON. */
export const runFileDepthMax = 3;
/** The same for a proposed plan, whose parts have lists. */
export const planFileDepthMax = 4;

/** Why a run left nothing usable: a hold code if the run itself failed, otherwise what is wrong with its file. */
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

/** A run that left nothing usable. */
export const failedRunSchema = z.strictObject({
  outcome: z.literal("failed"),
  code: runFileFailureSchema,
  detail: z.string().max(500).nullable(),
});
export type FailedRun = z.infer<typeof failedRunSchema>;

/** The daemon or its execution plane ended before the run did. */
export const interruptedRunSchema = z.strictObject({ outcome: z.literal("interrupted") });
