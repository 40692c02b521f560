/** What a judge answers and what the judgement plane makes of it. Anything but a clean answer is `inconclusive` with its detail. */
import { z } from "zod";
import { usageSchema } from "./evidence.ts";
import { blobSchema, nonceSchema, sha256Schema } from "./names.ts";

/** The first two are always asked; `compatible` is any OpenAI-compatible endpoint of another vendor, asked where one is configured. */
export const families = ["openai", "gemini", "compatible"] as const;
export const familySchema = z.enum(families);
/** One nonce for each family that is asked about a bundle. */
export const verdictNoncesSchema = z.partialRecord(familySchema, nonceSchema);
export type VerdictNonces = z.infer<typeof verdictNoncesSchema>;
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
  .regex(/^(verdict|http_[0-9]{3}|timeout|unreachable|invalid_json|nonce|digest|citation|refused|too_large|flip)$/);

/** The two looks at a bundle: as it is, and with comments and string literals blanked and the evidence in another order. */
export const viewNames = ["plain", "blanked"] as const;
export type ViewName = (typeof viewNames)[number];

/** Details of an answer that came and is no pass or fail: it stands. With every other detail nothing was answered, and the judge may be asked again. */
const answeredDetails: readonly string[] = [
  "verdict",
  "flip",
  "citation",
  "nonce",
  "digest",
  "invalid_json",
  "refused",
];

export function isAnsweredDetail(detail: string | null): boolean {
  return detail !== null && answeredDetails.includes(detail);
}

export const verdictSchema = z.strictObject({
  family: familySchema,
  model: z.string().max(100),
  verdict: z.enum(["pass", "fail", "inconclusive", "not_configured"]),
  detail: inconclusiveDetailSchema.nullable(),
  bundle_digest: sha256Schema,
  /** The judge's raw answer, kept as a blob for the person; null where there was none. */
  answer: blobSchema.nullable(),
  usage: usageSchema.pick({ input_tokens: true, output_tokens: true }),
  /** Digest of the prompt's fixed text and form: a judge under another prompt is another judge. Null in records from before it was kept. */
  prompt_digest: sha256Schema.nullable(),
  /** What each look said; a pass in one and a fail in the other is a `flip`. Empty where nothing was asked. */
  views: z
    .array(
      z.strictObject({
        view: z.enum(viewNames),
        verdict: z.enum(["pass", "fail", "inconclusive"]),
        detail: inconclusiveDetailSchema.nullable(),
      }),
    )
    .max(viewNames.length),
  /** Bundle under which this very verdict was given before: the change is the same, so nobody was asked again. Absent where the judge was asked. */
  reused_from: sha256Schema.optional(),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** Whether a judge has spoken on this: a pass, a fail, or an answer that is neither. What was spoken stands. */
export function wasAnswered(verdict: Pick<Verdict, "verdict" | "detail" | "views" | "answer">): boolean {
  if (verdict.verdict !== "inconclusive") return verdict.verdict !== "not_configured";
  // `digest` and `nonce` are also said of what could not be asked at all; that has no look and no answer.
  return isAnsweredDetail(verdict.detail) && (verdict.views.length > 0 || verdict.answer !== null);
}
