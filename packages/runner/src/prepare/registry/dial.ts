/**
 * Connects to a registry at a checked address: one lookup, every address of the answer checked, and a connection to the address instead of the name.
 * Ignores proxies from the environment (SECURITY T24).
 */
import { connect, type Socket } from "node:net";
import type { Registry } from "@aedev/contracts";
import { allowedAddresses, type Resolve } from "@aedev/host/public-address";

const connectTimeoutMs = 15_000;
const addressesMax = 8;

export type Dialled =
  | { kind: "connected"; socket: Socket }
  | { kind: "refused"; reason: string }
  | { kind: "failed"; reason: string };

/** Contract: never throws. `signal`: the client went away. */
export async function dial(registry: Registry, options: { resolve?: Resolve; signal: AbortSignal }): Promise<Dialled> {
  const { host, port, private: mayBePrivate } = registry;
  const found = await allowedAddresses(host, { mayBePrivate, resolve: options.resolve });
  if (found.kind !== "found") return { ...found, reason: `${host}:${port}: ${found.reason}` };
  let last = "no address";
  for (const address of found.addresses.slice(0, addressesMax)) {
    const reached = await connectTo({ address, port, signal: options.signal });
    if (typeof reached !== "string") return { kind: "connected", socket: reached };
    last = reached;
  }
  return { kind: "failed", reason: `${host}:${port} can't be reached: ${last}` };
}

function connectTo(to: { address: string; port: number; signal: AbortSignal }): Promise<Socket | string> {
  return new Promise((resolve) => {
    if (to.signal.aborted) return resolve("the client went away");
    const socket = connect({ host: to.address, port: to.port, noDelay: true });
    const gone = () => socket.destroy(new Error("the client went away"));
    const timer = setTimeout(() => socket.destroy(new Error("no answer in time")), connectTimeoutMs);
    to.signal.addEventListener("abort", gone, { once: true });
    const settle = (reached: Socket | string) => {
      clearTimeout(timer);
      to.signal.removeEventListener("abort", gone);
      resolve(reached);
    };
    socket.once("connect", () => settle(socket));
    socket.on("error", (error) => settle(error.message));
  });
}
