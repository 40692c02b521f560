/** A small API server on loopback: each test sets the answers, and reads the requests. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface AskedRequest {
  readonly line: string;
  readonly authorization: string | null;
  readonly body: string;
}
export interface GivenAnswer {
  readonly status: number;
  readonly data?: unknown;
  readonly headers?: Record<string, string>;
  /** Milliseconds before the answer. */
  readonly afterMs?: number;
}

export async function serveApi(answer: (request: AskedRequest) => GivenAnswer) {
  const asked: AskedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const seen: AskedRequest = {
      line: `${request.method} ${request.url}`,
      authorization: request.headers.authorization ?? null,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    asked.push(seen);
    const { status, data, headers, afterMs = 0 } = answer(seen);
    setTimeout(() => {
      response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
      response.end(data === undefined ? "" : typeof data === "string" ? data : JSON.stringify(data));
    }, afterMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
