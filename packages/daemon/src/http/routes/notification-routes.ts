/** Push messages over HTTP: try whether one arrives and what comes back. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Notifier } from "../../notify/notifier.ts";

export function notificationRoutes(server: FastifyInstance, notifier: Pick<Notifier, "test">): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  /** Sends one real message; 409 where no topic is configured. */
  api.post("/api/notifications/test", { schema: { body: z.strictObject({}) } }, async () => notifier.test());
}
