/**
 * Limits how many connections a daemon's listener holds (SECURITY T40). At the limit, the oldest connection that has not shown who it is makes room, so that
 * nobody can shut the person out by holding connections open.
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Deadlines of every listener: for a request's head and body, and for the next request on a connection. */
export const listenerPatience = { requestMs: 10_000, idleMs: 5_000 } as const;

/** The largest share of this process's descriptors that one listener's connections may take; log, signed head, blobs and git need the rest. */
const descriptorShare = 1 / 8;
const descriptorLimitUnknown = 1_024;

export interface ConnectionLimits {
  /** Marks a request's connection as one that may ask: it is kept as long as there are strangers to drop. */
  admit(request: IncomingMessage): void;
}

/** Limits the connections of a server that does not listen yet. */
export function limitConnections(server: Server, connectionsMax: number): ConnectionLimits {
  const max = Math.max(1, Math.min(connectionsMax, Math.floor(descriptorLimit() * descriptorShare)));
  // In the order in which they connected or last made a request.
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

/** How many descriptors this process may have. */
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
