/** The evidence of the mutation sample. */
import { z } from "zod";

/** The result of mutating the changed lines. `survived`: mutants that no test noticed. `why_not`: why the mutation did not run or did not finish. */
export const mutationSampleSchema = z.strictObject({
  tool: z.string().max(100),
  lines: z.int().nonnegative(),
  mutants: z.int().nonnegative(),
  killed: z.int().nonnegative(),
  survived: z.int().nonnegative(),
  timed_out: z.int().nonnegative(),
  not_covered: z.int().nonnegative(),
  survivors: z
    .array(
      z.strictObject({
        file: z.string(),
        line: z.int(),
        mutator: z.string().max(100),
        replacement: z.string().max(300),
      }),
    )
    .max(50),
  duration_ms: z.int().nonnegative(),
  why_not: z.string().max(500).nullable(),
});
export type MutationSample = z.infer<typeof mutationSampleSchema>;
