/**
 * One CONNECT tunnel to a registry. Nothing of the client's goes on before its TLS hello names that very registry: else the tunnel to a
 * content network's address would reach every other site of that network. Contract: both sockets end together, after a registry's last bytes have gone on.
 */
import type { Socket } from "node:net";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import type { Registry } from "@aedev/core/wire";
import { readClientHello } from "./client-hello.ts";
import type { Traffic } from "./traffic.ts";

const helloTimeoutMs = 15_000;
const idleTimeoutMs = 120_000;

export function runTunnel(at: {
  client: Duplex;
  upstream: Socket;
  /** What came with the CONNECT request. */
  head: Buffer;
  registry: Registry;
  traffic: Traffic;
  refuse: (reason: string) => void;
}): void {
  const { client, upstream, registry } = at;
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  const refuse = (reason: string) => {
    at.refuse(reason);
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
    // What a slow client has still to take is not cut off.
    const patience = setTimeout(end, idleTimeoutMs);
    client.once("finish", end);
    client.once("close", () => clearTimeout(patience));
  });
  let said = Buffer.alloc(0);
  const look = (chunk: Buffer) => {
    said = Buffer.concat([said, chunk]);
    const hello = readClientHello(said);
    if (hello.kind === "incomplete") return;
    clearTimeout(late);
    client.off("data", look);
    client.pause();
    const why = hello.kind === "refused" ? hello.reason : whyNotName(hello.serverName, registry);
    if (why !== null) return refuse(`${registry.host}:${registry.port}: ${why}`);
    const spent = at.traffic.spend("sent", said.length);
    if (spent !== null) return refuse(spent);
    at.traffic.count(upstream, "received", refuse);
    at.traffic.count(client, "sent", refuse);
    upstream.write(said);
    client.pipe(upstream);
    upstream.pipe(client);
  };
  client.on("data", look);
  if (at.head.length > 0) look(at.head);
}

/** A registry that is named by its address has no server name. */
function whyNotName(serverName: string | null, registry: Registry): string | null {
  if (serverName === registry.host) return null;
  if (serverName === null && isIP(registry.host.replace(/^\[(.*)\]$/, "$1")) !== 0) return null;
  const shown = (serverName ?? "no server").replace(/[^\x21-\x7e]/g, "?").slice(0, 80);
  return `the tunnel is for ${shown}`;
}
