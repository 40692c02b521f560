/** Tests that did not run with a change, and changed code that only they check. */
import { z } from "zod";

const path = z.string().max(1000);
/** How many files of code, and needs of one, are listed. */
export const [skippedCodeMax, needsMax] = [50, 5] as const;

/** `tests`: those of a skipped group count each. `code`: changed files of code that no test which ran checks, but one of `test_file` would. */
export const skippedTestsSchema = z.strictObject({
  tests: z.int().nonnegative(),
  code: z
    .array(
      z.strictObject({
        path,
        test_file: path,
        tests: z.int().nonnegative(),
        /** What the tests miss, if their source names it: environment variables, packages. */
        needs: z.array(z.string().max(100)).max(needsMax),
      }),
    )
    .max(skippedCodeMax),
});
/** Tests that did not run with a change, and changed code that only they check. */
export type SkippedTests = z.infer<typeof skippedTestsSchema>;

/** The fact of which `onlySkippedSentence` is the sentence. */
export const onlySkippedFact = z.strictObject({
  kind: z.literal("only-skipped-tests"),
  path: z.string(),
  test_file: z.string(),
  tests: z.int().nonnegative(),
  needs: z.array(z.string()),
  more: z.int().nonnegative(),
});

/** `name` makes a name safe to show. */
export function onlySkippedSentence(
  { path: code, test_file, tests, needs, more }: z.infer<typeof onlySkippedFact>,
  name: (text: string) => string,
): string {
  const rest = more > 0 ? ` (and so for ${more} more changed ${more === 1 ? "file" : "files"})` : "";
  const give = needs.length === 0 ? "" : `; give them ${needs.map(name).join(", ")} in the verify command to run them`;
  return `only skipped tests check the change to ${name(code)}: ${tests} in ${name(test_file)} did not run${give}${rest}`;
}
