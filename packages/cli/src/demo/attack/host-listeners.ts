/** Two services on the host that a sandbox must not reach, one on loopback and one on an address of the host's own; each counts who came. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";

export type ListenerName = "address" | "loopback";
export interface HostListener {
  readonly address: string;
  readonly port: string;
  /** Whether this process itself reaches it: the control of every attempt. */
  readonly reachable: boolean;
  /** Connections since then. */
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

/** The address that a container on Docker's own network would reach, else any that is not loopback. */
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
  const place = server.address();
  const port = typeof place === "object" && place !== null ? place.port : 0;
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
