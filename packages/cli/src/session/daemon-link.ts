/** The way to the running daemon: finds it, makes sure that it is ours before the token goes there, and turns its answers into values or faults. */
import { statSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Fault } from "@aedev/core/wire";
import { z } from "zod";
import { downFault, type Refused, refused } from "../answer.ts";
import { daemonAddress, readToken, requireHome } from "./home.ts";
import type { HttpAnswer } from "./http-request.ts";
import type { Session } from "./session.ts";

const healthTimeoutMs = 5_000;
const requestTimeoutMs = 120_000;
const logHint = "the daemon's log is logs/daemon.log in the home; aedev doctor";

/** `home`: device and inode of the home that it serves. */
const healthSchema = z.looseObject({ status: z.literal("ok"), pid: z.int().optional(), home: z.string().optional() });
const errorSchema = z.looseObject({
  error: z.looseObject({ code: z.string(), reason: z.string(), hint: z.string().nullish() }),
});

type Place = Pick<Session, "home" | "environment">;
/** A document of the daemon, or its refusal. */
export type LinkAnswer = { readonly kind: "document"; readonly document: unknown } | Refused;

/** Port and process of the daemon of this home, or undefined where it does not run or serves another home. Throws where something else answers on its port. */
export async function findDaemon({
  home,
  environment,
}: Place): Promise<{ port: number; pid: number | null } | undefined> {
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
  const health = healthSchema.safeParse(parseJson(answer.body));
  if (answer.status !== 200 || !health.success) throw foreignPort(port);
  if (health.data.home !== undefined && health.data.home !== identityOf(home)) return undefined;
  if (address.pid !== undefined && health.data.pid !== undefined && address.pid !== health.data.pid)
    throw foreignPort(port);
  return { port, pid: health.data.pid ?? address.pid ?? null };
}

/** A copy of a home has the record of the original's daemon in it, but is another folder. */
function identityOf(home: string): string | undefined {
  const folder = statSync(home, { throwIfNoEntry: false });
  return folder === undefined ? undefined : `${folder.dev}:${folder.ino}`;
}

/** Sends a change. Throws a fault with exit code 3 where the daemon does not run. `timeoutMs`: for work that takes as long as a run's checks. */
export function postToDaemon(
  session: Place,
  path: string,
  body: unknown = {},
  { timeoutMs = requestTimeoutMs }: { timeoutMs?: number } = {},
): Promise<LinkAnswer> {
  return ask(session, { method: "POST", path, body, timeoutMs });
}

export function getFromDaemon(session: Place, path: string): Promise<LinkAnswer> {
  return ask(session, { method: "GET", path, timeoutMs: requestTimeoutMs });
}

/** Opens a stream of JSON Lines that goes on until one side ends it. */
export async function streamFromDaemon(session: Place, path: string): Promise<IncomingMessage> {
  const { port, token } = await reach(session);
  const { open } = await loadHttp();
  const response = await open({ port, token, method: "GET", path, timeoutMs: healthTimeoutMs });
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Fault("stream-refused", `the daemon answered ${response.statusCode} to ${path}`, { hint: logHint });
  }
  response.socket.setTimeout(0);
  return response;
}

async function ask(
  session: Place,
  what: { method: "GET" | "POST"; path: string; body?: unknown; timeoutMs: number },
): Promise<LinkAnswer> {
  const { port, token } = await reach(session);
  const { send } = await loadHttp();
  let answer: HttpAnswer;
  try {
    answer = await send({ port, token, ...what });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault("daemon-unanswered", `the daemon did not answer: ${why}`, { hint: logHint, cause });
  }
  return read(answer, what.path);
}

/** Loaded only when there is somebody to talk to: a look at a home whose daemon is down does not pay for it. */
function loadHttp(): Promise<typeof import("./http-request.ts")> {
  return import("./http-request.ts");
}

async function reach(session: Place): Promise<{ port: number; token: string }> {
  requireHome(session.home);
  const daemon = await findDaemon(session);
  if (daemon === undefined) throw downFault();
  return { port: daemon.port, token: readToken(session.home) };
}

function read(answer: HttpAnswer, path: string): LinkAnswer {
  const document = parseJson(answer.body);
  if (answer.status >= 200 && answer.status < 300 && document !== undefined) return { kind: "document", document };
  const error = errorSchema.safeParse(document);
  if (answer.status === 401) {
    throw new Fault("token-refused", "the daemon does not accept the home's token: it was started with another", {
      hint: "aedev daemon stop, then aedev daemon start",
    });
  }
  if (error.success) {
    const { code, reason, hint } = error.data.error;
    return refused(code, reason, hint ?? undefined);
  }
  throw new Fault("daemon-answer", `the daemon answered ${answer.status} to ${path}, and not as aedev does`, {
    hint: logHint,
  });
}

function foreignPort(port: number, cause?: unknown): Fault {
  return new Fault("foreign-port", `something answers on port ${port}, but it is not this home's daemon`, {
    hint: "stop what uses that port or set AEDEV_PORT, then aedev daemon start",
    cause,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
