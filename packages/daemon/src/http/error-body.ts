/** The one shape of an error over HTTP: what, why, and the command that helps. */
import { z } from "zod";

export const errorSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), reason: z.string(), hint: z.string().nullable() }),
});

export function errorBody(code: string, reason: string, hint: string | null = null): z.infer<typeof errorSchema> {
  return { error: { code, reason, hint } };
}
