/** What a judge answers and what the judgement plane makes of it. Anything but a clean answer is `inconclusive` with its detail. */
import { z } from "zod";
import { usageSchema } from "./evidence.ts";
import { blobSchema, sha256Schema } from "./names.ts";

export const families = ["openai", "gemini"] as const;
export const familySchema = z.enum(families);
export type Family = z.infer<typeof familySchema>;

export const citationSchema = z.union([
  z.strictObject({ file: z.string().max(1000), line: z.int() }),
  z.strictObject({ evidence: z.string().max(100) }),
]);
/** The judge's own answer; `evidence` citations must name an entry of the bundle, `file`/`line` a line the patch shows. */
export const judgeAnswerSchema = z.strictObject({
  nonce: z.string(),
  bundle_digest: z.string(),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  criteria: z
    .array(
      z.strictObject({
        id: z.string().max(40),
        result: z.enum(["met", "not_met", "unclear"]),
        citations: z.array(citationSchema).max(100),
      }),
    )
    .max(64),
  defects: z
    .array(
      z.strictObject({
        severity: z.string().max(40),
        file: z.string().max(1000),
        line: z.int(),
        text: z.string().max(4000),
      }),
    )
    .max(100),
  confidence: z.number().min(0).max(1),
});
export type JudgeAnswer = z.infer<typeof judgeAnswerSchema>;

/** Why a verdict is not pass or fail by the judge's word: `verdict` is the judge saying inconclusive itself; `http_<status>`, `timeout`, `unreachable` and the rest are ours. */
export const inconclusiveDetailSchema = z
  .string()
  .regex(/^(verdict|http_[0-9]{3}|timeout|unreachable|invalid_json|nonce|digest|citation|refused|too_large)$/);

export const verdictSchema = z.strictObject({
  family: familySchema,
  model: z.string().max(100),
  verdict: z.enum(["pass", "fail", "inconclusive", "not_configured"]),
  detail: inconclusiveDetailSchema.nullable(),
  bundle_digest: sha256Schema,
  /** The judge's raw answer, kept as a blob for the person; null where there was none. */
  answer: blobSchema.nullable(),
  usage: usageSchema.pick({ input_tokens: true, output_tokens: true }),
});
export type Verdict = z.infer<typeof verdictSchema>;
