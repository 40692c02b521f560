/** Opens one of the daemon's HTTP servers on 127.0.0.1. It knows no route. */

import type { Server } from "node:net";
import { Fault } from "@aedev/contracts";

/** Resolves with the port; port 0 lets the system choose. `keys`: the settings to change if the port is taken. Throws a Fault `port-refused`. */
export async function listenOnLoopback(
  server: { readonly server: Server; listen(address: { host: string; port: number }): Promise<unknown> },
  port: number,
  { name, keys }: { name: string; keys: string },
): Promise<number> {
  try {
    await server.listen({ host: "127.0.0.1", port });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = `stop what uses that port, or set ${keys} in config.yaml`;
    throw new Fault("port-refused", `${name} ${port} is in use or can't be opened: ${why}`, { hint, cause });
  }
  const address = server.server.address();
  return address !== null && typeof address === "object" ? address.port : port;
}
