/** The log over HTTP: read it in pages, follow it as JSON Lines, verify it, rebuild its views. Nothing here appends. */
import { statusSummary } from "@aedev/core";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Control } from "../../loop/control.ts";
import { verificationDocument } from "../../offline.ts";

const eventsPageMax = 1_000;
const page = z.strictObject({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().positive().max(eventsPageMax).default(200),
  stream: z.string().max(200).optional(),
  follow: z.enum(["0", "1"]).default("0"),
});

export function eventRoutes(server: FastifyInstance, control: Control): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  api.get("/api/status", async () => ({
    daemon: "running",
    ...statusSummary(control.log.state, new Date().toISOString()),
  }));
  api.get("/api/events", { schema: { querystring: page } }, async (request, reply) => {
    const { after, limit, stream, follow } = request.query;
    if (follow === "0")
      return { events: await control.log.listEvents({ after, limit, ...(stream === undefined ? {} : { stream }) }) };
    reply.hijack();
    await followEvents(reply.raw, control, after);
    return reply;
  });
  api.get("/api/events/verify", async () => verificationDocument(control.verify()));
  api.post("/api/events/rebuild", async () => {
    control.log.rebuild();
    return { rebuilt: true, ...control.log.head };
  });
}

/** Writes every event after `after` and then each new one, a line each, until the reader goes away. */
async function followEvents(
  response: NodeJS.WritableStream & {
    writeHead(status: number, headers: Record<string, string>): unknown;
    flushHeaders(): void;
  },
  control: Control,
  after: number,
): Promise<void> {
  response.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
  // Whoever follows from the newest event on is to know that he does, also where nothing happens for an hour.
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
      const events = await control.log.listEvents({ after: sent, limit: eventsPageMax });
      for (const event of events) {
        response.write(`${JSON.stringify(event)}\n`);
        sent = event.position;
      }
      if (events.length === eventsPageMax) again = true;
    } while (again);
    busy = false;
  };
  const unsubscribe = control.log.subscribe(() => void send());
  response.on("close", unsubscribe);
  await send();
}
