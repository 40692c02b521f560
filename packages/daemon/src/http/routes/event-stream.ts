/** Follows the log for readers over HTTP, one event per line. Readers are few, and one that does not read loses its stream (SECURITY T40). */

import type { ServerResponse } from "node:http";
import type { Records } from "../../control/parts.ts";

/** Most readers at once. Each costs a look at the log for every event. */
const streamsMax = 64;
const eventsPerRead = 200;
/** How long a reader may leave its data unread. */
const unreadMs = 30_000;

type Stream = Pick<
  ServerResponse,
  "writeHead" | "flushHeaders" | "write" | "end" | "on" | "once" | "off" | "destroy" | "closed"
>;

export function openEventStreams(
  log: Pick<Records["log"], "listEvents" | "subscribe">,
  limits = { streamsMax, unreadMs },
) {
  let open = 0;
  return {
    hasRoom: () => open < limits.streamsMax,
    /** Writes every event after `after`, then each new one. Resolves when the reader disconnects, is refused or stalls; rejects if the log can't be read. */
    async follow(response: Stream, options: { after: number; isAllowed: () => boolean }): Promise<void> {
      open += 1;
      response.once("close", () => {
        open -= 1;
      });
      await followLog(log, response, { ...options, unreadMs: limits.unreadMs });
    },
  };
}

async function followLog(
  log: Pick<Records["log"], "listEvents" | "subscribe">,
  response: Stream,
  { after, isAllowed, unreadMs }: { after: number; isAllowed: () => boolean; unreadMs: number },
): Promise<void> {
  response.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
  // The headers go out at once, so that a reader knows that it is connected even if nothing happens for an hour.
  response.flushHeaders();
  let sent = after;
  let hasNews = false;
  let wake = (): void => undefined;
  const unsubscribe = log.subscribe(() => {
    hasNews = true;
    wake();
  });
  response.on("close", () => wake());
  try {
    while (!response.closed) {
      if (!isAllowed()) {
        response.end();
        return;
      }
      hasNews = false;
      const events = await log.listEvents({ after: sent, limit: eventsPerRead });
      const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
      sent = events.at(-1)?.position ?? sent;
      // Only unread data is kept for a reader; nothing more is read from the log before it has taken that.
      if (lines !== "" && !response.write(lines)) await isRead(response, unreadMs);
      if (events.length === eventsPerRead || hasNews || response.closed) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } catch (error) {
    // Breaks the stream, so that the reader does not take it for the end.
    response.destroy();
    throw error;
  } finally {
    unsubscribe();
  }
}

/** Resolves when the reader has taken everything or has lost its stream. */
function isRead(response: Stream, unreadMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (response.closed) return resolve();
    const timer = setTimeout(() => response.destroy(), unreadMs);
    const done = () => {
      clearTimeout(timer);
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
