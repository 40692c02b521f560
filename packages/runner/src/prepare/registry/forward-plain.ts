/** Forwards one plain GET to a registry without TLS, as a new request on the checked connection. The client follows redirects through the proxy. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Registry } from "@aedev/contracts";
import { request } from "@aedev/host/node-http";
import type { Traffic } from "./traffic.ts";

const idleTimeoutMs = 120_000;
/** The only request headers that are forwarded. */
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

export function forwardPlain(options: {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  upstream: Socket;
  registry: Registry;
  path: string;
  traffic: Traffic;
}): void {
  const { incoming, outgoing, upstream, registry } = options;
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
    path: options.path,
    headers: { ...headers, connection: "close" },
    // No `agent`: an agent would ignore this connection and open another one to localhost.
    createConnection: () => upstream,
  });
  asked.on("error", end);
  asked.on("upgrade", end);
  asked.on("response", (answer) => {
    const { statusCode = 0 } = answer;
    // `writeHead` throws at an invalid status, and nothing could catch it here.
    if (statusCode < 200 || statusCode > 599) return end();
    options.traffic.count(answer, "received", end);
    answer.on("error", end);
    outgoing.writeHead(statusCode, kept(answer.headers));
    answer.pipe(outgoing);
  });
  asked.end();
}

function kept(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}
