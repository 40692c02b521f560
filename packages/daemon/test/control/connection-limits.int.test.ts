/** Which connection stays if a listener has as many as it may hold. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { limitConnections } from "../../src/control/connection-limits.ts";

/** A listener of at most `max` connections that admits every request and leaves it open. */
async function listen(max: number) {
  const waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    limits.admit(request);
    waiting.push(response);
  });
  const limits = limitConnections(server, max);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  return {
    async open(): Promise<Socket> {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      sockets.push(socket);
      await once(socket, "connect");
      return socket;
    },
    async ask(socket: Socket): Promise<ServerResponse> {
      socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      const before = waiting.length;
      await expect.poll(() => waiting.length).toBe(before + 1);
      return waiting.at(-1) as ServerResponse;
    },
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const isClosed = (socket: Socket) => expect.poll(() => socket.closed || socket.readableEnded);
const answer = async (socket: Socket, response: ServerResponse) => {
  socket.resume();
  response.end("done");
  await once(response, "close");
};

it("a full listener closes a stranger's connection first, then an admitted idle one, and none that waits for its answer", async () => {
  using listener = await listen(3);
  const stranger = await listener.open();
  const [busy, idle] = [await listener.open(), await listener.open()];
  const open = await listener.ask(busy);
  await answer(idle, await listener.ask(idle));

  stranger.resume();
  const fourth = await listener.open();
  await isClosed(stranger).toBe(true);
  await listener.ask(fourth);

  const fifth = await listener.open();
  await isClosed(idle).toBe(true);
  await listener.ask(fifth);
  // All three wait for an answer, so the newcomer has to go.
  const sixth = await listener.open();
  sixth.resume();
  await isClosed(sixth).toBe(true);
  for (const socket of [busy, fourth, fifth]) expect(socket.closed).toBe(false);
  await answer(busy, open);
});
