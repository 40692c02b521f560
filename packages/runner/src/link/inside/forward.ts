/**
 * Runs inside a container: listens on a loopback port, carries each connection to a unix socket, and runs a command meanwhile, whose exit code is its
 * own. For programs that speak to a proxy over TCP only. Arguments: port, socket's path, then the command.
 */
import { spawn } from "node:child_process";
import { connect, createServer, type Socket } from "node:net";
import { constants } from "node:os";

const [port = "", socketPath = "", command = "", ...rest] = process.argv.slice(2);
/** The socket may come a moment after the command: a relay is started from outside. */
const patienceMs = 20_000;
const pauseMs = 50;

const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) =>
  reach(client, Date.now() + patienceMs),
);
server.on("error", (error) => {
  process.stderr.write(`the loopback port can't be opened: ${error.message}\n`);
  process.exit(126);
});
server.listen(Number(port), "127.0.0.1", run);

function reach(client: Socket, until: number): void {
  const way = connect({ path: socketPath, allowHalfOpen: true });
  const again = () => {
    if (client.destroyed || Date.now() > until) client.destroy();
    else setTimeout(() => reach(client, until), pauseMs);
  };
  way.once("error", again);
  way.once("connect", () => {
    way.off("error", again);
    for (const [one, other] of [
      [client, way],
      [way, client],
    ] as const) {
      one.on("error", () => other.destroy());
      one.once("close", () => other.destroy());
      one.pipe(other);
    }
  });
}

function run(): void {
  const child = spawn(command, rest, { stdio: "inherit" });
  child.on("error", (error) => {
    process.stderr.write(`${command} can't be started: ${error.message}\n`);
    process.exit(127);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
}
