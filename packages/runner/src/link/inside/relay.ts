/** Runs inside a container: listens on a unix socket and carries its connections over standard input and output. Argument: the socket's path. */
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { createMultiplexer } from "./multiplex.ts";

const [socketPath = ""] = process.argv.slice(2);
const output = process.stdout;
const multiplexer = createMultiplexer({ send: (bytes) => void output.write(bytes), connect: null });
const end = () => {
  multiplexer.close();
  process.exit(0);
};
output.on("error", end);
process.stdin.on("data", (bytes: Buffer) => multiplexer.receive(bytes));
process.stdin.on("end", end);
process.stdin.on("error", end);

const server = createServer({ allowHalfOpen: true, pauseOnConnect: false }, (socket) => multiplexer.open(socket));
// Removes an earlier relay's socket. If the sandbox put a file here, it harms only itself.
rmSync(socketPath, { force: true });
server.listen(socketPath, () => multiplexer.ready());
