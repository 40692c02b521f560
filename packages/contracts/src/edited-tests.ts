/** Whether tests that were edited without code still notice faults (ADR 0041): the old and the new form of their files ran on mutants of the code. */
import { z } from "zod";
import { counted } from "./figures.ts";

const excerpt = z.string().max(100);
const ids = z.array(z.string().max(1000)).max(100);
const mutantSchema = z.strictObject({
  path: z.string().max(1000),
  line: z.int().nonnegative(),
  /** The excerpt of the code, and the mutant's text in its place. */
  before: excerpt,
  after: excerpt,
  /** Ids of tests that pass on the code and fail on the mutant in the base's form; `killed_by_new` has those that also fail in the change's form. */
  killed_by_old: ids,
  killed_by_new: ids,
});

/**
 * Why no mutant was tried. `unreadable`: the code could not be read in time. `control-failed`: the tests also fail if only a comment is added to the
 * code. `no-time`: one run of the tests takes too long. `unavailable`: something outside aedev failed, such as the engine.
 */
export const untriedMutantsSchema = z.enum(["unreadable", "control-failed", "no-time", "unavailable"]);
export type UntriedMutants = z.infer<typeof untriedMutantsSchema>;

export const editedTestsSchema = z.strictObject({
  /** Test files of the base whose tests the change edited. */
  paths: z.array(z.string().max(1000)).max(100),
  /** Mutants that the base's form of the tests ran on, and mutants left when the time was up. */
  tried: z.int().nonnegative(),
  untried: z.int().nonnegative(),
  /** Present only if no mutant was tried. */
  why_untried: untriedMutantsSchema.optional(),
  /** Mutants that a test of the base killed. */
  mutants: z.array(mutantSchema).max(60),
});
/** The results of both forms of such test files on mutants. */
export type EditedTests = z.infer<typeof editedTestsSchema>;

/** The sentence that every client and the judges' prompt show. */
export function editedTestsText({ tried, why_untried: why, mutants }: EditedTests): string {
  if (tried === 0)
    return `whether edited tests still notice faults was not tried${why === undefined ? "" : `: ${untriedTexts[why]}`}`;
  const kept = mutants.filter(({ killed_by_old: old, killed_by_new: now }) => old.length === now.length);
  return `of ${counted(tried, "mutant")} of the code the base's tests kill ${mutants.length}; the change's form of the same tests kills ${kept.length} of them`;
}

export const untriedTexts: Record<UntriedMutants, string> = {
  unreadable: "the code could not be read in time",
  "control-failed": "the tests also fail if only a comment is added to the code",
  "no-time": "the tests take too long",
  unavailable: "the tests could not run again",
};
