/**
 * Defines what a sandbox can ask the model's endpoint (THREATS T4): a strict schema for the body, which is parsed and serialized again. Anything
 * else is refused: server-side tools, MCP servers, containers, files, sources by URL, more expensive tiers. It forwards nothing.
 */

import type { GatewayLimits } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

/** The endpoint's only two paths that a sandbox can use. */
export const modelPaths = ["/v1/messages", "/v1/messages/count_tokens"] as const;
export type ModelPath = (typeof modelPaths)[number];

export interface ModelRequest {
  path: ModelPath;
  model: string;
  /** Zero for a token count request, which generates nothing. */
  maxTokens: number;
  /** Whether a block is to be cached for an hour. */
  cachesAnHour: boolean;
  /** Estimated tokens of its images and documents. */
  pictureTokens: number;
  /** The body, serialized again. */
  body: string;
}

const cacheControl = z
  .strictObject({
    type: z.literal("ephemeral"),
    ttl: z.enum(["5m", "1h"]).optional(),
    scope: z.string().max(40).optional(),
  })
  .nullable()
  .optional();
const textBlock = z.strictObject({
  type: z.literal("text"),
  text: z.string(),
  cache_control: cacheControl,
  citations: z.null().optional(),
});
const base64Source = z.strictObject({ type: z.literal("base64"), media_type: z.string().max(100), data: z.string() });
const textSource = z.strictObject({ type: z.literal("text"), media_type: z.string().max(100), data: z.string() });
const imageBlock = z.strictObject({ type: z.literal("image"), source: base64Source, cache_control: cacheControl });
const documentBlock = z.strictObject({
  type: z.literal("document"),
  source: z.discriminatedUnion("type", [base64Source, textSource]),
  title: z.string().nullable().optional(),
  context: z.string().nullable().optional(),
  cache_control: cacheControl,
});
const toolUseBlock = z.strictObject({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
  caller: z.strictObject({ type: z.literal("direct") }).optional(),
  cache_control: cacheControl,
});
const toolResultBlock = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z
    .union([z.string(), z.array(z.discriminatedUnion("type", [textBlock, imageBlock, documentBlock]))])
    .optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
});
const thinkingBlock = z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() });
const redactedBlock = z.strictObject({ type: z.literal("redacted_thinking"), data: z.string() });

const messageSchema = z.strictObject({
  role: z.enum(["user", "assistant", "system"]),
  content: z.union([
    z.string(),
    z.array(
      z.discriminatedUnion("type", [
        textBlock,
        imageBlock,
        documentBlock,
        toolUseBlock,
        toolResultBlock,
        thinkingBlock,
        redactedBlock,
      ]),
    ),
  ]),
});

/** Only client tools, which the sandbox runs. A tool with another `type` would run at the vendor. */
const toolSchema = z.strictObject({
  name: z.string().max(128),
  description: z.string().optional(),
  input_schema: z.record(z.string(), z.unknown()),
  type: z.literal("custom").nullable().optional(),
  cache_control: cacheControl,
  defer_loading: z.boolean().optional(),
  strict: z.boolean().optional(),
  eager_input_streaming: z.boolean().optional(),
});

const shared = {
  model: z.string().max(100),
  messages: z.array(messageSchema),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  tools: z.array(toolSchema).max(64).optional(),
  tool_choice: z
    .strictObject({
      type: z.enum(["auto", "any", "tool", "none"]),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().optional(),
    })
    .optional(),
  thinking: z
    .strictObject({
      type: z.enum(["enabled", "adaptive", "disabled"]),
      budget_tokens: z.int().positive().optional(),
      display: z.string().max(40).optional(),
    })
    .optional(),
  context_management: z
    .strictObject({
      edits: z.array(z.looseObject({ type: z.enum(["clear_thinking_20251015", "clear_tool_uses_20250919"]) })).max(8),
    })
    .nullable()
    .optional(),
  output_config: z
    .strictObject({
      effort: z.string().max(20).optional(),
      format: z
        .strictObject({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) })
        .nullable()
        .optional(),
    })
    .optional(),
};
const messagesSchema = z.strictObject({
  ...shared,
  max_tokens: z.int().positive(),
  stream: z.boolean().optional(),
  metadata: z.strictObject({ user_id: z.string().max(1000).nullable().optional() }).optional(),
  stop_sequences: z.array(z.string()).max(16).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().optional(),
  top_k: z.number().optional(),
});
const countTokensSchema = z.strictObject(shared);

/** The request to forward, or why it is refused. Never throws on what a sandbox sends. */
export function parseModelRequest(
  path: ModelPath,
  text: string,
  limits: GatewayLimits,
): ModelRequest | { kind: "refused"; reason: string } {
  if (hasTooManyValues(text)) return { kind: "refused", reason: "the body has too many values" };
  const json = parseJson(text);
  if (json === undefined) return { kind: "refused", reason: "the body is not JSON" };
  if (path === "/v1/messages/count_tokens") {
    const parsed = countTokensSchema.safeParse(json);
    if (!parsed.success) return { kind: "refused", reason: reasonOf(parsed.error) };
    return admitModel({ path, model: parsed.data.model, maxTokens: 0, body: serialized(parsed.data) }, limits);
  }
  const parsed = messagesSchema.safeParse(json);
  if (!parsed.success) return { kind: "refused", reason: reasonOf(parsed.error) };
  const maxTokens = Math.min(parsed.data.max_tokens, limits.max_output_tokens);
  const body = { ...parsed.data, max_tokens: maxTokens };
  const budget = body.thinking?.budget_tokens;
  // The endpoint wants the thinking budget below max_tokens and at least 1,024; a cap that leaves less room switches thinking off.
  if (body.thinking !== undefined && budget !== undefined && budget >= maxTokens) {
    body.thinking = maxTokens > 1024 ? { ...body.thinking, budget_tokens: maxTokens - 1 } : { type: "disabled" };
  }
  return admitModel({ path, model: body.model, maxTokens, body: serialized(body) }, limits);
}

/** Text can't contain this, because its quotes would be escaped. A tool's input can; then too much is reserved, never too little. */
const hourOfCache = '"ttl":"1h"';

/** Bytes say nothing here: a few kilobytes can be a full-size image, or a document of a hundred pages that are read as images. */
const imageTokens = 2_000;
const documentTokens = 200_000;
const sourceStart = '"type":"base64","media_type":"';

function pictureTokensOf(body: string): number {
  let tokens = 0;
  for (let at = body.indexOf(sourceStart); at !== -1; at = body.indexOf(sourceStart, at)) {
    at += sourceStart.length;
    tokens += body.startsWith("image/", at) ? imageTokens : documentTokens;
  }
  return tokens;
}

function admitModel(
  request: Omit<ModelRequest, "cachesAnHour" | "pictureTokens" | "body"> & { body: string | null },
  limits: GatewayLimits,
): ModelRequest | { kind: "refused"; reason: string } {
  const { body } = request;
  if (body === null) return { kind: "refused", reason: "the body is nested too deeply" };
  if (request.model === limits.model || request.model === limits.small_model)
    return { ...request, body, cachesAnHour: body.includes(hourOfCache), pictureTokens: pictureTokensOf(body) };
  return { kind: "refused", reason: `model ${JSON.stringify(request.model)} is not the run's` };
}

/** Null if the body is nested too deeply for the serializer's stack; the parser accepts any depth. */
function serialized(body: unknown): string | null {
  try {
    return JSON.stringify(body);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The CLI's bodies are mostly long strings. A body of the same size made of empty lists would block the plane and all its runs for seconds. */
const valuesMax = 200_000;
const [quote, backslash, comma, bracket, brace] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];

/** Counts the characters outside strings that open or separate values. */
function hasTooManyValues(text: string): boolean {
  if (text.length <= valuesMax) return false;
  let values = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString && code === backslash) at += 1;
    else if (code === quote) isInString = !isInString;
    else if (!isInString && (code === comma || code === bracket || code === brace)) values += 1;
    if (values > valuesMax) return true;
  }
  return false;
}

/** Names the path and the problem, never the value, because a refusal is logged. */
function reasonOf(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "the body is invalid";
  const keys = issue.code === "unrecognized_keys" ? ` ${issue.keys.slice(0, 5).join(", ")}` : "";
  return `${issue.path.map(String).join(".") || "body"}: ${issue.code}${keys}`.slice(0, 200);
}
