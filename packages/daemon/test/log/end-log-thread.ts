/**
 * Loaded into each thread of a test's process with `--import`: ends the one that reads a log, after the entries that it found and before it says that it is
 * done. Its caller begins no part before the thread has begun one, so that this one never ends without a part that is missed.
 */
import { isMainThread, type MessagePort, workerData } from "node:worker_threads";

interface Task {
  readonly port?: MessagePort;
  readonly endPort?: MessagePort;
}

if (isMainThread) {
  const exchange = Atomics.compareExchange;
  Atomics.compareExchange = ((counts: Int32Array, place: number, expected: number, value: number) => {
    while (Atomics.load(counts, place) === 0) Atomics.wait(counts, place, 0, 10);
    return exchange(counts, place, expected, value);
  }) as typeof exchange;
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
