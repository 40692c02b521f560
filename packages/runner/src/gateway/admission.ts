/** Decides whether a request's head may pass the gateway (SECURITY T4, T5), and which headers are forwarded. `model-request.ts` checks the body. */
import type { IncomingHttpHeaders } from "node:http";
import type { Credential } from "../engine/context.ts";
import { type ModelPath, modelPaths } from "./model-request.ts";

/** Betas of the coder's CLI that change neither where code runs nor what a token costs. */
const allowedBetas = new Set([
  "claude-code-20250219",
  "oauth-2025-04-20",
  "interleaved-thinking-2025-05-14",
  "fine-grained-tool-streaming-2025-05-14",
  "context-management-2025-06-27",
  "structured-outputs-2025-12-15",
  "effort-2025-11-24",
  "extended-cache-ttl-2025-04-11",
  "token-counting-2024-11-01",
  "prompt-caching-scope-2026-01-05",
  "mid-conversation-system-2026-04-07",
  "thinking-token-count-2026-05-13",
  "per-turn-control-2026-07-01",
  "mid-conversation-tool-changes-2026-07-01",
]);

const responseHeaders = [
  "content-type",
  "request-id",
  "retry-after",
  "x-should-retry",
  "anthropic-ratelimit-unified-status",
  "anthropic-ratelimit-unified-reset",
] as const;

/** The requested path, or why the request is refused. Only the exact targets are accepted: no other query, absolute form or encoding. */
export function admitHead(request: {
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingHttpHeaders;
}): ModelPath | { kind: "refused"; reason: string } {
  const { method = "", url = "", headers } = request;
  const path = modelPaths.find((known) => url === known || url === `${known}?beta=true` || url === `${known}?`);
  if (method !== "POST" || path === undefined) {
    return {
      kind: "refused",
      reason: `${method.slice(0, 16)} ${JSON.stringify(url.slice(0, 100))} is not a plain model call`,
    };
  }
  const unwanted = ["upgrade", "trailer", "te", "content-encoding", "expect"].find(
    (name) => headers[name] !== undefined,
  );
  if (unwanted !== undefined) return { kind: "refused", reason: `the header ${unwanted} is not allowed` };
  if (!/^application\/json(; *charset=utf-8)?$/i.test(headers["content-type"] ?? ""))
    return { kind: "refused", reason: "the content type is not JSON" };
  return path;
}

/** All headers of the new request. Of the sandbox's headers, only allowed betas and a well-formed client name are used. */
export function upstreamHeaders(options: {
  headers: IncomingHttpHeaders;
  bodyBytes: number;
  credential: Credential;
}): Record<string, string> {
  const { headers, credential } = options;
  const betas = String(headers["anthropic-beta"] ?? "")
    .split(",")
    .map((beta) => beta.trim())
    .filter((beta) => allowedBetas.has(beta))
    .filter((beta) => credential.kind === "oauth-token" || beta !== "oauth-2025-04-20");
  if (credential.kind === "oauth-token" && !betas.includes("oauth-2025-04-20")) betas.push("oauth-2025-04-20");
  const agent = headers["user-agent"] ?? "";
  return {
    "content-type": "application/json",
    "content-length": String(options.bodyBytes),
    accept: "application/json",
    "accept-encoding": "identity",
    "anthropic-version": "2023-06-01",
    "user-agent": /^claude-cli\/[0-9.]{1,20} \([a-z, -]{1,60}\)$/.test(agent) ? agent : "aedev-gateway",
    "x-app": "cli",
    ...(betas.length === 0 ? {} : { "anthropic-beta": [...new Set(betas)].join(",") }),
    ...(credential.kind === "oauth-token"
      ? { authorization: `Bearer ${credential.value}` }
      : { "x-api-key": credential.value }),
  };
}

/** The headers of an answer that the sandbox and the journal may see. */
export function allowedResponseHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const name of responseHeaders) {
    const value = headers[name];
    if (typeof value === "string" && /^[\x20-\x7e]{1,300}$/.test(value)) allowed[name] = value;
  }
  return allowed;
}
