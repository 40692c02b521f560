/**
 * A fake ntfy server on loopback that follows the documented protocol and can be made to fail. It keeps messages and requests in memory.
 *
 * Folder: a fake push server and a fake phone.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { openAddress } from "../loopback-address.ts";
import { type AccessRules, judgeAccess } from "./access.ts";
import { type Message, messageOfJson, messageOfRequest, NtfyError, topicPattern } from "./publish.ts";
import { messagesSince } from "./since.ts";

export interface NtfyServerOptions extends Partial<AccessRules> {
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Milliseconds between keepalives on a stream; ntfy's own default is 45 s. */
  readonly keepaliveMs?: number;
}
/** A received request; tests search it for data that must not leave a machine. */
export interface ReceivedPush {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
}
export interface NtfyServer extends AsyncDisposable {
  /** Origin, e.g. `http://127.0.0.1:40001`; the same after `stop` and `start`. */
  readonly address: string;
  readonly received: readonly ReceivedPush[];
  /** Messages of a topic, oldest first. */
  messages(topic: string): readonly Message[];
  /** Answers every request with this status from now on; null: normally again. Open streams continue. */
  failWith(status: number | null, how?: { readonly code?: number; readonly retryAfter?: string }): void;
  /** Closes the address until `start` and breaks open streams. Messages are kept. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

const requestBytesMax = 1024 * 1024;

interface Stream {
  readonly topics: readonly string[];
  readonly response: ServerResponse;
}

export async function openNtfyServer(options: NtfyServerOptions = {}): Promise<NtfyServer> {
  const { accounts = [], everyone = {}, fallback = "read-write", keepaliveMs = 45_000 } = options;
  const rules: AccessRules = { accounts, everyone, fallback };
  const kept: Message[] = [];
  const received: ReceivedPush[] = [];
  const streams = new Set<Stream>();
  let failure: { status: number; code: number; retryAfter?: string | undefined } | null = null;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const body = await boundedBody(request);
    remember(request, { url, body, response });
    if (failure !== null) {
      if (failure.retryAfter !== undefined) response.setHeader("retry-after", failure.retryAfter);
      throw new NtfyError(failure.status, failure.code, "made to fail");
    }
    const { method } = request;
    if (url.pathname === "/v1/health") return answer(response, { healthy: true });
    if ((method === "POST" || method === "PUT") && url.pathname === "/") {
      const message = messageOfJson(body);
      authorize(request, url, { topic: message.topic, permission: "write" });
      return publish(message, response);
    }
    const [, names = "", verb = ""] = /^\/([^/]+)(?:\/([a-z]+))?$/.exec(url.pathname) ?? [];
    const topics = names.split(",");
    if (!topics.every((topic) => topicPattern.test(topic))) throw new NtfyError(404, 40401, "page not found");
    const publishes = verb === "" ? method === "POST" || method === "PUT" : /^(publish|send|trigger)$/.test(verb);
    if (publishes) {
      authorize(request, url, { topic: names, permission: "write" });
      const fields = { header: (name: string) => textOf(request.headers[name]), query: url.searchParams };
      return publish(messageOfRequest(names, fields, body), response);
    }
    if (method !== "GET" || (verb !== "json" && verb !== "auth")) throw new NtfyError(404, 40401, "page not found");
    for (const topic of topics) authorize(request, url, { topic, permission: "read" });
    if (verb === "auth") return answer(response, { success: true });
    subscribe(topics, url.searchParams, response);
  }

  function authorize(request: IncomingMessage, url: URL, asked: { topic: string; permission: "read" | "write" }): void {
    const inQuery = url.searchParams.get("auth");
    const authorization =
      inQuery === null ? request.headers.authorization : Buffer.from(inQuery, "base64url").toString("utf8");
    const judgement = judgeAccess(rules, { authorization, ...asked });
    if (judgement === 401) throw new NtfyError(401, 40101, "unauthorized");
    if (judgement === 403) throw new NtfyError(403, 40301, "forbidden");
  }

  function publish(message: Message, response: ServerResponse): void {
    kept.push(message);
    for (const stream of streams)
      if (stream.topics.includes(message.topic)) stream.response.write(`${JSON.stringify(message)}\n`);
    answer(response, message);
  }

  function subscribe(topics: readonly string[], query: URLSearchParams, response: ServerResponse): void {
    const poll = ["1", "yes", "true"].includes(query.get("poll") ?? query.get("po") ?? "");
    const asked = query.get("since") ?? query.get("si") ?? (poll ? "all" : "none");
    const old = messagesSince(
      kept.filter(({ topic }) => topics.includes(topic)),
      asked,
      Date.now(),
    );
    if (old === undefined) throw new NtfyError(400, 40008, "invalid since parameter");
    response.writeHead(200, { "content-type": "application/x-ndjson; charset=utf-8" });
    const lines = old.map((message) => `${JSON.stringify(message)}\n`).join("");
    if (poll) return void response.end(lines);
    const stream = { topics, response };
    const sign = (event: "open" | "keepalive") =>
      response.write(
        `${JSON.stringify({ id: "000000000000", time: Math.floor(Date.now() / 1000), event, topic: topics.join(",") })}\n`,
      );
    sign("open");
    response.write(lines);
    streams.add(stream);
    const timer = setInterval(() => sign("keepalive"), keepaliveMs);
    response.once("close", () => {
      clearInterval(timer);
      streams.delete(stream);
    });
  }

  function remember(
    request: IncomingMessage,
    { url, body, response }: { url: URL; body: Buffer; response: ServerResponse },
  ): void {
    const headers = Object.entries(request.headers).map(([name, value]) => [name, textOf(value) ?? ""]);
    received.push({
      method: request.method ?? "",
      path: `${url.pathname}${url.search}`,
      headers: Object.fromEntries(headers) as Record<string, string>,
      body: body.toString("utf8"),
      get status() {
        return response.statusCode;
      },
    });
  }

  const { origin, stop, start } = await openAddress({ port: options.port ?? 0 }, (request, response) => {
    handle(request, response).catch((error: unknown) => refuse(response, error));
  });
  return {
    address: origin,
    received,
    messages: (topic) => kept.filter((message) => message.topic === topic),
    failWith: (status, { code, retryAfter } = {}) => {
      failure = status === null ? null : { status, code: code ?? status * 100, retryAfter };
    },
    stop,
    start,
    close: stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function boundedBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > requestBytesMax)
    throw new NtfyError(413, 41301, "body too large");
  return buffer(request);
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}

function answer(response: ServerResponse, document: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(`${JSON.stringify(document)}\n`);
}

function refuse(response: ServerResponse, error: unknown): void {
  const { status, code, message } =
    error instanceof NtfyError ? error : new NtfyError(500, 50001, "internal server error");
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify({ code, http: status, error: message })}\n`);
}
