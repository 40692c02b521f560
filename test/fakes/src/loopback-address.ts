/** The address of a fake server: loopback only, with TLS if a certificate is given, which can be closed and reopened on the same port. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** PEM texts; the certificate must name the address 127.0.0.1. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}
export interface LoopbackAddress {
  /** The same after `stop` and `start`. */
  readonly origin: string;
  /** Refuses connections, and breaks open ones. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** `port` 0: any free one. Without `tls`: plain HTTP. */
export async function openAddress(
  options: { port: number; tls?: TlsIdentity | undefined },
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<LoopbackAddress> {
  const { tls } = options;
  let { port } = options;
  let server: Server | undefined;

  async function start(): Promise<void> {
    if (server !== undefined) return;
    const fresh = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
    await new Promise<void>((resolve, reject) => {
      fresh.once("error", reject);
      fresh.listen(port, "127.0.0.1", resolve);
    });
    port = (fresh.address() as AddressInfo).port;
    server = fresh;
  }

  async function stop(): Promise<void> {
    const open = server;
    server = undefined;
    if (open === undefined) return;
    open.closeAllConnections();
    await new Promise<void>((resolve) => open.close(() => resolve()));
  }

  await start();
  return { origin: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`, stop, start };
}
