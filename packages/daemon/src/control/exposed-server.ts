/** A web server that a tunnel may expose to strangers. It drops slow and idle clients and limits connections, so that a flood can't take them all. */
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { answerExpectations } from "./answer-expectations.ts";
import { type ConnectionLimits, limitConnections, listenerPatience } from "./connection-limits.ts";

/** Most bytes of a request's head: more than a link with its token needs, little enough for all connections together. */
const headBytesMax = 32 * 1024;
export interface ExposedServerOptions {
  readonly bodyBytesMax: number;
  readonly connectionsMax: number;
  /** Answers a request whose address can't be read, as the guard would answer a stranger. Routes answer unknown paths. */
  readonly refuse: (reply: FastifyReply) => void;
  /** The status line if the head is too long. Without it Fastify answers 431, 408 or 400. */
  readonly longHeadStatus?: string;
  readonly patience?: { readonly requestMs: number; readonly idleMs: number };
}

/** Creates the server, which does not listen yet. `limits` is told which requests have a valid token or signature. */
export function createExposedServer({
  bodyBytesMax,
  connectionsMax,
  refuse,
  longHeadStatus,
  patience: { requestMs, idleMs } = listenerPatience,
}: ExposedServerOptions): { server: FastifyInstance; limits: ConnectionLimits } {
  const server = Fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    forceCloseConnections: true,
    http: {
      maxHeaderSize: headBytesMax,
      headersTimeout: requestMs,
      connectionsCheckingInterval: idleMs,
    },
    ...(longHeadStatus === undefined
      ? {}
      : {
          clientErrorHandler: (error, socket) => {
            const status = error.code === "HPE_HEADER_OVERFLOW" ? longHeadStatus : "400 Bad Request";
            if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
            else socket.destroy();
          },
        }),
    frameworkErrors: (_error, _request, reply) => refuse(reply as FastifyReply),
  });
  answerExpectations(server.server, server);
  return { server, limits: limitConnections(server.server, connectionsMax) };
}
