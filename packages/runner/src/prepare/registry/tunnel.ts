/**
 * One CONNECT tunnel to a registry. Nothing is forwarded until the client's TLS hello names that registry; otherwise a tunnel to a CDN's address would reach
 * every site of that CDN. Contract: both sockets end together, after the registry's last bytes have been forwarded.
 */
import type { Socket } from "node:net";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import type { Registry } from "@aedev/contracts";
import { readClientHello } from "./client-hello.ts";
import type { Traffic } from "./traffic.ts";

const helloTimeoutMs = 15_000;
const idleTimeoutMs = 120_000;

export function runTunnel(options: {
  client: Duplex;
  upstream: Socket;
  /** Bytes that arrived together with the CONNECT request. */
  head: Buffer;
  registry: Registry;
  traffic: Traffic;
  refuse: (reason: string) => void;
}): void {
  const { client, upstream, registry } = options;
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  const refuse = (reason: string) => {
    options.refuse(reason);
    end();
  };
  const late = setTimeout(end, helloTimeoutMs);
  upstream.setTimeout(idleTimeoutMs, end);
  for (const socket of [client, upstream]) socket.on("error", end);
  client.once("close", () => {
    clearTimeout(late);
    end();
  });
  upstream.once("close", () => {
    clearTimeout(late);
    if (!upstream.readableEnded || client.writableFinished) return end();
    // A slow client gets time to receive the rest.
    const patience = setTimeout(end, idleTimeoutMs);
    client.once("finish", end);
    client.once("close", () => clearTimeout(patience));
  });
  let received = Buffer.alloc(0);
  const readChunk = (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    const hello = readClientHello(received);
    if (hello.kind === "incomplete") return;
    clearTimeout(late);
    client.off("data", readChunk);
    client.pause();
    const why = hello.kind === "refused" ? hello.reason : whyNotName(hello.serverName, registry);
    if (why !== null) return refuse(`${registry.host}:${registry.port}: ${why}`);
    const problem = options.traffic.spend("sent", received.length);
    if (problem !== null) return refuse(problem);
    options.traffic.count(upstream, "received", refuse);
    options.traffic.count(client, "sent", refuse);
    upstream.write(received);
    client.pipe(upstream);
    upstream.pipe(client);
  };
  client.on("data", readChunk);
  if (options.head.length > 0) readChunk(options.head);
}

/** A registry that is configured by address has no server name. */
function whyNotName(serverName: string | null, registry: Registry): string | null {
  if (serverName === registry.host) return null;
  if (serverName === null && isIP(registry.host.replace(/^\[(.*)\]$/, "$1")) !== 0) return null;
  const escapedName = (serverName ?? "no server").replace(/[^\x21-\x7e]/g, "?").slice(0, 80);
  return `the tunnel is for ${escapedName}`;
}
