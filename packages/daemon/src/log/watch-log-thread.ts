/** The thread that `startLogThread` starts first: it starts the one that reads the log, and tells the waiting caller when that thread ends. */
import { Worker, workerData } from "node:worker_threads";
import { endedFlag, type LogTask, sentCount, type WatchTask } from "./start-log-thread.ts";

const { endPort, ...task } = workerData as WatchTask;
const { counts, port } = task;

const worker = new Worker(new URL("./log-thread.ts", import.meta.url), {
  workerData: task satisfies LogTask,
  transferList: [port],
  env: {},
  // Bounds garbage that is collected late, so that a rebuild needs no more memory for a longer log.
  resourceLimits: { maxYoungGenerationSizeMb: 16 },
});
let why: string | null = null;
worker.on("error", (error: unknown) => {
  why = error instanceof Error ? error.message : String(error);
});
worker.on("exit", (code) => {
  endPort.postMessage(why ?? `exit code ${code}`);
  Atomics.store(counts, endedFlag, 1);
  // Wakes the caller, who waits for the next message.
  Atomics.add(counts, sentCount, 1);
  Atomics.notify(counts, sentCount);
});
