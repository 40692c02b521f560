/**
 * Sends what changed to every open client as server-sent events. A message is made once for all clients; a client that does not read loses its connection, and
 * goes on from its last position when it comes back.
 */
import type { ServerResponse } from "node:http";
import type { LiveMessage } from "@aedev/contracts/api";
import type { Records } from "../../control/parts.ts";
import { complain } from "../../logging/complain.ts";

/** Most clients at once. `bench pages` measures their memory. */
const clientsMax = 500;
/** Most clients of one person: nobody may take the place of all others. */
const ownClientsMax = 20;
/** A client's unread bytes at which it is dropped. */
const unreadBytesMax = 4 * 1024 * 1024;
/** A client hears at least this often from the daemon, so that it notices when the daemon is gone. */
const quietMs = 5000;
/** Changes that come together are sent together. */
const gatherMs = 50;
/** If a client missed more events or missions, it reads its documents again. The log returns no more events at once. */
const eventsMax = 1000;
const missionsMax = 50;

interface Client extends Pick<ServerResponse, "writeHead" | "flushHeaders" | "write" | "destroy" | "writableLength"> {
  on(event: "close", listener: () => void): unknown;
}
interface Open {
  readonly client: Client;
  /** The actor whose client it is. */
  readonly by: string;
  readonly isAllowed: () => boolean;
}

/** What the feed needs of the log. `P`: what takes time to find out and is not in the log. */
export interface LiveSource<P> {
  readonly log: Pick<Records["log"], "listEvents" | "subscribe">;
  prepare(): Promise<P>;
  /** The documents of these missions and the status, at one position: nothing is awaited. */
  read(missions: readonly string[], prepared: P): Omit<LiveMessage, "reload">;
  /** The mission that an event of this stream changes; null: none. */
  missionOf(stream: string): string | null;
}

export function openLiveFeed<P>(
  { log, prepare, read, missionOf }: LiveSource<P>,
  limits = { clientsMax, ownClientsMax },
) {
  const clients = new Set<Open>();
  let changed = new Set<string>();
  let isDue = false;
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe: (() => void) | undefined;

  function textOf(missions: ReadonlySet<string>, prepared: P, { reload = false, position = -1 } = {}): string {
    const isTooMuch = reload || missions.size > missionsMax;
    const found = read(isTooMuch ? [] : [...missions], prepared);
    const message: LiveMessage = {
      ...found,
      position: position < 0 ? found.position : position,
      reload: isTooMuch,
    };
    return `id: ${message.position}\ndata: ${JSON.stringify(message)}\n\n`;
  }

  function send(open: Open, text: string): void {
    const { client, isAllowed } = open;
    if (isAllowed() && client.writableLength < unreadBytesMax) client.write(text);
    else client.destroy();
  }

  async function tell(): Promise<void> {
    const prepared = await prepare();
    // From here on nothing is awaited, so that no event is between the missions and the position.
    const missions = changed;
    changed = new Set();
    isDue = false;
    const text = textOf(missions, prepared);
    for (const open of clients) send(open, text);
    plan(quietMs);
  }

  /** Plans the next message; changes bring it forward. */
  function plan(inMs: number): void {
    clearTimeout(timer);
    timer = undefined;
    if (clients.size === 0) return;
    timer = setTimeout(() => void tell().catch(fail), inMs);
    timer.unref();
  }

  /** Clients come back by themselves. */
  function fail(error: unknown): void {
    complain(error);
    for (const { client } of clients) client.destroy();
  }

  function follow(): void {
    unsubscribe ??= log.subscribe((events) => {
      for (const { stream } of events) {
        const mission = missionOf(stream);
        if (mission !== null) changed.add(mission);
      }
      if (isDue) return;
      isDue = true;
      plan(gatherMs);
    });
  }

  return {
    hasRoom: (by: string) =>
      clients.size < limits.clientsMax && [...clients].filter((open) => open.by === by).length < limits.ownClientsMax,
    /** Sends what changed after `after`, then each change. Null: the client knows nothing yet, so it reads everything itself. */
    async add(
      client: Client,
      { after, ...whose }: { after: number | null; by: string; isAllowed: () => boolean },
    ): Promise<void> {
      client.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      client.flushHeaders();
      const open = { client, ...whose };
      client.on("close", () => {
        clients.delete(open);
        if (clients.size > 0) return;
        unsubscribe?.();
        unsubscribe = undefined;
        changed = new Set();
        isDue = false;
        plan(quietMs);
      });
      follow();
      clients.add(open);
      try {
        const prepared = await prepare();
        const missed = after === null ? [] : await log.listEvents({ after, limit: eventsMax });
        const missions = new Set(missed.flatMap(({ stream }) => missionOf(stream) ?? []));
        // What happened since the list was read comes with the next message.
        const position = after === null ? -1 : (missed.at(-1)?.position ?? after);
        send(open, textOf(missions, prepared, { reload: missed.length === eventsMax, position }));
      } catch (error) {
        // The client comes back.
        complain(error);
        client.destroy();
      }
      if (timer === undefined) plan(quietMs);
    },
  };
}
