/** Readers that follow the log over real connections: how many there may be, and what one that does not read costs. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import { openEventStreams } from "../../../src/http/routes/event-stream.ts";

type Log = Parameters<typeof openEventStreams>[0];
type Event = Awaited<ReturnType<Log["listEvents"]>>[number];

let server: Server;
const failures: unknown[] = [];
afterEach(() => {
  failures.length = 0;
  server.closeAllConnections();
  server.close();
});

const total = 100_000;
/** A log of many events of 1 KB. `reads` notes the pages that were asked for. */
function logOf(reads: number[]): Log {
  // The streams only read the position.
  const event = (position: number) => ({ position, text: "x".repeat(1_000) }) as object as Event;
  const listEvents = async ({ after = 0, limit = 1 } = {}) => {
    reads.push(after);
    return Array.from({ length: Math.max(0, Math.min(limit, total - after)) }, (_, index) => event(after + index + 1));
  };
  return { listEvents, subscribe: () => () => undefined };
}

async function serve(log: Log, limits: { streamsMax: number; unreadMs: number }, isAllowed = () => true) {
  const streams = openEventStreams(log, limits);
  server = createServer((_request, response) => {
    if (streams.hasRoom())
      streams.follow(response, { after: 0, isAllowed }).catch((error: unknown) => failures.push(error));
    else response.writeHead(409).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function ask(port: number) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  await once(socket, "readable");
  return socket;
}

it("a reader that does not read makes the daemon read no more of the log, and loses its stream", async () => {
  const reads: number[] = [];
  const port = await serve(logOf(reads), { streamsMax: 9, unreadMs: 500 });
  const socket = await ask(port);
  await new Promise((resolve) => setTimeout(resolve, 300));
  // The system's own buffers hold some pages.
  expect(reads.length).toBeLessThan(total / 200 / 4);
  const [connection] = await new Promise<[number]>((resolve) => {
    const look = () =>
      server.getConnections((_error, count) => (count === 0 ? resolve([count]) : setTimeout(look, 50)));
    look();
  });
  expect(connection).toBe(0);
  socket.destroy();
});

it("a reader that reads gets every event", async () => {
  const port = await serve(logOf([]), { streamsMax: 9, unreadMs: 5_000 });
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  let last = "";
  let lines = 0;
  for await (const piece of answer.body ?? []) {
    const parts = `${last}${Buffer.from(piece).toString()}`.split("\n");
    last = parts.pop() ?? "";
    lines += parts.length;
    if (lines === total) break;
  }
  expect(lines).toBe(total);
});

it("there are no more readers than allowed, and a new one once another has ended", async () => {
  const port = await serve(logOf([]), { streamsMax: 2, unreadMs: 60_000 });
  const first = await ask(port);
  await ask(port);
  const status = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    await answer.body?.cancel();
    return answer.status;
  };
  expect(await status()).toBe(409);
  first.destroy();
  await expect.poll(status).toBe(200);
});

it("a reader that may no longer read loses its stream before anything more is sent", async () => {
  for (const stillMay of [true, false]) {
    let [positions, mayRead] = [[1], true];
    let wake = (): void => undefined;
    const log: Log = {
      listEvents: async ({ after = 0 } = {}) =>
        positions.filter((position) => position > after).map((position) => ({ position }) as object as Event),
      subscribe: (listener) => {
        wake = () => listener([], {} as Parameters<typeof listener>[1]);
        return () => undefined;
      },
    };
    const port = await serve(log, { streamsMax: 1, unreadMs: 60_000 }, () => mayRead);
    const reader = (await fetch(`http://127.0.0.1:${port}/`)).body?.getReader();
    const next = async () => {
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      return done ? "ended" : Buffer.from(value ?? []).toString();
    };
    expect(await next()).toBe('{"position":1}\n');
    [positions, mayRead] = [[1, 2], stillMay];
    wake();
    expect(await next()).toBe(stillMay ? '{"position":2}\n' : "ended");
    server.closeAllConnections();
    server.close();
  }
});

it("a reader gets what is new; if the log can't be read any more, its stream breaks and the reason is reported", async () => {
  let positions = [1, 2];
  let wake = (): void => undefined;
  const broken = new Error("the disk is gone");
  const log: Log = {
    listEvents: async ({ after = 0 } = {}) => {
      if (positions.length === 0) throw broken;
      return positions.filter((position) => position > after).map((position) => ({ position }) as object as Event);
    },
    subscribe: (listener) => {
      wake = () => listener([], {} as Parameters<typeof listener>[1]);
      return () => {
        wake = (): void => undefined;
      };
    },
  };
  const port = await serve(log, { streamsMax: 1, unreadMs: 60_000 });
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  const reader = answer.body?.getReader();
  const next = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
  expect(await next()).toBe('{"position":1}\n{"position":2}\n');
  positions = [1, 2, 3];
  wake();
  expect(await next()).toBe('{"position":3}\n');
  expect(failures).toEqual([]);
  positions = [];
  wake();
  await expect(next()).rejects.toThrow();
  await expect.poll(() => failures).toEqual([broken]);
  // Its place is free again.
  positions = [4];
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
});
