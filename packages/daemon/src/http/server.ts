/**
 * The HTTP API, on a unix socket for the command line and on loopback for browsers: routes, schemas, error mapping. It turns requests into commands and state
 * into documents; no route sets a status.
 * Folder: the API server, and who may call it.
 */

import { once } from "node:events";
import { chmodSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Fault } from "@aedev/contracts";
import type { RouteName } from "@aedev/contracts/api";
import type { Refusal } from "@aedev/core";
import { prepareSocketFolder } from "@aedev/host/api-socket";
import { createServer } from "@aedev/host/node-http";
import { productVersion } from "@aedev/host/product";
import swagger from "@fastify/swagger";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from "fastify-type-provider-zod";
import type { CanaryWorker } from "../canary/canary-worker.ts";
import { answerExpectations } from "../control/answer-expectations.ts";
import { limitConnections, listenerPatience } from "../control/connection-limits.ts";
import type { Control } from "../control/control.ts";
import { demoRouteRefusal } from "../control/demo-home.ts";
import { listenOnLoopback } from "../control/listen-on-loopback.ts";
import { complain } from "../logging/complain.ts";
import { openMemory } from "../memory/memory-reader.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Notifier } from "../phone/notifier.ts";
import type { Probes } from "../planes/probes.ts";
import { openHistory } from "../reader/history.ts";
import { admissionOf, guard, type HeadVerdict, safeHeaders } from "./guard.ts";
import { createProxyListener, type ProxyListener } from "./proxy-listener.ts";
import { auditRoutes } from "./routes/audit-routes.ts";
import { boardRoutes } from "./routes/board-routes.ts";
import { browserRoutes } from "./routes/browser-routes.ts";
import { collectionRoutes } from "./routes/collection-routes.ts";
import { configurationRoutes } from "./routes/configuration-routes.ts";
import { decisionRoutes } from "./routes/decision-routes.ts";
import { draftRoutes } from "./routes/draft-routes.ts";
import { errorBody } from "./routes/error-body.ts";
import { eventRoutes } from "./routes/event-routes.ts";
import type { Handlers } from "./routes/handler.ts";
import { historyRoutes } from "./routes/history-routes.ts";
import { inboxRoutes } from "./routes/inbox-routes.ts";
import { liveRoutes } from "./routes/live-routes.ts";
import { memoryRoutes } from "./routes/memory-routes.ts";
import { metricsRoutes } from "./routes/metrics-routes.ts";
import { missionRoutes } from "./routes/mission-routes.ts";
import { notificationRoutes } from "./routes/notification-routes.ts";
import { operatorRoutes } from "./routes/operator-routes.ts";
import { pauseRoutes } from "./routes/pause-routes.ts";
import { phoneLinkRoutes } from "./routes/phone-link-routes.ts";
import { probeRoutes } from "./routes/probe-routes.ts";
import { proposalRoutes } from "./routes/proposal-routes.ts";
import { registerRoutes } from "./routes/register.ts";
import { repositoryPageRoutes } from "./routes/repository-page-routes.ts";
import { repositoryRoutes } from "./routes/repository-routes.ts";
import { taskRoutes } from "./routes/task-routes.ts";
import { serveWebApp } from "./web-app.ts";

/** Maximum size of a request body in bytes. */
const bodyBytesMax = 1024 * 1024;
/** Connections on loopback, where every account of the machine can connect: all clients of the stream, and requests beside them. */
const loopbackConnectionsMax = 768;
/** Connections on the socket, which only this account can reach. */
const socketConnectionsMax = 256;
const { requestMs, idleMs } = listenerPatience;

/** Opens the server on 127.0.0.1 and on the home's socket, and resolves with its port; port 0 lets the system choose. */
export async function openServer(options: {
  control: Control;
  probes: Probes;
  notifier: Pick<Notifier, "test" | "sendLink">;
  canaries: Pick<CanaryWorker, "stalled">;
  token: string;
  /** Milliseconds since the reconcile loop completed a pass. */
  passAgeMs: () => number;
  /** Whether the Docker engine answers. */
  engineAnswers: () => Promise<boolean>;
  metrics: Pick<Metrics, "text">;
  port: number;
}): Promise<{ port: number; close: () => Promise<void> }> {
  let port = options.port;
  const sockets = new WeakSet<object>();
  const isOnSocket = (request: IncomingMessage) => sockets.has(request.socket);
  let proxy: ProxyListener | null = null;
  const admitHere = (request: IncomingMessage) =>
    admissionOf(request, {
      ...{ control: options.control, token: options.token, port: () => port, isOnSocket },
      isBoardPublic: options.control.configuration.board.public,
    });
  const admit = (request: IncomingMessage) => (proxy?.isOf(request) ? proxy.admit(request) : admitHere(request));
  const server = Fastify({
    bodyLimit: bodyBytesMax,
    forceCloseConnections: true,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    http: { headersTimeout: requestMs, connectionsCheckingInterval: idleMs },
    routerOptions: { ignoreTrailingSlash: false },
    frameworkErrors: (error, { raw }, reply: RawReply) => answerUnroutable(reply, error, admit(raw)),
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  const socket = openSocketListener(server, sockets);
  const { web } = options.control.configuration;
  proxy = createProxyListener(server, { control: options.control, ...web });
  answerExpectations(server.server, server);
  const limits = limitConnections(server.server, loopbackConnectionsMax);
  guard(server, (request) => {
    const verdict = admit(request);
    if (verdict.kind === "caller" && proxy?.isOf(request) !== true)
      (sockets.has(request.socket) ? socket.limits : limits).admit(request);
    return verdict;
  });
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "aedev",
        version: productVersion(),
        description: "The API of the daemon on this machine. There is no route that sets a status.",
      },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  mapErrors(server);
  await serveWebApp(server);
  await server.register(async (api) => {
    const history = openHistory(() => options.control.log.views);
    const handlers: Handlers = {
      ...missionRoutes(options.control, options.probes),
      ...decisionRoutes(options.control),
      ...inboxRoutes(options.control),
      ...draftRoutes(options.control, options.probes),
      ...taskRoutes(options.control),
      ...repositoryRoutes(options),
      ...pauseRoutes(options.control),
      ...eventRoutes(options.control),
      ...collectionRoutes(options.control),
      ...boardRoutes(options),
      ...liveRoutes(options.control),
      ...metricsRoutes(options.metrics),
      ...probeRoutes(options.probes),
      ...notificationRoutes(options.notifier),
      ...phoneLinkRoutes(options.control, options.notifier),
      ...proposalRoutes(options.control),
      ...memoryRoutes(options.control, openMemory(options.control)),
      ...auditRoutes(options),
      ...historyRoutes(options.control, history),
      ...repositoryPageRoutes(options.control, history),
      ...configurationRoutes(options.control),
      ...operatorRoutes(options.control, () => port),
      ...browserRoutes(options.control, {
        port: () => port,
        url: web.url,
        isThroughProxy: (request) => proxy?.isOf(request) ?? false,
      }),
      openapi: async () => ({ openapi: "3.1.0", ...server.swagger(), servers: [{ url: `http://127.0.0.1:${port}` }] }),
    };
    registerRoutes(api, handlers, (name) => changeRefusal(options.control, name));
  });
  port = await listenOnLoopback(server, port, { name: "port", keys: "AEDEV_PORT or system.port" });
  await socket.listen(options.control.home);
  await proxy?.listen();
  const close = async () => {
    await socket.close();
    await proxy?.close();
    await server.close();
  };
  return { port, close };
}

/** Why a route may change nothing now. A person may always accept a log that is not trusted. */
function changeRefusal(control: Control, name: RouteName): Refusal | null {
  return (name === "acceptLog" ? null : control.trust.refusal()) ?? demoRouteRefusal(control, name);
}

/** Opens a second listener of the same routes. The caller holds the home's lock, so an existing socket is a killed daemon's. */
function openSocketListener(server: FastifyInstance, sockets: WeakSet<object>) {
  const patience = { requestTimeout: requestMs, headersTimeout: requestMs, keepAliveTimeout: idleMs };
  const listener = createServer({ ...patience, connectionsCheckingInterval: idleMs }, (request, response) =>
    server.routing(request, response),
  );
  const limits = limitConnections(listener, socketConnectionsMax);
  listener.on("connection", (socket) => sockets.add(socket));
  answerExpectations(listener, server);
  return {
    limits,
    async listen(home: string) {
      const path = prepareSocketFolder(home);
      rmSync(path, { force: true });
      listener.listen(path);
      await once(listener, "listening");
      chmodSync(path, 0o600);
    },
    async close() {
      listener.closeAllConnections();
      if (listener.listening) await new Promise((closed) => listener.close(closed));
    },
  };
}

/** Maps an error of a route to a status: a Fault is 409, an invalid request 400, anything else 500 without its cause. */
export function mapErrors(server: FastifyInstance): void {
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody("not-found", `there is no route ${request.method} ${request.url.split("?")[0]}`)),
  );
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof Fault) return reply.code(409).send(errorBody(error.code, error.message, error.hint ?? null));
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send(errorBody("bad-request", error.message));
    complain(error);
    return reply
      .code(500)
      .send(errorBody("internal", "the daemon failed to handle this request; its log file has the cause"));
  });
}

/** Answers a path that can't be parsed, for which no route is looked up. The guard's refusal still comes first. */
function answerUnroutable(reply: RawReply, { statusCode, message }: FastifyError, admission: HeadVerdict): void {
  const isRefused = admission.kind === "refused";
  reply.hijack();
  reply.raw.writeHead(isRefused ? admission.status : (statusCode ?? 400), {
    ...safeHeaders,
    "content-type": "application/json",
    connection: "close",
  });
  reply.raw.end(JSON.stringify(isRefused ? admission.body : errorBody("bad-request", message)));
}
type RawReply = Pick<FastifyReply, "hijack" | "raw">;
