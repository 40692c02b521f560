/** The log over HTTP: read it in pages, follow it as JSON Lines, verify it, rebuild its views. Only a person's acceptance appends. */
import { statusSummary } from "@aedev/core";
import { type Control, makeCommand } from "../../control/control.ts";
import { liveSignalFacts } from "../../reader/live-signal-facts.ts";
import { verificationDocument } from "../../reader/offline.ts";
import { type Handlers, refusal } from "./handler.ts";

const eventsPerRead = 1_000;

export function eventRoutes(control: Control) {
  return {
    showStatus: async () => ({
      daemon: "running",
      ...statusSummary(
        control.log.state,
        new Date().toISOString(),
        control.log.views.totals().missions,
        await liveSignalFacts(control),
      ),
      untrusted: control.trust.untrusted,
    }),
    async listEvents({ query: { after, limit, stream, follow }, caller }, reply) {
      if (follow === "0")
        return { events: await control.log.listEvents({ after, limit, ...(stream === undefined ? {} : { stream }) }) };
      reply.hijack();
      await followEvents(reply.raw, control, { after, isAllowed: caller.isStillAllowed });
      return reply;
    },
    async acceptLog({ body, caller }) {
      const accepted = await control.trust.accept(body, async (command) => {
        const answer = await control.log.submit(makeCommand(command, caller));
        return answer.kind === "refused" ? answer : null;
      });
      return "kind" in accepted ? refusal(accepted) : { accepted: true, ...control.log.head, ...accepted };
    },
    verifyEvents: async () => verificationDocument(control.verify()),
    async rebuildEvents() {
      control.log.rebuild();
      return { rebuilt: true, ...control.log.head };
    },
  } satisfies Partial<Handlers>;
}

/** Writes every event after `after` and then each new event, one per line, until the reader disconnects or may read no longer. */
async function followEvents(
  response: NodeJS.WritableStream & {
    writeHead(status: number, headers: Record<string, string>): unknown;
    flushHeaders(): void;
  },
  control: Control,
  { after, isAllowed }: { after: number; isAllowed: () => boolean },
): Promise<void> {
  response.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
  // The headers go out at once: a reader that follows from the newest event must know that it is connected, even if nothing happens for an hour.
  response.flushHeaders();
  let sent = after;
  let busy = false;
  let again = false;
  const send = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    do {
      again = false;
      if (!isAllowed()) {
        response.end();
        break;
      }
      const events = await control.log.listEvents({ after: sent, limit: eventsPerRead });
      for (const event of events) {
        response.write(`${JSON.stringify(event)}\n`);
        sent = event.position;
      }
      if (events.length === eventsPerRead) again = true;
    } while (again);
    busy = false;
  };
  const unsubscribe = control.log.subscribe(() => void send());
  response.on("close", unsubscribe);
  await send();
}
