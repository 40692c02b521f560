/**
 * One request to the daemon: over its unix socket or, for an operator without the home, over loopback after the daemon has proved itself (SECURITY T35).
 * It uses node:http directly: no proxy from the environment, no redirect, no kept connection.
 */
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { Fault } from "@aedev/contracts";
import { request } from "@aedev/host/node-http";

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}
/** The path of the socket, whose place the caller has checked, or the port on 127.0.0.1. */
export type DaemonAddress = { readonly socket: string } | { readonly port: number };
export interface HttpRequest {
  readonly at: DaemonAddress;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
  /** Ends the request because the caller no longer waits. */
  readonly signal?: AbortSignal | undefined;
}

const answerBytesMax = 64 * 1024 * 1024;

/** Rejects with the socket's own error, or a Fault `daemon-unanswered` if there is no answer in time. */
export async function send(options: HttpRequest): Promise<HttpAnswer> {
  const response = await open(options);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > answerBytesMax) throw new Error("the answer is too large");
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") };
}

/** The response as a stream, for endless JSON Lines. */
export function open(options: HttpRequest): Promise<IncomingMessage> {
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers = {
    host: "socket" in options.at ? "localhost" : `127.0.0.1:${options.at.port}`,
    "aedev-client": "terminal",
    accept: "application/json",
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const { at, method, path } = options;
    // Without an agent: an agent would first determine a name for TLS. It would also set the Host, which the daemon checks.
    const createConnection = () => ("socket" in at ? connect(at.socket) : connect(at.port, "127.0.0.1"));
    const outgoing = request(
      { createConnection, method, path, headers, ...(options.signal === undefined ? {} : { signal: options.signal }) },
      resolve,
    );
    outgoing.setTimeout(options.timeoutMs, () =>
      outgoing.destroy(
        new Fault("daemon-unanswered", `no answer within ${options.timeoutMs} ms`, { hint: "aedev daemon restart" }),
      ),
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
