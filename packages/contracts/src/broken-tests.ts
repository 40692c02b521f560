/** Tests of the base that a request breaks, and those that a person allowed to change. */
import { z } from "zod";

/** Tests that one specification may allow to change. */
const allowedTestsMax = 64;
/** Test names as check results spell them, such as `test/split.test.js > splits at commas`. */
export const testNamesSchema = z.array(z.string().min(1).max(1000)).min(1).max(allowedTestsMax);

/** `found_by`: the checks of the first run, two runs whose checks fail alike, or the coder's own report. */
export const brokenTestsSchema = z.strictObject({
  names: testNamesSchema,
  found_by: z.enum(["checks", "runs", "coder"]),
});
export type BrokenTests = z.infer<typeof brokenTestsSchema>;
