/** Loaded into each thread of a test's process with `--import`: ends the one that reads a log, after the entries that it found and before it says that it is done. */
import { isMainThread, type MessagePort, workerData } from "node:worker_threads";

interface Task {
  readonly port?: MessagePort;
  readonly endPort?: MessagePort;
}

const { port, endPort }: Task = isMainThread ? {} : (workerData as Task);
// The thread that watches has both.
if (port !== undefined && endPort === undefined) {
  const post = port.postMessage.bind(port);
  port.postMessage = (message: { kind: string }) => {
    if (message.kind !== "entries") process.exit(9);
    post(message);
  };
}
