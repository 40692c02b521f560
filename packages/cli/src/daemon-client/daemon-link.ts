/** Talks to the running daemon: finds it, checks that it serves this home before sending the token, and turns its answers into values or faults. */

import { statSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Fault } from "@aedev/contracts";
import type { ErrorDocument, HealthDocument, Route, RouteAnswer, RouteInput, RouteName } from "@aedev/contracts/api";
import { parseJson } from "@aedev/host/parse-json";
import { downFault, type Refused, refused } from "../command-line/answer.ts";
import type { Session } from "../terminal/session.ts";
import { daemonAddress, readToken, requireHome } from "./home.ts";
import type { HttpAnswer } from "./http-request.ts";

const healthTimeoutMs = 5_000;
const requestTimeoutMs = 120_000;
const logHint = "see logs/daemon.log in the home, or run aedev doctor";

type HomeSession = Pick<Session, "home" | "environment">;
/** The document that a route promises, or its refusal. */
export type LinkAnswer<K extends RouteName> =
  | { readonly kind: "document"; readonly document: RouteAnswer<K> }
  | Refused;

/** Port and process of this home's daemon, or undefined if it is not running or serves another home. Throws if something else answers on its port. */
export async function findDaemon({
  home,
  environment,
}: HomeSession): Promise<{ port: number; pid: number } | undefined> {
  const address = daemonAddress(home, environment);
  if (address === undefined) return undefined;
  const { port } = address;
  const { send } = await loadHttp();
  let answer: HttpAnswer;
  try {
    answer = await send({ port, method: "GET", path: "/health", timeoutMs: healthTimeoutMs });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED") return undefined;
    throw foreignPort(port, cause);
  }
  const health = parseJson(answer.body);
  if (answer.status !== 200 || !isHealth(health)) throw foreignPort(port);
  if (health.home !== identityOf(home)) return undefined;
  if (address.pid !== undefined && address.pid !== health.pid) throw foreignPort(port);
  return { port, pid: health.pid };
}

/** Checked by hand: `aedev status` calls this and must not load the schemas. */
function isHealth(value: unknown): value is HealthDocument {
  const { status, pid, home } = Object(value) as Partial<Record<keyof HealthDocument, unknown>>;
  return status === "ok" && Number.isInteger(pid) && typeof home === "string";
}

/** A copy of a home contains the record of the original's daemon, but is a different folder. */
function identityOf(home: string): string | undefined {
  const folder = statSync(home, { throwIfNoEntry: false });
  return folder === undefined ? undefined : `${folder.dev}:${folder.ino}`;
}

/**
 * Calls a route. Throws a fault with exit code 3 if the daemon is not running, and a ZodError if its answer does not have the form that this
 * version expects. `timeoutMs`: for work that takes as long as a run's checks.
 */
export async function call<K extends RouteName>(
  session: HomeSession,
  name: K,
  input: RouteInput<K>,
  { timeoutMs = requestTimeoutMs }: { timeoutMs?: number } = {},
): Promise<LinkAnswer<K>> {
  const { port, token } = await reach(session);
  const [{ routes, receivedErrorSchema }, { send }] = await Promise.all([loadApi(), loadHttp()]);
  const route: Route = routes[name];
  const path = pathOf(route, input);
  const body = route.method === "POST" ? ((input as { body?: unknown }).body ?? {}) : undefined;
  let received: HttpAnswer;
  try {
    received = await send({ port, token, method: route.method, path, body, timeoutMs });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault("daemon-unanswered", `the daemon did not answer: ${why}`, { hint: logHint, cause });
  }
  const document = parseJson(received.body);
  if (received.status >= 200 && received.status < 300 && document !== undefined)
    return { kind: "document", document: route.answer.parse(document) as RouteAnswer<K> };
  return refusalOf(received.status, receivedErrorSchema.safeParse(document).data, path);
}

/** Opens a route's stream of JSON Lines, which lasts until one side ends it. */
export async function stream(
  session: HomeSession,
  name: "listEvents",
  query: { after: number },
): Promise<IncomingMessage> {
  const { port, token } = await reach(session);
  const [{ routes }, { open }] = await Promise.all([loadApi(), loadHttp()]);
  const path = pathOf(routes[name], { query: { follow: "1", ...query } });
  const response = await open({ port, token, method: "GET", path, timeoutMs: healthTimeoutMs });
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

/** Loaded with the first call, so a verb without calls does not load the schemas. */
async function loadApi() {
  const { routes, receivedErrorSchema } = await import("@aedev/contracts/api");
  return { routes, receivedErrorSchema };
}

/** Loaded only if there is a daemon to talk to, because reading a home whose daemon is down does not need it. */
function loadHttp(): Promise<typeof import("./http-request.ts")> {
  return import("./http-request.ts");
}

async function reach(session: HomeSession): Promise<{ port: number; token: string }> {
  requireHome(session.home);
  const daemon = await findDaemon(session);
  if (daemon === undefined) throw downFault();
  return { port: daemon.port, token: readToken(session.home) };
}

function refusalOf(status: number, error: ErrorDocument | undefined, path: string): Refused {
  if (status === 401) {
    throw new Fault(
      "token-refused",
      "the daemon does not accept the home's token: it was started with a different one",
      {
        hint: "aedev daemon stop, then aedev daemon start",
      },
    );
  }
  if (error !== undefined) return refused(error.error.code, error.error.reason, error.error.hint ?? undefined);
  throw new Fault("daemon-answer", `the daemon answered ${status} to ${path}, which is not an aedev answer`, {
    hint: logHint,
  });
}

function foreignPort(port: number, cause?: unknown): Fault {
  return new Fault("foreign-port", `something answers on port ${port}, but it is not this home's daemon`, {
    hint: "stop what uses that port or set AEDEV_PORT, then aedev daemon start",
    cause,
  });
}
