/** Git's smart HTTP protocol for one bare repository, by git's own `http-backend`: bodies stream in both directions. */
import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export interface BackendCall {
  readonly gitDir: string;
  /** `/info/refs`, `/git-upload-pack` or `/git-receive-pack`. */
  readonly service: string;
  /** The query without its question mark. */
  readonly query: string;
  /** The user's login; git lets only a known user push. */
  readonly user: string | undefined;
  readonly body: AsyncIterable<Buffer>;
  /** True if the request's length is still that of `body`. */
  readonly isDecoded: boolean;
  /** Git's configuration for this call, as pairs of name and value. */
  readonly configuration: readonly (readonly [string, string])[];
  readonly environment: Readonly<Record<string, string>>;
}

/** `response`: null performs the request and drops git's answer. */
export async function runHttpBackend(
  call: BackendCall,
  request: IncomingMessage,
  response: ServerResponse | null,
): Promise<void> {
  const child = spawn("git", ["http-backend"], {
    env: environmentOf(call, request),
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
  // git may end before it has read everything, for example on a refusal.
  const fed = pipeline(Readable.from(call.body), child.stdin).catch((error: unknown) => error);
  try {
    await answer(child.stdout, response);
  } catch (error) {
    // The client left, so nobody reads the rest of git's output.
    child.kill();
    throw error;
  } finally {
    await ended;
    await fed;
  }
}

function environmentOf(call: BackendCall, request: IncomingMessage): Record<string, string> {
  const { headers } = request;
  const text = (name: string) => {
    const value = headers[name];
    return typeof value === "string" ? value : "";
  };
  const length = call.isDecoded ? "" : text("content-length");
  const protocol = text("git-protocol");
  const configured = call.configuration.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: "/nonexistent",
    LC_ALL: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_COUNT: String(call.configuration.length),
    ...(Object.fromEntries(configured) as Record<string, string>),
    ...call.environment,
    GIT_PROJECT_ROOT: call.gitDir,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: call.service,
    QUERY_STRING: call.query,
    REQUEST_METHOD: request.method ?? "GET",
    CONTENT_TYPE: text("content-type"),
    ...(length === "" ? {} : { CONTENT_LENGTH: length }),
    ...(protocol === "" ? {} : { GIT_PROTOCOL: protocol }),
    ...(call.user === undefined ? {} : { REMOTE_USER: call.user, REMOTE_ADDR: "127.0.0.1" }),
  };
}

/** Maximum size of the CGI header; git's has a few lines. */
const headerBytesMax = 64 * 1024;

async function answer(output: Readable, response: ServerResponse | null): Promise<void> {
  const chunks = output[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head: Buffer = Buffer.alloc(0);
  let end = -1;
  while (end < 0 && head.length < headerBytesMax) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
    end = head.indexOf("\r\n\r\n");
  }
  const rest = (async function* () {
    if (end >= 0) yield head.subarray(end + 4);
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  })();
  if (response === null) {
    for await (const _chunk of rest);
    return;
  }
  if (end < 0) throw new Error("git http-backend gave no header");
  const fields = head.toString("latin1", 0, end).split("\r\n").map(splitField);
  const status = fields.find(([name]) => name === "status")?.[1];
  response.statusCode = status === undefined ? 200 : Number.parseInt(status, 10);
  for (const [name, value] of fields) if (name !== "status") response.setHeader(name, value);
  await pipeline(Readable.from(rest), response);
}

function splitField(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
