/**
 * Reads a sandbox's request to the Messages endpoint (SECURITY T4): the body is checked against `request-schema.ts` and serialized again, so that the vendor
 * reads exactly what was checked. It forwards nothing.
 */
import type { GatewayLimits } from "@aedev/contracts";
import { reasonOf } from "../schema-reason.ts";
import { readStrictBody } from "../strict-body.ts";
import type { ModelRequest, RefusedRequest } from "../wire.ts";
import { countTokensSchema, messagesSchema } from "./request-schema.ts";

/** The only two paths of the endpoint that a sandbox can use. */
export const messagesPath = "/v1/messages";
export const countTokensPath = "/v1/messages/count_tokens";

/** The request to forward, or why it is refused. Never throws, whatever a sandbox sends. */
export function parseMessagesRequest(path: string, text: string, limits: GatewayLimits): ModelRequest | RefusedRequest {
  const read = readStrictBody(text);
  if (read.kind === "refused") return read;
  if (path === countTokensPath) {
    const parsed = countTokensSchema.safeParse(read.value);
    if (!parsed.success) return { kind: "refused", reason: reasonOf(parsed.error) };
    return admitModel({ path, model: parsed.data.model, maxTokens: 0, body: JSON.stringify(parsed.data) }, limits);
  }
  const parsed = messagesSchema.safeParse(read.value);
  if (!parsed.success) return { kind: "refused", reason: reasonOf(parsed.error) };
  const maxTokens = Math.min(parsed.data.max_tokens, limits.max_output_tokens);
  const body = { ...parsed.data, max_tokens: maxTokens };
  const budget = body.thinking?.budget_tokens;
  // The endpoint wants a thinking budget of at least 1,024 and below max_tokens; a cap that leaves less room switches thinking off.
  if (body.thinking !== undefined && budget !== undefined && budget >= maxTokens) {
    body.thinking = maxTokens > 1024 ? { ...body.thinking, budget_tokens: maxTokens - 1 } : { type: "disabled" };
  }
  return admitModel({ path, model: body.model, maxTokens, body: JSON.stringify(body) }, limits);
}

/** Text can't contain this, because its quotes would be escaped. A tool's input can; then too much is reserved, never too little. */
const hourOfCache = '"ttl":"1h"';

/** Reserved per image or page. Bytes say nothing here: a few kilobytes can be a full-size image, or a document of a hundred pages that are read as images. */
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
  request: Omit<ModelRequest, "cachesAnHour" | "pictureTokens">,
  limits: GatewayLimits,
): ModelRequest | RefusedRequest {
  const { body } = request;
  if (request.model === limits.model || request.model === limits.small_model)
    return { ...request, cachesAnHour: body.includes(hourOfCache), pictureTokens: pictureTokensOf(body) };
  return { kind: "refused", reason: `model ${JSON.stringify(request.model)} is not the run's` };
}
