/** The limits of a server that strangers may reach: connections, time, heads, bodies and addresses. */
import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { afterEach, expect, it } from "vitest";
import { createExposedServer, type ExposedServerOptions } from "../../src/control/exposed-server.ts";

const open = new Set<{ close(): unknown }>();
afterEach(async () => {
  for (const one of open) await one.close();
  open.clear();
});

/** `patience` is long enough that nothing times out, unless a test is about that. */
async function serve(options: Partial<ExposedServerOptions> = {}): Promise<FastifyInstance> {
  const { server, limits } = createExposedServer({
    bodyBytesMax: 8,
    connectionsMax: 9,
    refuse: (reply) => void reply.code(404).send("refused"),
    patience: { requestMs: 300_000, idleMs: 300_000 },
    ...options,
  });
  open.add(server);
  server.get("/", () => "here");
  server.get("/known", async (request) => {
    limits.admit(request.raw);
    return "known";
  });
  server.post("/", () => "taken");
  await server.listen({ host: "127.0.0.1", port: 0 });
  return server;
}

async function dial(server: FastifyInstance): Promise<Socket> {
  const socket = connect((server.server.address() as AddressInfo).port, "127.0.0.1");
  open.add({ close: () => socket.destroy() });
  // A reset counts as a close.
  socket.on("error", () => socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Everything that arrives until the server closes the connection. */
async function answerTo(socket: Socket, text = ""): Promise<string> {
  let answer = "";
  socket.on("data", (data) => {
    answer += data;
  });
  if (text !== "") socket.write(text);
  await once(socket, "close");
  return answer;
}

const statusOf = (answer: string) => answer.split("\r\n", 1)[0];
const get = (path = "/", head = "") => `GET ${path} HTTP/1.1\r\nhost: a\r\n${head}`;
const last = "connection: close\r\n\r\n";

it("a full server drops the oldest connection that has not shown who it is, so that a newcomer always gets an answer", async () => {
  const server = await serve({ connectionsMax: 3 });
  const known = await dial(server);
  known.write(get("/known", "\r\n"));
  await once(known, "data");
  const strangers: Socket[] = [];
  for (let index = 0; index < 8; index += 1) {
    const stranger = await dial(server);
    stranger.write(get("/"));
    strangers.push(stranger);
    // The holder of a valid token comes in between.
    expect(statusOf(await answerTo(await dial(server), get("/known", last)))).toBe("HTTP/1.1 200 OK");
  }
  await expect.poll(() => strangers.filter(({ closed }) => closed).length).toBeGreaterThanOrEqual(6);
  expect(known.closed).toBe(false);
  known.write(get("/known", last));
  expect(statusOf(String((await once(known, "data"))[0]))).toBe("HTTP/1.1 200 OK");
});

it("a full server drops an idle connection of somebody known only if no stranger has one", async () => {
  const server = await serve({ connectionsMax: 2 });
  const [first, second] = [await dial(server), await dial(server)];
  for (const socket of [first, second]) {
    socket.write(get("/known", "\r\n"));
    await once(socket, "data");
  }
  const closed = once(first, "close");
  expect(statusOf(await answerTo(await dial(server), get("/", last)))).toBe("HTTP/1.1 200 OK");
  await closed;
  expect(second.closed).toBe(false);
});

// Bytes that arrive after the timeout would make the system drop the answer.
it.each<[string, string, RegExp, NonNullable<ExposedServerOptions["patience"]>]>([
  ["says nothing", "", /^(?:HTTP\/1\.1 408 |$)/u, { requestMs: 20, idleMs: 10 }],
  ["does not end its head", get(), /^(?:HTTP\/1\.1 408 |$)/u, { requestMs: 20, idleMs: 10 }],
  [
    "does not send its body",
    "POST / HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nab",
    /^(?:HTTP\/1\.1 408 |$)/u,
    { requestMs: 20, idleMs: 10 },
  ],
  ["asks nothing more", get("/", "\r\n"), /^HTTP\/1\.1 200 /u, { requestMs: 300_000, idleMs: 10 }],
])("the server closes a connection that %s", async (_title, text, answer, patience) => {
  const server = await serve({ patience });
  expect(await answerTo(await dial(server), text)).toMatch(answer);
  const patient = await dial(await serve());
  patient.write(get("/", "\r\n"));
  expect(statusOf(String((await once(patient, "data"))[0]))).toBe("HTTP/1.1 200 OK");
  expect(patient.closed).toBe(false);
});

it.each<[string, Partial<ExposedServerOptions>, string]>([
  ["as HTTP says", {}, "HTTP/1.1 431 Request Header Fields Too Large"],
  ["as its owner says", { longHeadStatus: "403 Forbidden" }, "HTTP/1.1 403 Forbidden"],
])("the server refuses a head that is too long, %s", async (_title, options, status) => {
  const server = await serve(options);
  const head = (bytes: number) => `x: ${"y".repeat(bytes)}\r\n${last}`;
  expect(statusOf(await answerTo(await dial(server), get("/", head(31 * 1024))))).toBe("HTTP/1.1 200 OK");
  expect(statusOf(await answerTo(await dial(server), get("/", head(33 * 1024))))).toBe(status);
  expect(statusOf(await answerTo(await dial(server), "no request\r\n\r\n"))).toBe("HTTP/1.1 400 Bad Request");
});

it("the server refuses a body that is too long and an address that can't be read", async () => {
  const server = await serve();
  const post = (body: string) =>
    `POST / HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n${last}${body}`;
  expect(statusOf(await answerTo(await dial(server), post("12345678")))).toBe("HTTP/1.1 200 OK");
  expect(statusOf(await answerTo(await dial(server), post("123456789")))).toBe("HTTP/1.1 413 Payload Too Large");
  expect(await answerTo(await dial(server), get("/%zz", last))).toMatch(/^HTTP\/1\.1 404 .*refused$/su);
});
