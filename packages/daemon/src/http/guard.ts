/**
 * Decides who may use the API (THREATS T15, T35): exact Host and Origin, then the bearer token. Only the status board answers without a token, and
 * only to a loopback Host without forwarding headers. The unix socket needs the token too: the judgement plane can connect to it, but not read the token.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FailureCode } from "@aedev/contracts";
import { type Route, routes } from "@aedev/contracts/api";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { errorBody } from "./routes/error-body.ts";

/** Paths that need no token. */
const open = new Set(
  Object.values(routes)
    .filter((route: Route) => route.open === true)
    .map(({ path }) => path as string),
);
/** Headers that proxies and tunnels add; our own loopback clients send none of these. */
const forwarding =
  /^(forwarded|via|x-forwarded.*|x-real-ip|x-client-ip|x-original-.*|true-client-ip|cf-.*|tailscale-.*)$/;

/** The only Host on the unix socket, which no browser can reach. */
const socketHosts = ["localhost"];

/** `isOnSocket`: whether a request came over the unix socket. */
export function guard(
  server: FastifyInstance,
  options: { token: string; port: () => number; isOnSocket: (request: FastifyRequest) => boolean },
): void {
  server.addHook("onRequest", async (request, reply) => {
    setSafeHeaders(reply);
    const hosts = options.isOnSocket(request) ? socketHosts : loopbackHosts(options.port());
    if (!hosts.includes(request.headers.host ?? ""))
      return refuse(reply, 403, "foreign-host", "this Host is not the daemon's");
    const { origin } = request.headers;
    if (origin !== undefined && (options.isOnSocket(request) || !hosts.some((host) => origin === `http://${host}`))) {
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

function loopbackHosts(port: number): string[] {
  return ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
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

function refuse(reply: FastifyReply, status: 401 | 403, code: FailureCode, reason: string): FastifyReply {
  return reply.code(status).send(errorBody(code, reason));
}
