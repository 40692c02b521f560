/** Runs inside a container: forwards a loopback port to a unix socket while a command runs, for programs that need TCP. Arguments: port, socket, command. */
import { spawn } from "node:child_process";
import { connect, createServer, type Socket } from "node:net";
import { constants } from "node:os";

const [port = "", socketPath = "", command = "", ...rest] = process.argv.slice(2);
/** The socket can appear after the command starts, because a relay is started from outside. */
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
  const upstream = connect({ path: socketPath, allowHalfOpen: true });
  const again = () => {
    if (client.destroyed || Date.now() > until) client.destroy();
    else setTimeout(() => reach(client, until), pauseMs);
  };
  upstream.once("error", again);
  upstream.once("connect", () => {
    upstream.off("error", again);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
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
