/**
 * The fetch step's only way out (SECURITY T8): an HTTP proxy on a unix socket that reaches only the operator's registries. It terminates no TLS, holds no
 * secret, follows no redirect, and logs each refusal once. See ADR 0010.
 *
 * Folder: the fetch step's proxy.
 */
import { chmodSync, chownSync, rmSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Registry } from "@aedev/contracts";
import { createServer } from "@aedev/host/node-http";
import type { Resolve } from "@aedev/host/public-address";
import { admitConnect, admitPlain } from "./admission.ts";
import { type Dialled, dial } from "./dial.ts";
import { forwardPlain } from "./forward-plain.ts";
import { createTraffic, type Traffic } from "./traffic.ts";
import { runTunnel } from "./tunnel.ts";

/** Maximum number of connections to clients, and of those to registries: one client can send many plain requests at once. */
const connectionsMax = 256;
const reportsMax = 20;

export interface RegistryProxyOptions {
  socketPath: string;
  /** Owner of the socket; null leaves it to the process's own user. */
  owner: { uid: number; gid: number } | null;
  registries: readonly Registry[];
  /** Bytes that all connections together may receive and send. */
  bounds: { receivedBytes: number; sentBytes: number };
  /** Called once per distinct refusal, at most twenty times. */
  refused(what: string): void;
  /** By default this machine's resolver. */
  resolve?: Resolve;
}

export interface RegistryProxy {
  /** The distinct refusals. */
  refusals(): readonly string[];
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

interface Open {
  options: RegistryProxyOptions;
  traffic: Traffic;
  /** Number of connections to registries, open or being opened. */
  upstreams: number;
  refuse(reason: string): void;
}

export async function openRegistryProxy(options: RegistryProxyOptions): Promise<RegistryProxy> {
  const refusals = new Set<string>();
  const sockets = new Set<Socket>();
  const open: Open = {
    options,
    traffic: createTraffic(options.bounds),
    upstreams: 0,
    refuse(reason) {
      if (refusals.size >= reportsMax || refusals.has(reason)) return;
      refusals.add(reason);
      options.refused(reason);
    },
  };
  const server = createServer({ maxHeaderSize: 16 * 1024, headersTimeout: 20_000, requestTimeout: 60_000 });
  server.maxConnections = connectionsMax;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", (incoming, outgoing) => void plain(open, incoming, outgoing));
  server.on("connect", (incoming, client, head) => void tunnel(open, { incoming, client, head }));
  server.on("upgrade", (_incoming, socket) => {
    open.refuse("an upgrade is not a request to a registry");
    socket.destroy();
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  await listen(server, options);
  return {
    refusals: () => [...refusals],
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      rmSync(options.socketPath, { force: true });
    },
  };
}

async function tunnel(open: Open, options: { incoming: IncomingMessage; client: Duplex; head: Buffer }): Promise<void> {
  const { client } = options;
  const abort = new AbortController();
  client.on("error", () => client.destroy());
  client.once("close", () => abort.abort());
  const admission = admitConnect(options.incoming.url ?? "", open.options.registries);
  if (admission.kind === "refused") return answer(client, { status: "403 Forbidden", reason: refuse(open, admission) });
  const { registry } = admission;
  const dialled = await reach(open, registry, abort.signal);
  if (dialled.kind === "refused") return answer(client, { status: "403 Forbidden", reason: refuse(open, dialled) });
  if (dialled.kind === "failed") return answer(client, { status: "502 Bad Gateway", reason: dialled.reason });
  if (client.destroyed) {
    dialled.socket.destroy();
    return;
  }
  client.write("HTTP/1.1 200 Connection established\r\n\r\n");
  const { socket: upstream } = dialled;
  runTunnel({ client, upstream, head: options.head, registry, traffic: open.traffic, refuse: open.refuse });
}

async function plain(open: Open, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const abort = new AbortController();
  outgoing.on("error", () => outgoing.destroy());
  outgoing.once("close", () => abort.abort());
  const say = (status: number, reason: string) => {
    outgoing.shouldKeepAlive = false;
    outgoing.writeHead(status, { "content-type": "text/plain" }).end(`aedev: ${reason}\n`);
    incoming.resume();
  };
  const { method = "", url = "", headers } = incoming;
  const admission = admitPlain({ method, url }, open.options.registries);
  if (admission.kind === "refused") return say(403, refuse(open, admission));
  if (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0)
    return say(403, refuse(open, { reason: `a request to ${admission.registry.host} has a body` }));
  const problem = open.traffic.spend("sent", headBytes(incoming));
  if (problem !== null) return say(403, refuse(open, { reason: problem }));
  const dialled = await reach(open, admission.registry, abort.signal);
  if (dialled.kind === "refused") return say(403, refuse(open, dialled));
  if (dialled.kind === "failed") return say(502, dialled.reason);
  const { socket: upstream } = dialled;
  forwardPlain({
    incoming,
    outgoing,
    upstream,
    registry: admission.registry,
    path: admission.path,
    traffic: open.traffic,
  });
}

/** Opens a connection to a registry, unless there are too many. */
async function reach(open: Open, registry: Registry, signal: AbortSignal): Promise<Dialled> {
  if (open.upstreams >= connectionsMax) return { kind: "failed", reason: "too many connections at once" };
  open.upstreams += 1;
  const { resolve } = open.options;
  const dialled = await dial(registry, { ...(resolve === undefined ? {} : { resolve }), signal });
  const ended = () => {
    open.upstreams -= 1;
  };
  if (dialled.kind !== "connected" || dialled.socket.destroyed) ended();
  else dialled.socket.once("close", ended);
  return dialled;
}

/** An upper bound for the forwarded bytes of a client's request. */
function headBytes({ url = "", rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, url.length);
}

function refuse(open: Open, { reason }: { reason: string }): string {
  open.refuse(reason);
  return reason;
}

function answer(client: Duplex, { status, reason }: { status: string; reason: string }): void {
  const body = `aedev: ${reason}\n`;
  const head = `content-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  client.end(`HTTP/1.1 ${status}\r\n${head}\r\n\r\n${body}`);
}

async function listen(server: Server, { socketPath, owner }: RegistryProxyOptions): Promise<void> {
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o600);
  if (owner !== null) chownSync(socketPath, owner.uid, owner.gid);
}
