/** Two services on the host that a sandbox must not reach, one on loopback and one on another address. Each counts its connections. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";

export type ListenerName = "address" | "loopback";
export interface HostListener {
  readonly address: string;
  readonly port: string;
  /** Whether this process can reach it, as the control for every attempt. */
  readonly reachable: boolean;
  /** Connections since that check. */
  connections(): number;
}
export interface HostListeners {
  readonly listeners: Readonly<Record<ListenerName, HostListener>>;
  close(): void;
}

const greeting = "reached the host\n";

export async function openHostListeners(): Promise<HostListeners> {
  const [address, loopback] = [await listen(hostAddress()), await listen("127.0.0.1")];
  return {
    listeners: { address, loopback },
    close() {
      address.close();
      loopback.close();
    },
  };
}

/** The address that a container on Docker's own network would reach, or otherwise any address that is not loopback. */
function hostAddress(): string {
  const all = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).flatMap(({ family, address, internal }) =>
      family === "IPv4" && !internal ? [{ name, address }] : [],
    ),
  );
  return (all.find(({ name }) => name === "docker0") ?? all[0])?.address ?? "127.0.0.1";
}

async function listen(address: string): Promise<HostListener & { close(): void }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => socket.destroy());
    socket.end(greeting);
  });
  server.listen(0, address);
  await once(server, "listening");
  const index = server.address();
  const port = typeof index === "object" && index !== null ? index.port : 0;
  const reachable = await reaches(address, port);
  connections = 0;
  return { address, port: String(port), reachable, connections: () => connections, close: () => void server.close() };
}

function reaches(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ host, port, timeout: 3000 });
    socket.on("data", (data) => {
      text += data.toString("utf8");
    });
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => resolve(false));
    socket.on("close", () => resolve(text === greeting));
  });
}
