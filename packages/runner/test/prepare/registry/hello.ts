/** The first bytes of a real TLS client, for tests of tunnels. */
import { createServer } from "node:net";
import { connect } from "node:tls";

/** `serverName` null: the client names no server. */
export async function clientHello(serverName: string | null): Promise<Buffer> {
  const server = createServer();
  const listening = new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await listening;
  const address = server.address();
  const said = new Promise<Buffer>((resolve) => {
    server.on("connection", (socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", (bytes) => {
        resolve(bytes);
        socket.destroy();
      });
    });
  });
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const client = connect({ host: "127.0.0.1", port, ...(serverName === null ? {} : { servername: serverName }) });
  client.on("error", () => client.destroy());
  const bytes = await said;
  server.close();
  return bytes;
}
