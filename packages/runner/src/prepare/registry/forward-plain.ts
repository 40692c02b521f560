/** One plain GET to a registry without TLS: a fresh request on the connection that was checked, and the answer back. A redirect is the client's to follow, through the proxy again. */
import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Registry } from "@aedev/core/wire";
import type { Traffic } from "./traffic.ts";

const idleTimeoutMs = 120_000;
/** Of the client's head only what names the wanted bytes goes on. */
const requestHeaders = [
  "accept",
  "accept-encoding",
  "if-modified-since",
  "if-none-match",
  "range",
  "user-agent",
] as const;
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export function forwardPlain(at: {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  upstream: Socket;
  registry: Registry;
  path: string;
  traffic: Traffic;
}): void {
  const { incoming, outgoing, upstream, registry } = at;
  const end = () => {
    outgoing.destroy();
    upstream.destroy();
  };
  upstream.setTimeout(idleTimeoutMs, end);
  outgoing.once("close", () => upstream.destroy());
  const headers: Record<string, string> = {
    host: registry.port === 80 ? registry.host : `${registry.host}:${registry.port}`,
  };
  for (const name of requestHeaders) {
    const value = incoming.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  const asked = request({
    method: incoming.method ?? "GET",
    path: at.path,
    headers: { ...headers, connection: "close" },
    // Without any `agent`: with one, this connection would be ignored and another made to localhost.
    createConnection: () => upstream,
  });
  asked.on("error", end);
  asked.on("upgrade", end);
  asked.on("response", (answer) => {
    const { statusCode = 0 } = answer;
    // `writeHead` throws at a status that is none, and nobody could catch it here.
    if (statusCode < 200 || statusCode > 599) return end();
    at.traffic.count(answer, "received", end);
    answer.on("error", end);
    outgoing.writeHead(statusCode, kept(answer.headers));
    answer.pipe(outgoing);
  });
  asked.end();
}

function kept(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}
