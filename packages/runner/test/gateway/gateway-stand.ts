/** Fixture of the gateway's tests: a recording HTTP upstream, a gateway on a real socket, and a client like the sandbox's. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, request, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type Gateway, type GatewayOptions, openGateway } from "../../src/gateway/gateway.ts";
import { openUpstream } from "../../src/gateway/upstream.ts";
import { anthropicMessages } from "../../src/gateway/wire/anthropic-messages/anthropic-messages.ts";
import { gatewayLimits, makeHome, type ThrowAwayHome, token } from "../throw-away-home.ts";

export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}
export let place: ThrowAwayHome;
let upstream: Server;
export let seen: Seen[];
export let answer: (client: ServerResponse, seen: Seen) => void;
export let gateway: Gateway;
export let refusals: string[];
export let endings: number;
/** The pauses between tries, none of which takes time. */
export let pauses: number[];

export const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
export const stream = (text: string, usage = { input_tokens: 3, output_tokens: 5 }) =>
  event("message_start", { message: { usage: { ...usage, output_tokens: 1 } } }) +
  event("content_block_delta", { delta: { type: "text_delta", text } }) +
  event("message_delta", { usage: { output_tokens: usage.output_tokens } }) +
  event("message_stop", {});
export const sse = { "content-type": "text/event-stream", "set-cookie": "a=b", location: "http://evil/" };
export const plain = {
  model: gatewayLimits.model,
  max_tokens: 50,
  messages: [{ role: "user", content: "hi" }],
  stream: true,
};

beforeEach(async () => {
  place = makeHome();
  seen = [];
  refusals = [];
  endings = 0;
  pauses = [];
  answer = (client) => client.writeHead(200, sse).end(stream("hello"));
  upstream = createServer((incoming, client) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const one = {
        method: incoming.method ?? "",
        url: incoming.url ?? "",
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      };
      seen.push(one);
      answer(client, one);
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  gateway = await open();
});
afterEach(async () => {
  await gateway.close();
  upstream.closeAllConnections();
  upstream.close();
  place.remove();
});

export const socketPath = () => join(place.home, "run", "g.sock");
export function origin(): string {
  const address = upstream.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}
async function open(other: Partial<GatewayOptions> = {}): Promise<Gateway> {
  mkdirSync(join(place.home, "run"), { recursive: true });
  return openGateway({
    wire: anthropicMessages,
    socketPath: socketPath(),
    owner: null,
    indexPath: join(place.home, "journal.jsonl"),
    limits: gatewayLimits,
    blobs: place.blobs,
    source: openUpstream(anthropicMessages, origin(), { kind: "oauth-token", value: token }),
    refusal: (what) => refusals.push(what),
    pacing: {
      now: () => Date.now(),
      random: () => 1,
      sleep: async (ms) => {
        pauses.push(ms);
      },
    },
    onEnding: () => {
      endings += 1;
    },
    ...other,
  });
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}
export function ask(
  body: unknown,
  other: { method?: string; path?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        socketPath: socketPath(),
        agent: false,
        method: other.method ?? "POST",
        path: other.path ?? "/v1/messages?beta=true",
        headers: { "content-type": "application/json", authorization: "Bearer placeholder", ...other.headers },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
  });
}
export function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(socketPath());
    let back = "";
    socket.on("data", (chunk) => {
      back += chunk;
    });
    socket.on("close", () => resolve(back));
    socket.on("error", () => socket.destroy());
    socket.end(text);
  });
}
export function everyByte(): string {
  const files = readdirSync(place.home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).join("\n");
}

/** Sets the upstream's answer; another module can't assign to a live binding. */
export function answerWith(how: typeof answer): void {
  answer = how;
}
export async function reopen(other: Partial<GatewayOptions> = {}): Promise<void> {
  gateway = await open(other);
}
