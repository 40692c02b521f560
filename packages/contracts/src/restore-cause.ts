/** Why a change waits for approval again although a run was to add tests to it. */
import { z } from "zod";

/** `held`: the run, its checks or its judging ended in a hold; `other-reasons` and `riskier`: its change would be asked about for more. */
export const restoreCauseSchema = z.enum(["held", "other-reasons", "riskier", "not-started"]);
type RestoreCause = z.infer<typeof restoreCauseSchema>;

/** What became of the run, as the end of a sentence about it. */
export const restoreCauseTexts: Record<RestoreCause, string> = {
  held: "failed",
  "other-reasons": "made a change that needs approval for other reasons",
  riskier: "made a change with a higher risk",
  "not-started": "could not start within an hour",
};
