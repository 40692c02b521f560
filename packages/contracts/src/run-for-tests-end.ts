/** How a run for tests ended (ADR 0043). */
import { z } from "zod";

/**
 * Why a change waits for approval again. `held`: the run, its checks or its judging ended in a hold. `other-reasons`, `riskier`: the gate would ask
 * about the run's change for more reasons, or at a higher risk.
 */
export const restoreCauseSchema = z.enum(["held", "other-reasons", "riskier", "not-started"]);
/** How the run ended for the change that a person is asked about. `not-enough`: that change is the run's own. */
export const runForTestsEndSchema = z.enum([...restoreCauseSchema.options, "not-enough"]);

/** The end of a sentence that begins with the run. */
export const runForTestsEndTexts: Record<z.infer<typeof runForTestsEndSchema>, string> = {
  held: "failed",
  "other-reasons": "made a change that needs approval for other reasons",
  riskier: "made a change with a higher risk",
  "not-started": "could not start within an hour",
  "not-enough": "was not enough",
};
