/** Asks Gemini through its official client, with a response schema. The client uses the global `fetch`, which `outbound.ts` has replaced. */
import type { JudgeUsage } from "@aedev/contracts";
import { GoogleGenerativeAI, type Schema, SchemaType } from "@google/generative-ai";
import { z } from "zod";
import { type AskJudge, failed, type JudgeOutcome, judgeUsageOf, noJudgeUsage, withinDeadline } from "./outcome.ts";

export const officialGeminiUrl = "https://generativelanguage.googleapis.com";

export const askGemini: AskJudge = (question) =>
  withinDeadline(question.timeoutMs, async (signal) => {
    const model = new GoogleGenerativeAI(question.key).getGenerativeModel(
      {
        model: question.model,
        systemInstruction: question.system,
        generationConfig: {
          maxOutputTokens: question.answerTokens,
          responseMimeType: "application/json",
          responseSchema: verdictSchema,
        },
      },
      { baseUrl: geminiOrigin(question.baseUrl ?? officialGeminiUrl), apiVersion: "v1beta" },
    );
    const { response }: { response: unknown } = await model.generateContent(question.user, { signal });
    return readGenerated(response);
  });

/** The client appends the version. */
export function geminiOrigin(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, "").replace(/\/v1beta$/, "");
}

const count = z.int().nonnegative().catch(0);
const partSchema = z.looseObject({ text: z.string().nullish(), thought: z.boolean().nullish() });
const generatedSchema = z.looseObject({
  promptFeedback: z.looseObject({ blockReason: z.string().nullish() }).nullish(),
  candidates: z
    .array(
      z.looseObject({
        finishReason: z.string().nullish(),
        content: z.looseObject({ parts: z.array(partSchema).nullish() }).nullish(),
      }),
    )
    .nullish(),
});
const usageSchema = z.looseObject({
  usageMetadata: z.looseObject({
    promptTokenCount: count,
    candidatesTokenCount: count,
    thoughtsTokenCount: count,
    cachedContentTokenCount: count,
  }),
});
/** After `wholeReasons` the text is a complete answer, after `truncationReasons` it is not valid JSON; any other reason is the vendor's refusal. */
const wholeReasons = ["STOP", "FINISH_REASON_UNSPECIFIED"];
const truncationReasons = ["MAX_TOKENS", "MALFORMED_FUNCTION_CALL"];

/** Exported for tests: the outcome of one API response. */
export function readGenerated(response: unknown): JudgeOutcome {
  const usage = readUsage(response);
  const generated = generatedSchema.safeParse(response).data;
  if (generated === undefined) return failed("invalid_json", usage);
  const candidate = generated.candidates?.[0];
  if (candidate === undefined) return failed(generated.promptFeedback?.blockReason ? "refused" : "invalid_json", usage);
  const parts = candidate.content?.parts ?? [];
  const answer = parts.map((part) => (part.thought === true ? "" : (part.text ?? ""))).join("");
  const reason = candidate.finishReason ?? "STOP";
  if (!wholeReasons.includes(reason))
    return failed(truncationReasons.includes(reason) ? "invalid_json" : "refused", usage, answer || null);
  return answer === "" ? failed("invalid_json", usage) : { kind: "answered", text: answer, usage };
}

function readUsage(response: unknown): JudgeUsage {
  const found = usageSchema.safeParse(response).data?.usageMetadata;
  if (found === undefined) return noJudgeUsage;
  return judgeUsageOf({
    input: found.promptTokenCount,
    output: found.candidatesTokenCount + found.thoughtsTokenCount,
    cached: found.cachedContentTokenCount,
    reasoning: found.thoughtsTokenCount,
  });
}

const text: Schema = { type: SchemaType.STRING };
const integer: Schema = { type: SchemaType.INTEGER };
const oneOf = (...values: string[]): Schema => ({ type: SchemaType.STRING, format: "enum", enum: values });
const list = (items: Schema): Schema => ({ type: SchemaType.ARRAY, items });
const record = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  type: SchemaType.OBJECT,
  properties,
  required,
});
/** The client's schemas have no unions: every key is optional here, and `parseJudgeAnswer` accepts exactly one of the two forms. */
const citation = record({ file: text, line: integer, evidence: text }, []);
const verdictSchema = record({
  nonce: text,
  bundle_digest: text,
  verdict: oneOf("pass", "fail", "inconclusive"),
  criteria: list(record({ id: text, result: oneOf("met", "not_met", "unclear"), citations: list(citation) })),
  defects: list(record({ severity: oneOf("low", "medium", "high", "critical"), file: text, line: integer, text })),
  confidence: { type: SchemaType.NUMBER },
});
