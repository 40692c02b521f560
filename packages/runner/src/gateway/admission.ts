/** Decides whether a request's head may pass the gateway (SECURITY T4, T5), and which headers of an answer are forwarded. The wire checks the body. */
import type { IncomingHttpHeaders } from "node:http";
import type { RefusedRequest, Wire } from "./wire/wire.ts";

/** Of every wire. */
const answerHeaders = ["content-type", "request-id", "retry-after", "x-should-retry"] as const;

/** The requested path, or why the request is refused. Only the exact targets are accepted: no other query, absolute form or encoding. */
export function admitHead(
  wire: Pick<Wire, "pathOf">,
  request: { method?: string | undefined; url?: string | undefined; headers: IncomingHttpHeaders },
): string | RefusedRequest {
  const { method = "", url = "", headers } = request;
  const path = wire.pathOf(url);
  if (method !== "POST" || path === null) {
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

/** The headers of an answer that the sandbox and the journal may see. */
export function allowedResponseHeaders(
  wire: Pick<Wire, "answerHeaders">,
  headers: IncomingHttpHeaders,
): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const name of [...answerHeaders, ...wire.answerHeaders]) {
    const value = headers[name];
    if (typeof value === "string" && /^[\x20-\x7e]{1,300}$/.test(value)) allowed[name] = value;
  }
  return allowed;
}
