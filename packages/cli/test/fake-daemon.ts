/** A small HTTP server in the daemon's place, for paths that the real daemon only takes when something is wrong. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { wholeDocument } from "./documents.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}
/** What to answer to `METHOD /path`: a status with a body (text as it is, else JSON), or a function of the response. */
export type Reply = { status: number; body: unknown } | ((response: ServerResponse) => void);
export interface FakeDaemon extends AsyncDisposable {
  readonly port: number;
  readonly asked: readonly Asked[];
}

/** Device and inode of the home that a fake daemon says it serves. */
export const served = { home: "" };
const health = () => ({ status: "ok", pid: process.pid, home: served.home });

function bodyOf({ method, path }: Asked, { status, body }: { status: number; body: unknown }): unknown {
  return status === 200 ? wholeDocument(method, path, body) : body;
}

export async function openFakeDaemon(reply: (asked: Asked) => Reply | undefined): Promise<FakeDaemon> {
  const asked: Asked[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const content = await text(request);
    const { method = "", url = "", headers } = request;
    const one = {
      method,
      path: url,
      authorization: headers.authorization,
      body: content === "" ? undefined : JSON.parse(content),
    };
    asked.push(one);
    const chosen = reply(one) ?? (url === "/health" ? { status: 200, body: health() } : { status: 404, body: {} });
    if (typeof chosen === "function") return chosen(response);
    response.writeHead(chosen.status, { "content-type": "application/json" });
    response.end(typeof chosen.body === "string" ? chosen.body : JSON.stringify(bodyOf(one, chosen)));
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
