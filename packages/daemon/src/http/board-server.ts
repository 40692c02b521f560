/**
 * Serves the status board of a home that is only read: a small server of its own on 127.0.0.1 with two paths, for when the daemon is down. Who may read is decided
 * as in the daemon: exact Host, no proxy, and the board's key or a token unless the board is public.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { routes, type StatusBoardDocument } from "@aedev/contracts/api";
import { homeLayout } from "@aedev/host/home-layout";
import { createServer } from "@aedev/host/node-http";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import { boardLink } from "../control/board-link.ts";
import { limitConnections, listenerPatience } from "../control/connection-limits.ts";
import type { OperatorSource } from "../control/operator-token.ts";
import { admissionOf, safeHeaders } from "./guard.ts";
import { boardPage } from "./routes/board-page.ts";
import { errorBody } from "./routes/error-body.ts";

const connectionsMax = 64;

export interface BoardServerOptions {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where operators' tokens are found. */
  readonly operators: () => OperatorSource;
  readonly document: () => Promise<StatusBoardDocument>;
  /** Called with an error that a request could not be answered for. */
  readonly onError: (error: unknown) => void;
}

/** Where the board is served, with the board's key if it needs one. */
export interface BoardServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on a free port. Throws a Fault `config-invalid`. */
export async function openBoardServer(options: BoardServerOptions): Promise<BoardServer> {
  const { home, environment } = options;
  const isBoardPublic = loadConfiguration({ home, environment }).board.public;
  let port = 0;
  const admit = (request: IncomingMessage) =>
    admissionOf(request, {
      ...{ control: options.operators(), port: () => port, isOnSocket: () => false, isBoardPublic },
      token: readFileSync(homeLayout(home).token, "utf8").trim(),
    });
  const { requestMs, idleMs } = listenerPatience;
  const patience = { requestTimeout: requestMs, headersTimeout: requestMs, keepAliveTimeout: idleMs };
  const server = createServer({ ...patience, connectionsCheckingInterval: idleMs }, (request, response) => {
    request.resume();
    answer(request, { ...options, admit }).then(
      ({ status, headers, body }) => response.writeHead(status, { ...safeHeaders, ...headers }).end(body),
      (error: unknown) => {
        options.onError(error);
        fail(response);
      },
    );
  });
  limitConnections(server, connectionsMax);
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the board's server has no port");
  port = address.port;
  return {
    url: boardLink({ home, port }),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function answer(
  request: IncomingMessage,
  {
    admit,
    document,
  }: Pick<BoardServerOptions, "document"> & { admit: (r: IncomingMessage) => ReturnType<typeof admissionOf> },
): Promise<HttpAnswer> {
  const { method = "", url = "" } = request;
  const verdict = admit(request);
  if (verdict.kind === "refused") return json(verdict.status, verdict.body);
  const path = url.split("?")[0] ?? "";
  if (method === "GET" && path === routes.statusBoard.path) {
    const { page, policy } = boardPage(await document(), request.headers["accept-language"]);
    const headers = { "content-type": routes.statusBoard.media, "content-security-policy": policy };
    return { status: 200, headers, body: page };
  }
  if (method === "GET" && path === routes.statusBoardDocument.path) return json(200, await document());
  return json(404, errorBody("not-found", `there is no route ${method} ${path}`));
}

function json(status: number, document: object): HttpAnswer {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, body: JSON.stringify(document) };
}

function fail(response: ServerResponse): void {
  const body = JSON.stringify(errorBody("internal", "the home can't be read; the terminal has the cause"));
  response.writeHead(500, { ...safeHeaders, "content-type": "application/json; charset=utf-8" }).end(body);
}
