/** Tests that did not run with a change, and changed code that only they check. */
import { z } from "zod";

const path = z.string().max(1000);
/** The most files of code, and the most needs of a file, that are listed. */
export const [skippedCodeMax, needsMax] = [50, 5] as const;

/** `tests`: how many tests did not run; each test of a skipped group counts. `code`: changed files of code that no executed test checks, although a skipped test of `test_file` would. */
export const skippedTestsSchema = z.strictObject({
  tests: z.int().nonnegative(),
  code: z
    .array(
      z.strictObject({
        path,
        test_file: path,
        tests: z.int().nonnegative(),
        /** What the tests lack, if their source names it: environment variables, packages. */
        needs: z.array(z.string().max(100)).max(needsMax),
      }),
    )
    .max(skippedCodeMax),
});
export type SkippedTests = z.infer<typeof skippedTestsSchema>;

/** The typed fact for `onlySkippedSentence`. */
export const onlySkippedFact = z.strictObject({
  kind: z.literal("only-skipped-tests"),
  path: z.string(),
  test_file: z.string(),
  tests: z.int().nonnegative(),
  needs: z.array(z.string()),
  more: z.int().nonnegative(),
});

/** The sentence for `onlySkippedFact`. `name` makes a name safe to show. */
export function onlySkippedSentence(
  { path: code, test_file, tests, needs, more }: z.infer<typeof onlySkippedFact>,
  name: (text: string) => string,
): string {
  const rest = more > 0 ? ` (and so for ${more} more changed ${more === 1 ? "file" : "files"})` : "";
  const give = needs.length === 0 ? "" : `; give them ${needs.map(name).join(", ")} in the verify command to run them`;
  return `only skipped tests check the change to ${name(code)}: ${tests} in ${name(test_file)} did not run${give}${rest}`;
}
