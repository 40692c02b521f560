/**
 * Starts a thread that reads a large log beside the caller, and takes its messages one by one. The caller stays synchronous, like all code that reads or writes
 * the log, and receives no events while it waits; so a second thread watches the first.
 */
import type { MessagePort } from "node:worker_threads";
import type { LogPart, ViewEntry } from "./fold-log.ts";
import type { Problem } from "./verify-chain.ts";

/** With fewer events than this, the log is read before a thread would have started. */
export const threadEventsMin = 20_000;
/** How many messages the thread may be ahead of the caller, which bounds memory. */
export const messagesAheadMax = 8;
/** Index into the shared counts: messages sent. */
export const sentCount = 0;
export const takenCount = 1;
/** Index of a flag that is 1 once the thread has ended. */
export const endedFlag = 2;
/** Index: parts of a fold that the thread or its caller has begun. */
const claimed = 3;
/** A thread that sends nothing for this long is given up. */
const silenceMsMax = 600_000;

/** `fold`: the streams of those parts that the caller has not begun. `check-views`: the streams with an event after `from`. */
type LogThreadTask =
  | { readonly kind: "fold"; readonly path: string; readonly parts: readonly LogPart[] }
  | { readonly kind: "check-views"; readonly path: string; readonly from: number };
export interface LogTask {
  readonly task: LogThreadTask;
  readonly port: MessagePort;
  readonly counts: Int32Array;
}
/** What the watching thread gets: the other thread's task, and where to report why that one ended. */
export interface WatchTask extends LogTask {
  readonly endPort: MessagePort;
}
/** `folded`: a part has ended. */
export type LogMessage =
  | { readonly kind: "entries"; readonly entries: readonly ViewEntry[] }
  | { readonly kind: "folded" }
  | { readonly kind: "checked"; readonly problems: readonly Problem[] }
  | { readonly kind: "failed"; readonly message: string; readonly isDamaged: boolean };

export interface LogThread extends Disposable {
  /** Blocks until the next message. Throws if the thread ends without one. */
  next(): LogMessage;
  /** The next message if there is one already. */
  poll(): LogMessage | undefined;
  /** The next part for the caller to fold itself, before part `end`; undefined if all are begun. */
  claim(end: number): number | undefined;
}

export function startLogThread(task: LogThreadTask): LogThread {
  // Loaded only here, because importers of this file seldom start a thread.
  const { MessageChannel, receiveMessageOnPort, Worker } = process.getBuiltinModule("node:worker_threads");
  const { port1, port2 } = new MessageChannel();
  const end = new MessageChannel();
  const counts = new Int32Array(new SharedArrayBuffer(16));
  const workerData: WatchTask = { task, port: port2, counts, endPort: end.port2 };
  const worker = new Worker(new URL("./watch-log-thread.ts", import.meta.url), {
    workerData,
    transferList: [port2, end.port2],
    env: {},
  });
  worker.unref();
  function poll(): LogMessage | undefined {
    const received = receiveMessageOnPort(port1);
    if (received === undefined) return undefined;
    Atomics.add(counts, takenCount, 1);
    Atomics.notify(counts, takenCount);
    return received.message as LogMessage;
  }
  return {
    poll,
    claim: (end) => claimPart(counts, end),
    next() {
      for (;;) {
        const isEnded = Atomics.load(counts, endedFlag) === 1;
        const before = Atomics.load(counts, sentCount);
        const message = poll();
        if (message !== undefined) return message;
        if (isEnded)
          throw new Error(`the thread that reads the log ended: ${receiveMessageOnPort(end.port1)?.message}`);
        if (Atomics.wait(counts, sentCount, before, silenceMsMax) === "timed-out")
          throw new Error("the thread that reads the log does not answer");
      }
    },
    [Symbol.dispose]() {
      port1.close();
      end.port1.close();
      void worker.terminate();
    },
  };
}

/** Claims the first part before `end` that nobody has begun. */
export function claimPart(counts: Int32Array, end: number): number | undefined {
  for (;;) {
    const part = Atomics.load(counts, claimed);
    if (part >= end) return undefined;
    if (Atomics.compareExchange(counts, claimed, part, part + 1) === part) return part;
  }
}
