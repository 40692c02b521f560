/**
 * Connects to a registry at a checked address: one lookup, every address of the answer checked, and a connection to the address instead of the name, so that a
 * second DNS answer has no effect (DNS rebinding). Ignores proxies from the environment (SECURITY T24).
 */
import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import type { Registry } from "@aedev/contracts";
import { ownAddresses, whyNotAddress } from "@aedev/host/public-address";

const connectTimeoutMs = 15_000;
const addressesMax = 8;

/** Looks up the addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export type Dialled =
  | { kind: "connected"; socket: Socket }
  | { kind: "refused"; reason: string }
  | { kind: "failed"; reason: string };

/** Contract: never throws. `signal`: the client went away. */
export async function dial(registry: Registry, options: { resolve?: Resolve; signal: AbortSignal }): Promise<Dialled> {
  const { host, port } = registry;
  const literal = host.replace(/^\[(.*)\]$/, "$1");
  let addresses: readonly string[];
  try {
    addresses = isIP(literal) === 0 ? await (options.resolve ?? systemResolve)(host) : [literal];
  } catch {
    return { kind: "failed", reason: `${host} has no address` };
  }
  const rule = { mayBePrivate: registry.private, own: ownAddresses() };
  for (const address of addresses) {
    const why = whyNotAddress(address, rule);
    if (why !== null) return { kind: "refused", reason: `${host}:${port}: its address ${address} ${why}` };
  }
  let last = "no address";
  for (const address of addresses.slice(0, addressesMax)) {
    const reached = await connectTo({ address, port, signal: options.signal });
    if (typeof reached !== "string") return { kind: "connected", socket: reached };
    last = reached;
  }
  return { kind: "failed", reason: `${host}:${port} can't be reached: ${last}` };
}

const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true, order: "ipv4first" })).map(({ address }) => address);

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
