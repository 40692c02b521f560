/**
 * Decides who may use the API (THREATS T15, T35): exact Host and Origin, then the bearer token, then the role that the route needs. Only open routes
 * answer without a token, and only to a loopback Host without forwarding headers. The unix socket needs the token too: the judgement plane can
 * connect to it, but not read the token.
 */
import { actorText, type FailureCode, mayAct, type OperatorRole } from "@aedev/contracts";
import { type Route, routes } from "@aedev/contracts/api";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type ApiCaller, callerOf } from "./routes/caller.ts";
import { errorBody } from "./routes/error-body.ts";
import { callers, roleOfRoute } from "./routes/register.ts";

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

/** `isOnSocket`: whether a request came over the unix socket. `token`: the home's own. */
export function guard(
  server: FastifyInstance,
  options: {
    control: Parameters<typeof callerOf>[1]["control"];
    token: string;
    port: () => number;
    isOnSocket: (request: FastifyRequest) => boolean;
  },
): void {
  server.addHook("onRequest", async (request, reply) => {
    setSafeHeaders(reply);
    const isOnSocket = options.isOnSocket(request);
    const hosts = isOnSocket ? socketHosts : loopbackHosts(options.port());
    if (!hosts.includes(request.headers.host ?? ""))
      return refuse(reply, 403, "foreign-host", "this Host is not the daemon's");
    const { origin } = request.headers;
    if (origin !== undefined && (isOnSocket || !hosts.some((host) => origin === `http://${host}`))) {
      return refuse(reply, 403, "foreign-origin", "this Origin is not the daemon's");
    }
    const path = request.url.split("?")[0] ?? "";
    if (open.has(path)) {
      if (Object.keys(request.headers).some((name) => forwarding.test(name)))
        return refuse(reply, 403, "forwarded", "the status board is not served through a proxy");
      return;
    }
    const given = /^Bearer ([0-9a-f]+|aedev_[0-9a-f]+)$/.exec(request.headers.authorization ?? "")?.[1];
    const way = isOnSocket || request.headers["aedev-client"] === "terminal" ? "terminal" : "api";
    const caller = given === undefined ? null : callerOf(given, { ...options, way });
    if (caller === null)
      return refuse(reply, 401, "no-token", "the home's bearer token or the token of an operator is needed");
    callers.set(request, caller);
    const needed = roleOfRoute(request);
    if (!request.is404 && (needed === undefined || !mayAct(caller.role, needed)))
      return refuse(reply, 403, "role-missing", ...roleRefusal(caller, needed ?? "admin"));
  });
}

/** Why the caller's role is not enough, and who can help. */
function roleRefusal({ by, role }: ApiCaller, needed: OperatorRole): [reason: string, hint: string] {
  const name = actorText(by);
  return [
    `${name} has the role ${role}, and this needs the role ${needed}`,
    `an admin gives another role: aedev operator remove ${name} && aedev operator add ${name} --role ${needed}`,
  ];
}

function loopbackHosts(port: number): string[] {
  return ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
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

function refuse(
  reply: FastifyReply,
  status: 401 | 403,
  code: FailureCode,
  reason: string,
  hint: string | null = null,
): FastifyReply {
  return reply.code(status).send(errorBody(code, reason, hint));
}
