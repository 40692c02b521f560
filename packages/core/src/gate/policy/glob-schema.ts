/** The schema of lists of path patterns in policies. */
import { z } from "zod";

/** A path pattern, matched at any depth and in any case. `!` patterns are refused: the matcher would not subtract them. */
const globSchema = z
  .string()
  .min(1)
  .max(300)
  .refine((glob) => !glob.startsWith("!"), "a pattern can't be negated");
export const globsSchema = z.array(globSchema).max(200);
