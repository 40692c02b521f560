/** Every request to a server without a guard comes from the owner of the home. */
import type { FastifyInstance } from "fastify";
import { callers } from "../../src/http/routes/register.ts";

export function asOwner(server: FastifyInstance): void {
  server.addHook("onRequest", async (request) => {
    callers.set(request, { by: "operator", role: "admin", way: "terminal", isStillAllowed: () => true });
  });
}
