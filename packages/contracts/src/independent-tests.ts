/** Tests that another run of the coder wrote from the specification alone, and what they show about a change (ADR 0044). */
import { z } from "zod";
import { counted } from "./figures.ts";
import type { HoldCode } from "./hold-code.ts";
import { summarizeList } from "./summarize-list.ts";

/**
 * Why no test was compared. `no-files`: that run added no test file. `no-results`: no command gives a result for each test. `not-loaded`: not all of its
 * tests could be loaded on the change, for example because they use a name that only that run's code has, or a command fails with them although no test
 * fails. `none-counted`: each test failed on that run's own code, passed on the base or gave different results. `unavailable`: no failure counts, and a
 * command reported nothing although its results were needed, or something outside aedev failed, such as the engine.
 */
const uncomparedReasons = ["no-files", "no-results", "not-loaded", "none-counted", "unavailable"] as const;
type UncomparedReason = (typeof uncomparedReasons)[number];

export const independentTestsSchema = z.strictObject({
  /** That run's new files, which ran together with the base's tests. */
  files: z.array(z.string().max(5000)).max(200),
  /** Their tests that passed and failed on the changed code. */
  passed: z.int().nonnegative(),
  /** Tests that fail on the changed code every time, pass on that run's own code, and do not pass on the base. */
  failed: z.array(z.string().max(1000)).max(1000),
  /** Tests that do not count: they gave different results on the changed code, or they failed there and also pass on the base or fail on that run's own code. */
  uncounted: z.int().nonnegative(),
  /** Present if and only if no test was compared. */
  why_none: z.enum(uncomparedReasons).exactOptional(),
});
/** The results of another run's tests. */
export type IndependentTests = z.infer<typeof independentTestsSchema>;

const whyMissing = [
  "held",
  "not-in-time",
  "restored",
  "no-files",
  "not-loaded",
  "none-counted",
  "unavailable",
] as const;
/**
 * Why no test of that run could be compared, so that a person is asked. `held`: a hold ended the run or prevented it. `not-in-time`: the run did not
 * start or continue within an hour. `restored`: the change is from before a run for tests, and gets none. Other values are as in `why_none`.
 */
export const whyMissingSchema = z.enum(whyMissing);

/**
 * The outcome of the run that was to write tests for a change. `isSecond`: it is the last such run, and the coder of this change may have been told the
 * tests of the first. `missing`: why it gave no tests, with the code of its hold; null: it wrote some.
 */
export interface IndependentOutcome {
  readonly isSecond: boolean;
  readonly missing: { readonly why: z.infer<typeof whyMissingSchema>; readonly code: HoldCode | null } | null;
}

/** The end of a sentence that begins with the run. */
export const whyMissingTexts: Record<z.infer<typeof whyMissingSchema>, string> = {
  held: "could not finish",
  "not-in-time": "did not start or continue within an hour",
  restored: "does not do so for the change from before a run for tests",
  "none-counted": "none of its tests counts",
  "not-loaded": "its tests did not all load on this change, or a command failed with them",
  "no-files": "added no file of tests",
  unavailable: "its tests did not all give a result",
};

/** The sentence that every client and the judges' prompt show. */
export function independentTestsText(found: IndependentTests, show: (text: string) => string): string {
  const { passed, failed, uncounted, why_none: why } = found;
  if (why !== undefined) return `no independent tests: ${uncomparedTexts[why]}`;
  const rest = uncounted === 0 ? "" : `; ${counted(uncounted, "failure")} not counted`;
  if (failed.length === 0) return `${counted(passed, "independent test")} passed${rest}`;
  return `${failed.length} of ${counted(passed + failed.length, "independent test")} failed: ${summarizeList(failed.map(show), 300)}${rest}`;
}

const uncomparedTexts: Record<UncomparedReason, string> = {
  "no-files": "that run added no file of tests",
  "no-results": "no command gives results of single tests",
  "not-loaded": "they did not all load on this change, or a command failed with them",
  "none-counted": "none of them counts",
  unavailable: "they did not all give a result",
};
