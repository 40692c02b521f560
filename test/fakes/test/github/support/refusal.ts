/** GitHub's refusal as Octokit reports it. */
import { z } from "zod";

const errorSchema = z.looseObject({
  status: z.int(),
  response: z.looseObject({
    headers: z.record(z.string(), z.union([z.string(), z.number(), z.undefined()])),
    data: z.looseObject({
      message: z.string(),
      documentation_url: z.string(),
      status: z.string(),
      errors: z.array(z.unknown()).optional(),
    }),
  }),
});

/** Status, message, errors and headers of the answer; throws if there was no refusal. */
export async function refusal(answer: Promise<unknown>) {
  const error: unknown = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success) throw new Error("it was not refused", { cause: error });
  const { status, response } = parsed.data;
  const { message, errors } = response.data;
  return { status, message, errors, headers: response.headers };
}
