/**
 * How many connections a listener of the daemon holds, and whose stays if there are too many (SECURITY T40): one that has not shown who it is makes
 * room for the next, the oldest first, so that nobody shuts out the person by holding connections open. It answers nothing.
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Deadlines of every listener: for a request's head and body, and for the next request of a connection. */
export const listenerPatience = { requestMs: 10_000, idleMs: 5_000 } as const;

/** Of the descriptors of this process, one listener's connections take at most this share: the log, the signed head, blobs and git need the rest. */
const descriptorShare = 1 / 8;
const descriptorLimitUnknown = 1_024;

export interface ConnectionLimits {
  /** This request has shown that it may ask: its connection is kept as long as strangers have some. */
  admit(request: IncomingMessage): void;
}

/** Watches the connections of a server that listens soon. */
export function limitConnections(server: Server, connectionsMax: number): ConnectionLimits {
  const max = Math.max(1, Math.min(connectionsMax, Math.floor(descriptorLimit() * descriptorShare)));
  // In the order in which they came, or asked for the last time.
  const strangers = new Set<Socket>();
  const known = new Set<Socket>();
  const busy = new Map<Socket, number>();
  server.on("connection", (socket: Socket) => {
    if (strangers.size + known.size >= max) makeRoom(socket);
    if (socket.destroyed) return;
    strangers.add(socket);
    socket.once("close", () => {
      strangers.delete(socket);
      known.delete(socket);
      busy.delete(socket);
    });
  });
  server.prependListener("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once("close", () => {
      const left = (busy.get(socket) ?? 1) - 1;
      if (left > 0) busy.set(socket, left);
      else busy.delete(socket);
    });
  });

  function makeRoom(newcomer: Socket): void {
    const [oldest] = strangers;
    const victim = oldest ?? [...known].find((socket) => !busy.has(socket)) ?? newcomer;
    strangers.delete(victim);
    known.delete(victim);
    victim.destroy();
  }

  return {
    admit({ socket }) {
      if (socket.destroyed) return;
      strangers.delete(socket);
      known.delete(socket);
      known.add(socket);
    },
  };
}

/** Descriptors that this process may have. */
function descriptorLimit(): number {
  try {
    const found = /^Max open files\s+(\d+)/mu.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return found === undefined ? descriptorLimitUnknown : Number(found);
  } catch (error) {
    // Other systems have no such file.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return descriptorLimitUnknown;
    throw error;
  }
}
