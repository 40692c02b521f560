/**
 * Decides who may use the API (SECURITY T15, T35): exact Host and Origin, then the bearer token, then the route's role. Open routes answer without a token, but
 * only to a loopback Host without forwarding headers. The unix socket needs the token too: the judgement plane can connect to it, but not read the token.
 */
import type { IncomingMessage } from "node:http";
import { actorText, type FailureCode, mayAct, type OperatorRole } from "@aedev/contracts";
import { type ErrorDocument, type Route, routes } from "@aedev/contracts/api";
import { appPages } from "@aedev/dashboard";
import type { FastifyInstance } from "fastify";
import { hasBoardKey } from "../control/board-link.ts";
import { type ApiCaller, callerOf, callerOfCookie } from "./routes/caller.ts";
import { errorBody } from "./routes/error-body.ts";
import { callers, isForAgents, roleOfRoute } from "./routes/register.ts";

/** Paths that need no token. */
const open = new Set(
  Object.values(routes)
    .filter((route: Route) => route.open === true)
    .map(({ path }) => path as string),
);
/** Open unless the operator makes them private. */
const board = new Set<string>([routes.statusBoard.path, routes.statusBoardDocument.path]);
/** Headers that proxies and tunnels add; our own loopback clients send none of them. */
const forwarding =
  /^(forwarded|via|x-forwarded.*|x-real-ip|x-client-ip|x-original-.*|true-client-ip|cf-.*|tailscale-.*)$/;

/** Headers of every answer. */
export const safeHeaders = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Headers of the web app's page: its own files only, and no script or style inside the page. */
export const appHeaders = {
  ...safeHeaders,
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
};

/** The web app's pages and files; a page's parameter is one part of the path. */
const appPaths = [...appPages.map((path) => path.replaceAll(/:\w+/g, "[^/]+")), "/assets/[\\w.-]+"].map(
  (pattern) => new RegExp(`^${pattern}$`),
);
/** Whether the request is for one of the web app's files, which hold no data. */
export function isAppFile({ method }: IncomingMessage, path: string): boolean {
  return method === "GET" && appPaths.some((pattern) => pattern.test(path));
}

/** The only Host on the unix socket, which browsers can't reach. */
const socketHosts = ["localhost"];

/** The verdict on a request's head alone: it is refused, needs no token, or has this caller. */
export type HeadVerdict =
  | { readonly kind: "refused"; readonly status: 401 | 403 | 429; readonly body: ErrorDocument }
  | { readonly kind: "open" }
  | { readonly kind: "caller"; readonly caller: ApiCaller };

export interface AdmissionOptions {
  readonly control: Parameters<typeof callerOf>[1]["control"];
  /** The home's own token. */
  readonly token: string;
  readonly port: () => number;
  /** False: the status board needs its key or a token. */
  readonly isBoardPublic: boolean;
  /** Whether a request came over the unix socket. */
  readonly isOnSocket: (request: IncomingMessage) => boolean;
}

/** Decides from a request's head alone. The path is compared as it came, without decoding. */
export function admissionOf(request: IncomingMessage, options: AdmissionOptions): HeadVerdict {
  const { headers, url = "" } = request;
  const isOnSocket = options.isOnSocket(request);
  const hosts = isOnSocket ? socketHosts : loopbackHosts(options.port());
  if (isRepeated(request, "host") || !hosts.includes(headers.host ?? ""))
    return refusedVerdict(403, "foreign-host", "this Host is not the daemon's");
  const { origin } = headers;
  const isOwn = !isOnSocket && !isRepeated(request, "origin") && origin === `http://${headers.host}`;
  if (origin !== undefined && !isOwn) return refusedVerdict(403, "foreign-origin", "this Origin is not the daemon's");
  const path = url.split("?")[0] ?? "";
  const isBoard = board.has(path);
  if (isAppFile(request, path)) return { kind: "open" };
  const isOpen = open.has(path) && (!isBoard || options.isBoardPublic || hasBoardKey(url, options.token));
  if (isOpen) {
    if (Object.keys(headers).some((name) => forwarding.test(name)))
      return refusedVerdict(403, "forwarded", "the status board is not served through a proxy");
    return { kind: "open" };
  }
  const given = /^Bearer ([0-9a-f]+|aedev_[0-9a-f]+)$/.exec(headers.authorization ?? "")?.[1];
  const way = isOnSocket || headers["aedev-client"] === "terminal" ? "terminal" : "api";
  const isOne = given !== undefined && !isRepeated(request, "authorization");
  const caller = isOne ? callerOf(given, { ...options, way }) : null;
  const signedIn =
    caller === null && isFromOwnPage(request, { isOnSocket, isOwn })
      ? callerOfCookie(request, options.control, "loopback")
      : null;
  const found = signedIn ?? caller;
  const isOfBoard = isBoard && found?.role !== "agent";
  if (found !== null) return isOfBoard ? { kind: "open" } : { kind: "caller", caller: found };
  return refusedVerdict(401, "no-token", "the home's bearer token or the token of an operator is needed");
}

/** Whether a cookie may count: never on the socket, and only a page of the daemon's own may change something. Browsers send an Origin with every POST. */
function isFromOwnPage(
  request: IncomingMessage,
  { isOnSocket, isOwn }: { isOnSocket: boolean; isOwn: boolean },
): boolean {
  return !isOnSocket && !isRepeated(request, "cookie") && (request.method === "GET" || isOwn);
}

/** Node would keep only the first of repeated headers. */
export function isRepeated({ rawHeaders }: IncomingMessage, name: string): boolean {
  return rawHeaders.filter((header, index) => index % 2 === 0 && header.toLowerCase() === name).length > 1;
}

/** Refuses what `admit` refuses, and callers without the role that the route needs. */
export function guard(server: FastifyInstance, admit: (request: IncomingMessage) => HeadVerdict): void {
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(safeHeaders);
    const admission = admit(request.raw);
    // A refused client does not keep its connection.
    if (admission.kind === "refused")
      return reply.code(admission.status).header("connection", "close").send(admission.body);
    if (admission.kind === "open") return;
    const { caller } = admission;
    callers.set(request, caller);
    const needed = roleOfRoute(request);
    const isAllowed =
      needed !== undefined && (mayAct(caller.role, needed) || (caller.role === "agent" && isForAgents(request)));
    if (!request.is404 && !isAllowed)
      return reply.code(403).send(errorBody("role-missing", ...roleRefusal(caller, needed ?? "admin")));
  });
}

/** Why the caller's role is not enough, and who can help. */
function roleRefusal({ by, role, reach }: ApiCaller, needed: OperatorRole): [reason: string, hint: string] {
  const name = actorText(by);
  if (reach === "proxy" && needed === "admin")
    return ["this can be done only on the daemon's own machine, not through a proxy", "aedev open"];
  return [
    `${name} has the role ${role}, and this needs the role ${needed}`,
    `an admin gives another role: aedev operator remove ${name} && aedev operator add ${name} --role ${needed}`,
  ];
}

function loopbackHosts(port: number): string[] {
  return ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
}

export function refusedVerdict(status: 401 | 403 | 429, code: FailureCode, reason: string): HeadVerdict {
  return { kind: "refused", status, body: errorBody(code, reason) };
}
