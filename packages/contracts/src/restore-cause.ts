/** What became of a run that was to add tests to a change. */
import { z } from "zod";

/** Why a change waits for approval again. `held`: the run, its checks or its judging ended in a hold; `other-reasons` and `riskier`: its change would be asked about for more. */
export const restoreCauseSchema = z.enum(["held", "other-reasons", "riskier", "not-started"]);
/** The same of the change that a person is asked about. `not-enough`: it is the one that the run made. */
export const testRunEndSchema = z.enum([...restoreCauseSchema.options, "not-enough"]);

/** The end of a sentence about the run. */
export const testRunEndTexts: Record<z.infer<typeof testRunEndSchema>, string> = {
  held: "failed",
  "other-reasons": "made a change that needs approval for other reasons",
  riskier: "made a change with a higher risk",
  "not-started": "could not start within an hour",
  "not-enough": "was not enough",
};
