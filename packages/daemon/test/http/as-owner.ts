/** Makes every request to a server without a guard come from the home's owner. */
import type { FastifyInstance } from "fastify";
import { callers } from "../../src/http/routes/register.ts";

export function asOwner(server: FastifyInstance): void {
  server.addHook("onRequest", async (request) => {
    callers.set(request, { by: "operator", role: "admin", way: "terminal", isStillAllowed: () => true });
  });
}
