/** Asks OpenAI, or a compatible endpoint, through the official client with a strict JSON schema. An endpoint that refuses the schema is never asked without it. */
import type { JudgeUsage } from "@aedev/contracts";
import OpenAI from "openai";
import { z } from "zod";
import { outboundFetch } from "./outbound.ts";
import {
  type AskJudge,
  failed,
  type JudgeOutcome,
  type JudgeRequest,
  judgeUsageOf,
  noJudgeUsage,
  withinDeadline,
  withPath,
} from "./outcome.ts";

export const officialOpenaiUrl = "https://api.openai.com/v1";

export const askOpenai: AskJudge = (question) => complete(question, { max_completion_tokens: question.answerTokens });

/** Most compatible endpoints know only the older name `max_tokens`. Without an address, the client must not fall back to OpenAI's, which is another family. */
export const askCompatible: AskJudge = (question) =>
  question.baseUrl === null
    ? Promise.resolve(failed("unreachable"))
    : complete(question, { max_tokens: question.answerTokens });

const complete = (
  question: JudgeRequest,
  bound: { max_completion_tokens: number } | { max_tokens: number },
): Promise<JudgeOutcome> =>
  withinDeadline(question.timeoutMs, async (signal) => {
    const client = new OpenAI({
      apiKey: question.key,
      baseURL: question.baseUrl === null ? officialOpenaiUrl : withPath(question.baseUrl, "/v1"),
      maxRetries: 0,
      // aedev's own deadline fires first and also covers the body.
      timeout: question.timeoutMs + 1000,
      logLevel: "off",
      fetch: outboundFetch,
    });
    const completion: unknown = await client.chat.completions.create(
      {
        model: question.model,
        messages: [
          { role: "system", content: question.system },
          { role: "user", content: question.user },
        ],
        ...bound,
        response_format: {
          type: "json_schema",
          json_schema: { name: "verdict", strict: true, schema: verdictJsonSchema },
        },
      },
      { signal },
    );
    return readCompletion(completion);
  });

const count = z.int().nonnegative().catch(0);
const completionSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string().nullish(),
        message: z.looseObject({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
});
const usageSchema = z.looseObject({
  usage: z.looseObject({
    prompt_tokens: count,
    completion_tokens: count,
    prompt_tokens_details: z.looseObject({ cached_tokens: count }).nullish().catch(null),
    completion_tokens_details: z.looseObject({ reasoning_tokens: count }).nullish().catch(null),
  }),
});

/** Exported for tests: the outcome of one completion. A filtered or refused answer is `refused`; an empty or truncated answer is `invalid_json`. */
export function readCompletion(completion: unknown): JudgeOutcome {
  const usage = readUsage(completion);
  const choice = completionSchema.safeParse(completion).data?.choices[0];
  if (choice === undefined) return failed("invalid_json", usage);
  const { content, refusal } = choice.message;
  if (refusal) return failed("refused", usage, refusal);
  if (choice.finish_reason === "content_filter") return failed("refused", usage, content ?? null);
  if (!content || choice.finish_reason === "length") return failed("invalid_json", usage, content ?? null);
  return { kind: "answered", text: content, usage };
}

function readUsage(completion: unknown): JudgeUsage {
  const found = usageSchema.safeParse(completion).data?.usage;
  if (found === undefined) return noJudgeUsage;
  return judgeUsageOf({
    input: found.prompt_tokens,
    output: found.completion_tokens,
    cached: found.prompt_tokens_details?.cached_tokens ?? 0,
    reasoning: found.completion_tokens_details?.reasoning_tokens ?? 0,
  });
}

const record = (properties: Record<string, object>): Record<string, unknown> => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});
const text = { type: "string" };
const citation = { anyOf: [record({ file: text, line: { type: "integer" } }), record({ evidence: text })] };
const verdictJsonSchema = record({
  nonce: text,
  bundle_digest: text,
  verdict: { type: "string", enum: ["pass", "fail", "inconclusive"] },
  criteria: {
    type: "array",
    items: record({
      id: text,
      result: { type: "string", enum: ["met", "not_met", "unclear"] },
      citations: { type: "array", items: citation },
    }),
  },
  defects: {
    type: "array",
    items: record({
      severity: { type: "string", enum: ["low", "medium", "high", "critical"] },
      file: text,
      line: { type: "integer" },
      text,
    }),
  },
  confidence: { type: "number" },
});
