/** The headers of a request to the Messages endpoint and those of its answer that the sandbox may see (SECURITY T5). */
import type { UpstreamCall } from "../wire.ts";

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

/** Of an answer of this endpoint, beside those of every wire. */
export const answerHeaders = ["anthropic-ratelimit-unified-status", "anthropic-ratelimit-unified-reset"] as const;

/** All headers of the new request. Of the sandbox's headers, only allowed betas and a well-formed client name are used. */
export function messagesHeaders({ headers, bodyBytes, credential }: UpstreamCall): Record<string, string> {
  const betas = String(headers["anthropic-beta"] ?? "")
    .split(",")
    .map((beta) => beta.trim())
    .filter((beta) => allowedBetas.has(beta))
    .filter((beta) => credential.kind === "oauth-token" || beta !== "oauth-2025-04-20");
  if (credential.kind === "oauth-token" && !betas.includes("oauth-2025-04-20")) betas.push("oauth-2025-04-20");
  const agent = headers["user-agent"] ?? "";
  return {
    "content-type": "application/json",
    "content-length": String(bodyBytes),
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
