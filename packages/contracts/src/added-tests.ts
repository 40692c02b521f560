/** Whether the tests that a change adds without changing code notice faults (ADR 0048): they ran on mutants of the code. */
import { z } from "zod";
import { type UntriedMutants, untriedMutantsSchema, untriedTexts } from "./edited-tests.ts";
import { counted } from "./figures.ts";

export const addedTestsSchema = z.strictObject({
  /** Mutants that the tests ran on. */
  tried: z.int().nonnegative(),
  /** Present only if no mutant was tried. */
  why_untried: untriedMutantsSchema.optional(),
  /** Added tests that pass on the code and fail on a mutant, and those that fail on none. */
  noticing: z.int().nonnegative(),
  unnoticing: z.array(z.string().max(1000)).max(1000),
});
/** The results of added tests on mutants. */
export type AddedTests = z.infer<typeof addedTestsSchema>;

/** The sentence that every client and the judges' prompt show. */
export function addedTestsText({ tried, why_untried: why, noticing, unnoticing }: AddedTests): string {
  if (tried === 0) return `whether the added tests notice faults was not tried${whyText(why)}`;
  const all = noticing + unnoticing.length;
  return `${noticing} of ${counted(all, "added test")} fail on at least one of ${counted(tried, "mutant")} of the code`;
}

const whyText = (why: UntriedMutants | undefined) => (why === undefined ? "" : `: ${untriedTexts[why]}`);
