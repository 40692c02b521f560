/**
 * Talks to the running daemon over the socket in its home. It checks the home, the socket's place and which home the daemon serves before it sends the
 * token or a body, and turns the daemon's answers into values or faults. Only an operator without access to the home uses the loopback port.
 *
 * Folder: finding the home and its daemon, and requests to it.
 */

import type { IncomingMessage } from "node:http";
import { Fault, isFault } from "@aedev/contracts";
import type { ErrorDocument, HealthDocument, Route, RouteAnswer, RouteInput, RouteName } from "@aedev/contracts/api";
import { homeIdentity, trustedSocket } from "@aedev/host/api-socket";
import { parseJson } from "@aedev/host/parse-json";
import { downFault, type Refused, refused } from "../command-line/answer.ts";
import type { Session } from "../terminal/session.ts";
import { daemonRecord, hasHome, readToken, requireHome } from "./home.ts";
import type { DaemonAddress, HttpAnswer } from "./http-request.ts";

const healthTimeoutMs = 5_000;
const requestTimeoutMs = 120_000;
const logHint = "aedev daemon logs; aedev doctor";

type HomeSession = Pick<Session, "home">;
/** `token`: an operator's, instead of one in a file. */
export type ClientSession = Pick<Session, "home" | "environment" | "tokenFile"> & { readonly token?: string };
/** The document that a route promises, or its refusal. */
export type LinkAnswer<K extends RouteName> =
  | { readonly kind: "document"; readonly document: RouteAnswer<K> }
  | Refused;

interface FoundDaemon {
  /** The port of the API for browsers. */
  readonly port: number;
  readonly pid: number;
  /** Milliseconds since the reconcile loop completed a pass; undefined: the daemon does not report it. */
  readonly passAgeMs: number | undefined;
  readonly log: "trusted" | "untrusted";
}

/** Port and process of this home's daemon, or undefined if it is not running. Throws if the home is not private, or if another program answers on its socket. */
export async function findDaemon({ home }: HomeSession): Promise<FoundDaemon | undefined> {
  const found = await findSocket(home);
  if (found === undefined) return undefined;
  const { socket: _socket, ...daemon } = found;
  return daemon;
}

async function findSocket(home: string): Promise<(FoundDaemon & { socket: string }) | undefined> {
  requireHome(home);
  const record = daemonRecord(home);
  const socket = record === undefined ? undefined : trustedSocket(home);
  if (record === undefined || socket === undefined) return undefined;
  const { send } = await loadHttp();
  let answer: HttpAnswer;
  try {
    answer = await send({ at: { socket }, method: "GET", path: "/health", timeoutMs: healthTimeoutMs });
  } catch (cause) {
    // Nobody listens: the socket is left over from a daemon that was killed, or was just removed.
    if (cause instanceof Error && "code" in cause && (cause.code === "ECONNREFUSED" || cause.code === "ENOENT"))
      return undefined;
    if (isFault(cause, "daemon-unanswered"))
      throw new Fault("daemon-unanswered", `the daemon (process ${record.pid}) does not answer`, {
        hint: "aedev daemon restart",
        cause,
      });
    throw foreignDaemon(socket, cause);
  }
  const health = parseJson(answer.body);
  if (answer.status !== 200 || !isHealth(health)) throw foreignDaemon(socket);
  if (health.home !== homeIdentity(home)) throw foreignDaemon(socket);
  if (record.pid !== undefined && record.pid !== health.pid) throw foreignDaemon(socket);
  return { port: record.port, pid: health.pid, passAgeMs: health.pass_age_ms, log: health.log, socket };
}

/** Checked by hand, because `aedev status` calls this and must not load the schemas. */
function isHealth(value: unknown): value is HealthDocument {
  const { status, pid, home } = Object(value) as Partial<Record<keyof HealthDocument, unknown>>;
  return status === "ok" && Number.isInteger(pid) && typeof home === "string";
}

/**
 * Calls a route. Throws a fault with exit code 3 if the daemon is not running, and a ZodError if its answer does not have the form that this version
 * expects. `timeoutMs`: for work that can take as long as a run's checks. `signal`: ends the request with a fault `daemon-unanswered`.
 */
export async function call<K extends RouteName>(
  session: ClientSession,
  name: K,
  input: RouteInput<K>,
  { timeoutMs = requestTimeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<LinkAnswer<K>> {
  const { at, token } = await reach(session);
  const [{ routes, receivedErrorSchema }, { send }] = await Promise.all([import("@aedev/contracts/api"), loadHttp()]);
  const route: Route = routes[name];
  const path = pathOf(route, input);
  const body = route.method === "POST" ? ((input as { body?: unknown }).body ?? {}) : undefined;
  let received: HttpAnswer;
  try {
    received = await send({ at, token, method: route.method, path, body, timeoutMs, signal });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault("daemon-unanswered", `the daemon did not answer: ${why}`, { hint: logHint, cause });
  }
  const document = parseJson(received.body);
  if (received.status >= 200 && received.status < 300 && document !== undefined)
    return { kind: "document", document: route.answer.parse(document) as RouteAnswer<K> };
  return refusalOf(received.status, receivedErrorSchema.safeParse(document).data, {
    path,
    tokenFile: session.token === undefined ? session.tokenFile : "the request",
  });
}

/** Opens a route's stream of JSON Lines, which lasts until one side ends it. */
export async function stream(
  session: ClientSession,
  name: "listEvents",
  query: { after: number },
): Promise<IncomingMessage> {
  const { at, token } = await reach(session);
  const [{ routes }, { open }] = await Promise.all([import("@aedev/contracts/api"), loadHttp()]);
  const path = pathOf(routes[name], { query: { follow: "1", ...query } });
  const response = await open({ at, token, method: "GET", path, timeoutMs: healthTimeoutMs });
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Fault("stream-refused", `the daemon answered ${response.statusCode} to ${path}`, { hint: logHint });
  }
  response.socket.setTimeout(0);
  return response;
}

interface PathParts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
}

function pathOf({ path }: Pick<Route, "path">, { params = {}, query = {} }: PathParts): string {
  const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ""));
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as [string, string]],
  );
  return given.length === 0 ? filled : `${filled}?${new URLSearchParams(given)}`;
}

/** Loaded only if there is a daemon to talk to: reading a home whose daemon is down does not need it. */
function loadHttp(): Promise<typeof import("./http-request.ts")> {
  return import("./http-request.ts");
}

async function reach(session: ClientSession): Promise<{ at: DaemonAddress; token: string }> {
  const { home, environment, tokenFile } = session;
  if (session.token === undefined && tokenFile === undefined)
    return { at: await reachSocket(home), token: readToken(home) };
  const { apiPort, proveDaemon, readOperatorToken } = await import("./operator-token.ts");
  const token = session.token ?? readOperatorToken(tokenFile ?? "");
  if (hasHome(home)) return { at: await reachSocket(home), token };
  const port = apiPort(environment);
  await proveDaemon(token, port);
  return { at: { port }, token };
}

async function reachSocket(home: string): Promise<{ socket: string }> {
  const daemon = await findSocket(home);
  if (daemon === undefined) throw downFault();
  return { socket: daemon.socket };
}

function refusalOf(
  status: number,
  error: ErrorDocument | undefined,
  { path, tokenFile }: { path: string; tokenFile: string | undefined },
): Refused {
  if (status === 401 && tokenFile !== undefined)
    throw new Fault(
      "token-refused",
      `the daemon does not accept the token in ${tokenFile}: it was removed or is void`,
      {
        hint: "an admin adds you again: aedev operator add NAME --role ROLE",
      },
    );
  if (status === 401) {
    const reason = "the daemon does not accept the home's token: it was started with a different one";
    throw new Fault("token-refused", reason, { hint: "aedev daemon restart" });
  }
  if (error !== undefined) {
    const { code, reason, hint, same } = error.error;
    return { ...refused(code, reason, hint ?? undefined), ...(same === undefined ? {} : { same }) };
  }
  throw new Fault("daemon-answer", `the daemon answered ${status} to ${path}, which is not an aedev answer`, {
    hint: logHint,
  });
}

function foreignDaemon(socket: string, cause?: unknown): Fault {
  return new Fault("foreign-daemon", `something answers on ${socket}, but it is not this home's daemon`, {
    hint: `stop what listens there, remove ${socket}, then: aedev daemon start`,
    cause,
  });
}
