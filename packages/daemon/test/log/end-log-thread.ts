/**
 * Loaded with `--import` into each thread of a test's process. It ends the thread that reads a log after its entries are sent and before it reports that it is
 * done. The calling thread waits until that thread has begun a part, so that a part is always missing.
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
// Only the watching thread has both.
if (port !== undefined && endPort === undefined) {
  const post = port.postMessage.bind(port);
  port.postMessage = (message: { kind: string }) => {
    if (message.kind !== "entries") process.exit(9);
    post(message);
  };
}
