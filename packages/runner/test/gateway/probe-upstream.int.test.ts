/** Whether the model's endpoint answers at all, tested on real servers: which answers count, and that nothing secret is sent. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { upstreamProblem } from "../../src/gateway/probe-upstream.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Starts a server that answers with this status; with null it never answers. */
async function endpoint(status: number | null, seen: IncomingMessage[] = []): Promise<string> {
  const server = createServer((incoming, client) => {
    seen.push(incoming);
    if (status !== null) client.writeHead(status, { location: "/elsewhere" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  [200, null],
  [302, null],
  [401, null],
  [404, null],
  [501, null],
  [408, "api_408"],
  [429, "api_429"],
  [500, "api_500"],
  [529, "api_529"],
])("status %i counts as %s", async (status, problem) => {
  expect(await upstreamProblem(await endpoint(status), 5_000)).toBe(problem);
});

it("the probe asks once for the list of models, without a credential or a body, also below a path", async () => {
  const seen: IncomingMessage[] = [];
  const origin = await endpoint(401, seen);
  expect(await upstreamProblem(origin, 5_000)).toBeNull();
  expect(await upstreamProblem(`${origin}/proxy/`, 5_000)).toBeNull();
  expect(seen.map(({ method, url }) => [method, url])).toEqual([
    ["GET", "/v1/models"],
    ["GET", "/proxy/v1/models"],
  ]);
  for (const { headers } of seen) {
    expect(headers).not.toHaveProperty("authorization");
    expect(headers).not.toHaveProperty("x-api-key");
  }
});

it("an endpoint that is gone is unreachable, and a silent one is a timeout", async () => {
  const origin = await endpoint(200);
  await closing.pop()?.();
  expect(await upstreamProblem(origin, 5_000)).toBe("unreachable");
  expect(await upstreamProblem(await endpoint(null), 200)).toBe("timeout");
});
