/** Serves the tools by the Model Context Protocol, on standard input and output or over HTTP. Only this file names the protocol's library. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Fault, isFault, operatorTokenPattern } from "@aedev/contracts";
import { createServer } from "@aedev/host/node-http";
import { productVersion } from "@aedev/host/product";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { type ClientSession, call } from "../daemon-client/daemon-link.ts";
import { tools } from "./tools.ts";

const path = "/mcp";
const requestMs = 10_000;

function serverFor(session: ClientSession): McpServer {
  const server = new McpServer({ name: "aedev", version: productVersion() });
  for (const { name, description, input, isReading, run } of tools)
    server.registerTool(
      name,
      { description, inputSchema: input.shape, annotations: { readOnlyHint: isReading, destructiveHint: false } },
      async (given: unknown) => {
        const { isError, text } = await run(session, given);
        return { isError, content: [{ type: "text" as const, text }] };
      },
    );
  return server;
}

/** Throws a Fault `role-missing` unless the session's token is an agent's: a token that may decide does not belong in another agent's hands. */
export async function requireAgent(session: ClientSession): Promise<void> {
  const answer = await call(session, "whoAmI", {});
  const role = answer.kind === "document" ? answer.document.role : null;
  if (role !== "agent")
    throw new Fault("role-missing", `this token has the role ${role}, and only the role agent is served`, {
      hint: "aedev operator add NAME --role agent",
    });
}

/** Serves until standard input ends. */
export async function serveStdio(session: ClientSession): Promise<void> {
  const server = serverFor(session);
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    process.stdin.once("end", resolve);
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await server.close();
}

/** Serves on 127.0.0.1. Each request brings its own token; this process has none. Port 0: the system chooses. */
export async function serveHttp(
  session: Pick<ClientSession, "home" | "environment">,
  port: number,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const listener = createServer({ requestTimeout: requestMs, headersTimeout: requestMs }, (request, response) => {
    answer(session, { request, response, port: (listener.address() as AddressInfo).port }).catch((error: unknown) =>
      refuse(response, 500, isFault(error) ? error.message : "the request failed"),
    );
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, "127.0.0.1", resolve);
  });
  return {
    address: `http://127.0.0.1:${(listener.address() as AddressInfo).port}${path}`,
    async close() {
      listener.closeAllConnections();
      await new Promise((closed) => listener.close(closed));
    },
  };
}

async function answer(
  session: Pick<ClientSession, "home" | "environment">,
  { request, response, port }: { request: IncomingMessage; response: ServerResponse; port: number },
): Promise<void> {
  const { host, origin, authorization = "" } = request.headers;
  // A browser sends an Origin; no page has business here.
  if (![`127.0.0.1:${port}`, `localhost:${port}`].includes(host ?? "") || origin !== undefined)
    return refuse(response, 403, "this Host or Origin is not served");
  if (request.url !== path) return refuse(response, 404, `there is only ${path}`);
  // Every request is answered at once, so there is no stream to open and no session to end.
  if (request.method !== "POST") return refuse(response, 405, "only POST");
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1] ?? "";
  if (!operatorTokenPattern.test(token)) return refuse(response, 401, "the bearer token of an agent is needed");
  const { home, environment } = session;
  const own = { home, environment, token };
  try {
    await requireAgent(own);
  } catch (error) {
    if (isFault(error, "token-refused")) return refuse(response, 401, error.message);
    if (isFault(error, "role-missing")) return refuse(response, 403, error.message);
    throw error;
  }
  const server = serverFor(own);
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.once("close", () => void server.close());
  // The library's own types differ in a property that may be undefined.
  await server.connect(transport as Transport);
  await transport.handleRequest(request, response);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }));
}
