/**
 * Serves the web app to a proxy or tunnel with https that the person set up (`web.url`; SECURITY T35): the same routes on a port of their own. Only browsers
 * signed in there count, no bearer token does, and no header of the proxy is believed.
 */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { routes } from "@aedev/contracts/api";
import { browserSessions } from "@aedev/core";
import { createServer } from "@aedev/host/node-http";
import { createRateLimit, type RateLimit } from "@aedev/host/rate-limit";
import type { FastifyInstance } from "fastify";
import { answerExpectations } from "../control/answer-expectations.ts";
import { reachOf } from "../control/browser-token.ts";
import { limitConnections, listenerPatience } from "../control/connection-limits.ts";
import { listenOnLoopback } from "../control/listen-on-loopback.ts";
import type { OperatorSource } from "../control/operator-token.ts";
import { type HeadVerdict, isAppFile, isRepeated, refusedVerdict } from "./guard.ts";
import { type ApiCaller, callerOfCookie } from "./routes/caller.ts";

const connectionsMax = 256;
const headBytesMax = 32 * 1024;
/** Requests without a session share one limit; each session has its own, so that no stranger can block a signed-in browser. */
const strangers = { burst: 2_000, perSecond: 50 };
const signedIn = { burst: 600, perSecond: 20 };
/** What a browser may ask before it is signed in. */
const openRoutes = [routes.signIn, routes.proveToBrowser, routes.favicon];
/** Open to whoever is signed in. */
const boardPaths: readonly string[] = [routes.statusBoard.path, routes.statusBoardDocument.path];

export interface ProxyListener {
  /** Whether the request came through the proxy. */
  isOf(request: IncomingMessage): boolean;
  admit(request: IncomingMessage): HeadVerdict;
  /** Throws a Fault `port-refused`. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** Prepares the listener, which does not listen yet. Null without an address, because nobody may reach it. */
export function createProxyListener(
  server: FastifyInstance,
  { control, url, port }: { control: OperatorSource; url: string | null; port: number },
): ProxyListener | null {
  if (url === null) return null;
  const { requestMs, idleMs } = listenerPatience;
  const patience = { requestTimeout: requestMs, headersTimeout: requestMs, keepAliveTimeout: idleMs };
  const options = { ...patience, connectionsCheckingInterval: idleMs, maxHeaderSize: headBytesMax };
  const listener = createServer(options, (request, response) => server.routing(request, response));
  const sockets = new WeakSet<object>();
  const limits = limitConnections(listener, connectionsMax);
  listener.on("connection", (socket) => sockets.add(socket));
  answerExpectations(listener, server);
  const verdictOf = createVerdicts(control, new URL(url));
  return {
    isOf: ({ socket }) => sockets.has(socket),
    admit(request) {
      const verdict = verdictOf(request);
      if (verdict.kind === "caller") limits.admit(request);
      return verdict;
    },
    async listen() {
      const listen = (address: { host: string; port: number }) => once(listener.listen(address), "listening");
      await listenOnLoopback({ server: listener, listen }, port, { name: "the web app's port", keys: "web.port" });
    },
    async close() {
      listener.closeAllConnections();
      if (listener.listening) await new Promise((closed) => listener.close(closed));
    },
  };
}

function createVerdicts(control: OperatorSource, { host, origin }: URL): (request: IncomingMessage) => HeadVerdict {
  const ofStrangers = createRateLimit(strangers);
  const ofSession = limitsByName(signedIn);
  /** Proving itself to a browser has a limit of its own, because the id of a session is no secret. */
  const ofProofs = limitsByName(signedIn);
  const limitOf = (request: IncomingMessage, path: string, caller: ApiCaller | null): RateLimit => {
    if (caller?.sessionId !== undefined) return ofSession(caller.sessionId);
    const proved = path === routes.proveToBrowser.path ? sessionToProve(request, control) : null;
    return proved === null ? ofStrangers : ofProofs(proved);
  };
  return (request) => {
    const { headers, url = "", method = "" } = request;
    const isOwnOrigin = headers.origin === origin && !isRepeated(request, "origin");
    if (headers.host !== host || isRepeated(request, "host"))
      return refusedVerdict(403, "foreign-host", "this Host is not that of web.url");
    if (headers.origin !== undefined && !isOwnOrigin)
      return refusedVerdict(403, "foreign-origin", "this Origin is not that of web.url");
    const path = url.split("?")[0] ?? "";
    if (isAppFile(request, path)) return { kind: "open" };
    const mayHaveCaller = !isRepeated(request, "cookie") && (isOwnOrigin || method === "GET");
    const caller = mayHaveCaller ? callerOfCookie(request, control, "proxy") : null;
    if (!limitOf(request, path, caller).take(performance.now()))
      return refusedVerdict(429, "too-many-requests", "too many requests");
    const isOpen = openRoutes.some((route) => route.path === path && route.method === method);
    if (isOpen && (isOwnOrigin || method === "GET")) return { kind: "open" };
    if (caller !== null) return boardPaths.includes(path) ? { kind: "open" } : { kind: "caller", caller };
    return refusedVerdict(401, "no-token", "a browser that is signed in at web.url is needed");
  };
}

/** A limit for each name. Callers name only sessions of the log, so that there are few. */
function limitsByName(limit: Parameters<typeof createRateLimit>[0]): (name: string) => RateLimit {
  const limits = new Map<string, RateLimit>();
  return (name) => {
    const known = limits.get(name) ?? createRateLimit(limit);
    limits.set(name, known);
    return known;
  };
}

/** The session of the proxy that a request for a proof names; null: there is none. */
function sessionToProve({ url = "" }: IncomingMessage, { log }: OperatorSource): string | null {
  const id = new URLSearchParams(url.slice(url.indexOf("?"))).get("session_id");
  const sessions = browserSessions(log.state, new Date().toISOString());
  return sessions.find((session) => session.session_id === id && reachOf(session) === "proxy")?.session_id ?? null;
}
