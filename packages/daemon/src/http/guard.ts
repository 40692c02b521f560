/**
 * Who may talk to the API (THREATS T15): exact Host and Origin, then the bearer token. The status board alone answers without a token, and only
 * to a loopback Host without forwarding headers.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { errorBody } from "./error-body.ts";

/** Paths that need no token: they show nothing that an API reader could change. */
const open = new Set(["/health", "/status-board", "/status-board.json"]);
/** What proxies and tunnels add; loopback clients of our own send none of these. */
const forwarding =
  /^(forwarded|via|x-forwarded.*|x-real-ip|x-client-ip|x-original-.*|true-client-ip|cf-.*|tailscale-.*)$/;

export function guard(server: FastifyInstance, options: { token: string; port: () => number }): void {
  server.addHook("onRequest", async (request, reply) => {
    setSafeHeaders(reply);
    const hosts = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${options.port()}`);
    if (!hosts.includes(request.headers.host ?? ""))
      return refuse(reply, 403, "foreign-host", "this Host is not the daemon's");
    const { origin } = request.headers;
    if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
      return refuse(reply, 403, "foreign-origin", "this Origin is not the daemon's");
    }
    const path = request.url.split("?")[0] ?? "";
    if (open.has(path)) {
      if (Object.keys(request.headers).some((name) => forwarding.test(name)))
        return refuse(reply, 403, "forwarded", "the status board is not served through a proxy");
      return;
    }
    if (!hasToken(request, options.token))
      return refuse(reply, 401, "no-token", "the bearer token of the home's token file is needed");
  });
}

function hasToken(request: FastifyRequest, token: string): boolean {
  const given = /^Bearer ([0-9a-f]+)$/.exec(request.headers.authorization ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function setSafeHeaders(reply: FastifyReply): void {
  reply.header(
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  );
  reply.header("cache-control", "no-store");
  reply.header("referrer-policy", "no-referrer");
  reply.header("x-content-type-options", "nosniff");
}

function refuse(reply: FastifyReply, status: 401 | 403, code: string, reason: string): FastifyReply {
  return reply.code(status).send(errorBody(code, reason));
}
