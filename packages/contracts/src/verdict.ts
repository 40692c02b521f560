/** A judge's answer, and the verdict that the judgement plane derives from it. Any answer that is not clean is `inconclusive`, with a detail. */
import { z } from "zod";
import { blobSchema, nonceSchema, sha256Schema } from "./ids.ts";
import { judgeFailureRule } from "./judge-failure.ts";
import { judgeUsageSchema } from "./usage.ts";

/** The families of judges. The first two are always asked. `compatible` is another vendor's OpenAI-compatible endpoint, asked if it is configured. */
export const families = ["openai", "gemini", "compatible"] as const;
export const familySchema = z.enum(families);
/** One nonce for each family that is asked about a bundle. */
export const verdictNoncesSchema = z.partialRecord(familySchema, nonceSchema);
export type VerdictNonces = z.infer<typeof verdictNoncesSchema>;
/** A judge vendor. */
export type Family = z.infer<typeof familySchema>;

/** In a citation, null counts as an absent key: one vendor's schema has no unions, so its citations have every key. */
const citationSchema = z.preprocess(
  (citation) =>
    typeof citation === "object" && citation !== null && !Array.isArray(citation)
      ? Object.fromEntries(Object.entries(citation).filter(([, part]) => part !== null))
      : citation,
  z.union([
    z.strictObject({ file: z.string().max(1000), line: z.int() }),
    z.strictObject({ evidence: z.string().max(100) }),
  ]),
);

/** The severity of a defect, from the least to the highest. A pass with a `high` or `critical` defect does not count as a pass. */
const severities = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof severities)[number];
/** An unknown severity counts as the highest. */
const severitySchema = z
  .string()
  .max(40)
  .transform((word): Severity => severities.find((known) => known === word.trim().toLowerCase()) ?? "critical");
/** The judge's own answer. `evidence` citations must name an entry of the bundle, `file`/`line` citations a line that the patch shows. */
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
        severity: severitySchema,
        file: z.string().max(1000),
        line: z.int(),
        text: z.string().max(4000),
      }),
    )
    .max(100),
  confidence: z.number().min(0).max(1),
});
export type JudgeAnswer = z.infer<typeof judgeAnswerSchema>;

/** Why a verdict is neither pass nor fail. `verdict`: the judge itself answered inconclusive, or its pass contradicts itself. The judgement plane sets all other details. */
export const inconclusiveDetailSchema = z
  .string()
  .regex(
    /^(verdict|http_[0-9]{3}|timeout|unreachable|unavailable|quota|invalid_json|nonce|digest|citation|confidence|refused|too_large|flip)$/,
  );

/** The two views of a bundle: unchanged, and with comments and string literals blanked and the evidence in another order. */
export const viewNames = ["plain", "blanked"] as const;
/** The name of a view of the bundle. */
export type ViewName = (typeof viewNames)[number];

/** Whether a judge whose verdict has this detail answered: neither pass nor fail, but final. With any other detail the judge gave no answer and can be asked again. */
export function isAnsweredDetail(detail: string | null): boolean {
  return detail !== null && judgeFailureRule(detail).waitsFor === "nothing";
}

/** The most tries of both views together that a verdict stores. */
const triesKeptMax = 40;
/** One request to a judge: its result, and the pause before the next request (null: there was none). */
const judgeTrySchema = z.strictObject({
  view: z.enum(viewNames),
  result: z.union([z.enum(["pass", "fail"]), inconclusiveDetailSchema]),
  wait_ms: z.int().nonnegative().nullable(),
});
export type JudgeTry = z.infer<typeof judgeTrySchema>;

/** One judge's verdict on one bundle, as the log keeps it. */
export const verdictSchema = z.strictObject({
  family: familySchema,
  model: z.string().max(100),
  verdict: z.enum(["pass", "fail", "inconclusive", "not_configured"]),
  detail: inconclusiveDetailSchema.nullable(),
  bundle_digest: sha256Schema,
  /** The judge's raw answer, stored as a blob for people; null if it gave none. */
  answer: blobSchema.nullable(),
  usage: judgeUsageSchema,
  /** Digest of the prompt's fixed text and form. A judge with another prompt counts as another judge. */
  prompt_digest: sha256Schema,
  /** The verdict for each view; a pass in one and a fail in the other is a `flip`. Empty if the judge was not asked. */
  views: z
    .array(
      z.strictObject({
        view: z.enum(viewNames),
        verdict: z.enum(["pass", "fail", "inconclusive"]),
        detail: inconclusiveDetailSchema.nullable(),
      }),
    )
    .max(viewNames.length),
  /** Every request by view, oldest first, if a view needed several. It contains no text of an answer. */
  tries: z.array(judgeTrySchema).max(triesKeptMax).optional(),
  /** The bundle that this verdict was first given for: the change is the same, so the judge was not asked again. Absent if it was asked. */
  reused_from: sha256Schema.optional(),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** Whether the judge answered, with a pass, a fail or a final answer that is neither. An answer is final. */
export function wasAnswered(verdict: Pick<Verdict, "verdict" | "detail" | "views" | "answer">): boolean {
  if (verdict.verdict !== "inconclusive") return verdict.verdict !== "not_configured";
  // `digest` and `nonce` are also set if the judge could not be asked; then there are no views and no answer.
  return isAnsweredDetail(verdict.detail) && (verdict.views.length > 0 || verdict.answer !== null);
}
