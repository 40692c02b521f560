/** The HTTP face on loopback: routes, schemas, error mapping. It turns requests into commands and states into documents; there is no route that sets a status. */

import { Fault } from "@aedev/core/wire";
import swagger from "@fastify/swagger";
import Fastify, { type FastifyInstance } from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { CanaryDesk } from "../canary/canary-desk.ts";
import type { Control } from "../loop/control.ts";
import type { Notifier } from "../notify/notifier.ts";
import type { Probes } from "../planes/probes.ts";
import { errorBody } from "./error-body.ts";
import { guard } from "./guard.ts";
import { auditRoutes } from "./routes/audit-routes.ts";
import { boardRoutes } from "./routes/board-routes.ts";
import { eventRoutes } from "./routes/event-routes.ts";
import { missionRoutes } from "./routes/mission-routes.ts";
import { notificationRoutes } from "./routes/notification-routes.ts";
import { probeRoutes } from "./routes/probe-routes.ts";
import { repositoryPauseRoutes } from "./routes/repository-pause-routes.ts";
import { repositoryRoutes } from "./routes/repository-routes.ts";
import { taskRoutes } from "./routes/task-routes.ts";

/** Bytes of a request body at most. */
const bodyBytesMax = 1024 * 1024;

/** Opens the server on 127.0.0.1 and resolves with its port; port 0 lets the system choose. */
export async function openServer(options: {
  control: Control;
  probes: Probes;
  notifier: Pick<Notifier, "test">;
  canaries: Pick<CanaryDesk, "stalled">;
  token: string;
  port: number;
}): Promise<{ port: number; close: () => Promise<void> }> {
  const server = Fastify({
    bodyLimit: bodyBytesMax,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: false },
  });
  let port = options.port;
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  guard(server, { token: options.token, port: () => port });
  await server.register(swagger, {
    openapi: { info: { title: "aedev", version: "0.1.0" } },
    transform: jsonSchemaTransform,
  });
  mapErrors(server);
  await server.register(async (api) => {
    missionRoutes(api, options.control);
    taskRoutes(api, options.control);
    repositoryRoutes(api, options);
    repositoryPauseRoutes(api, options.control);
    eventRoutes(api, options.control);
    boardRoutes(api, options.control);
    probeRoutes(api, options.probes);
    notificationRoutes(api, options.notifier);
    auditRoutes(api, options);
    api.get("/openapi.json", { schema: { hide: true } }, async () => server.swagger());
  });
  await listen(server, options.port);
  const address = server.server.address();
  if (address !== null && typeof address === "object") port = address.port;
  return { port, close: () => server.close() };
}

async function listen(server: FastifyInstance, port: number): Promise<void> {
  try {
    await server.listen({ host: "127.0.0.1", port });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = "stop what uses that port, or set AEDEV_PORT or system.port in config.yaml";
    throw new Fault("PORT-REFUSED", `port ${port} can't be listened on: ${why}`, { hint, cause });
  }
}

function mapErrors(server: FastifyInstance): void {
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody("not-found", `there is no route ${request.method} ${request.url.split("?")[0]}`)),
  );
  server.setErrorHandler((error: Error & { statusCode?: number; code?: string }, _request, reply) => {
    if (error instanceof Fault) return reply.code(409).send(errorBody(error.code, error.message, error.hint ?? null));
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send(errorBody(error.code ?? "bad-request", error.message));
    process.stderr.write(`aedev: ${error.stack ?? error.message}\n`);
    return reply.code(500).send(errorBody("internal", "the daemon failed at this request; its log file has the cause"));
  });
}
