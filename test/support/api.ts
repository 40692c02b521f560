/** A running laboratory's HTTP API as a test calls it: with the home's token, by the route table or by path. */
import { readFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  /** Sent as JSON, or a text as it is. */
  readonly body?: unknown;
}
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface ApiAddress {
  readonly port: number;
  readonly token: string;
}

export function apiOf(home: string): ApiAddress {
  const { port } = JSON.parse(readFileSync(join(home, "run/daemon.json"), "utf8")) as { port: number };
  return { port, token: readFileSync(join(home, "token"), "utf8").trim() };
}

/** Sends with the right Host and without a token, unless `headers` overrides that. */
export function sendTo(
  port: number,
  path: string,
  { method = "GET", headers = {}, body }: Sent = {},
): Promise<Received> {
  const payload = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const content = payload === undefined ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, path, method, headers: { ...content, ...headers } }, (answer) => {
      text(answer).then(
        (received) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: received }),
        reject,
      );
    });
    call.on("error", reject);
    call.end(payload);
  });
}

/** Calls a home's API with its token, as a POST if there is a body. */
export async function callApi(
  home: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly document: Record<string, unknown> }> {
  const { port, token } = apiOf(home);
  const headers = { authorization: `Bearer ${token}` };
  const received = await sendTo(port, path, body === undefined ? { headers } : { method: "POST", headers, body });
  return { status: received.status, document: JSON.parse(received.body) as Record<string, unknown> };
}
