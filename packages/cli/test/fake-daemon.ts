/** A small HTTP server in the daemon's place, for situations that the real daemon reaches only when something is wrong. */
import { linkSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { wholeDocument } from "./documents.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}
/** The answer to `METHOD /path`: a status with a body (text as it is, otherwise JSON), or a function of the response. */
export type Reply = { status: number; body: unknown } | ((response: ServerResponse) => void);
export interface FakeDaemon extends AsyncDisposable {
  readonly port: number;
  /** Requests over its socket, in order. */
  readonly asked: readonly Asked[];
  /** Requests over TCP, where the command line sends nothing. */
  readonly askedOverTcp: readonly Asked[];
}

const socketOfPort = new Map<number, string>();

/** Moves the socket of the fake daemon with this port to `path`, replacing any file there; does nothing if no fake daemon has the port. */
export function placeSocket(port: number, path: string): void {
  rmSync(path, { force: true });
  const socket = socketOfPort.get(port);
  if (socket !== undefined) linkSync(socket, path);
}

/** Device and inode of the home that a fake daemon claims to serve. */
export const served = { home: "" };
const health = () => ({ status: "ok", pid: process.pid, home: served.home });

function bodyOf({ method, path }: Asked, { status, body }: { status: number; body: unknown }): unknown {
  return status === 200 ? wholeDocument(method, path, body) : body;
}

export async function openFakeDaemon(reply: (asked: Asked) => Reply | undefined): Promise<FakeDaemon> {
  const asked: Asked[] = [];
  const askedOverTcp: Asked[] = [];
  const serveInto = (list: Asked[]) => async (request: IncomingMessage, response: ServerResponse) => {
    const content = await text(request);
    const { method = "", url = "", headers } = request;
    const one = {
      method,
      path: url,
      authorization: headers.authorization,
      body: content === "" ? undefined : JSON.parse(content),
    };
    list.push(one);
    const chosen = reply(one) ?? (url === "/health" ? { status: 200, body: health() } : { status: 404, body: {} });
    if (typeof chosen === "function") return chosen(response);
    response.writeHead(chosen.status, { "content-type": "application/json" });
    response.end(typeof chosen.body === "string" ? chosen.body : JSON.stringify(bodyOf(one, chosen)));
  };
  const folder = mkdtempSync(join(tmpdir(), "aedev-fake-"));
  const socket = join(folder, "api.sock");
  const local = createServer(serveInto(asked));
  const tcp = createServer(serveInto(askedOverTcp));
  await Promise.all([
    new Promise<void>((listening) => local.listen(socket, listening)),
    new Promise<void>((listening) => tcp.listen(0, "127.0.0.1", listening)),
  ]);
  const { port } = tcp.address() as AddressInfo;
  socketOfPort.set(port, socket);
  return {
    port,
    asked,
    askedOverTcp,
    async [Symbol.asyncDispose]() {
      await Promise.all([closed(local), closed(tcp)]);
      rmSync(folder, { recursive: true });
      socketOfPort.delete(port);
    },
  };
}

function closed(server: Server): Promise<unknown> {
  server.closeAllConnections();
  return new Promise((ended) => server.close(ended));
}
