/**
 * Reads a sandbox's request to the model's endpoint (SECURITY T4): the body is bounded, parsed strictly, checked against `request-schema.ts` and serialized
 * again, so that the vendor reads exactly what was checked. It forwards nothing.
 */

import type { GatewayLimits } from "@aedev/contracts";
import { parseStrictJson, type StrictJson } from "@aedev/host/strict-json";
import { countTokensSchema, messagesSchema, pathText, reasonOf } from "./request-schema.ts";

/** The only two paths of the endpoint that a sandbox can use. */
export const modelPaths = ["/v1/messages", "/v1/messages/count_tokens"] as const;
export type ModelPath = (typeof modelPaths)[number];

export interface ModelRequest {
  path: ModelPath;
  model: string;
  /** Zero for a token count request, which generates nothing. */
  maxTokens: number;
  /** True if a block is to be cached for an hour. */
  cachesAnHour: boolean;
  /** Estimated tokens of its images and documents. */
  pictureTokens: number;
  /** The body, serialized again. */
  body: string;
}

/** The CLI's own bodies have some fifteen levels; a tool's input or schema can add a few. */
const depthMax = 64;
/** Serializing the body again keeps a duplicate key from the vendor, whose parser might take the other one. It is refused anyway: no CLI sends one. */
const refusalTexts: Readonly<Record<Unread["why"], (path: string) => string>> = {
  "not-json": () => "the body is not JSON",
  "doubled-key": (path) => `${path}: doubled key`,
  "prototype-key": (path) => `${path}: key not allowed`,
  "too-deep": () => "the body is nested too deeply",
};
type Unread = StrictJson & { kind: "refused" };

/** The request to forward, or why it is refused. Never throws, whatever a sandbox sends. */
export function parseModelRequest(
  path: ModelPath,
  text: string,
  limits: GatewayLimits,
): ModelRequest | { kind: "refused"; reason: string } {
  if (hasTooManyValues(text)) return { kind: "refused", reason: "the body has too many values" };
  const read = parseStrictJson(text, { depthMax });
  if (read.kind === "refused") return { kind: "refused", reason: refusalTexts[read.why](pathText(read.path)) };
  const json = read.value;
  if (path === "/v1/messages/count_tokens") {
    const parsed = countTokensSchema.safeParse(json);
    if (!parsed.success) return { kind: "refused", reason: reasonOf(parsed.error) };
    return admitModel({ path, model: parsed.data.model, maxTokens: 0, body: JSON.stringify(parsed.data) }, limits);
  }
  const parsed = messagesSchema.safeParse(json);
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
): ModelRequest | { kind: "refused"; reason: string } {
  const { body } = request;
  if (request.model === limits.model || request.model === limits.small_model)
    return { ...request, cachesAnHour: body.includes(hourOfCache), pictureTokens: pictureTokensOf(body) };
  return { kind: "refused", reason: `model ${JSON.stringify(request.model)} is not the run's` };
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
