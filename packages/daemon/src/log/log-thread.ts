/** The thread that `startLogThread` starts: reads a log on a connection of its own and hands over what it finds. It may be ended at any time. */
import { workerData } from "node:worker_threads";
import { foldLog } from "./fold-log.ts";
import { openForReading, sqliteCode } from "./sqlite/database.ts";
import { type LogMessage, type LogTask, messagesAheadMax, sent, taken } from "./start-log-thread.ts";
import { checkFileAndViews } from "./verify-views.ts";

const { task, port, counts } = workerData as LogTask;

function send(message: LogMessage): void {
  for (;;) {
    const count = Atomics.load(counts, taken);
    if (Atomics.load(counts, sent) - count < messagesAheadMax) break;
    Atomics.wait(counts, taken, count);
  }
  port.postMessage(message);
  Atomics.add(counts, sent, 1);
  Atomics.notify(counts, sent);
}

function run(): LogMessage {
  const database = openForReading(task.path);
  try {
    database.exec("BEGIN");
    if (task.kind === "check-views") return { kind: "checked", problems: checkFileAndViews(database, task.from) };
    for (const entries of foldLog(database, { after: task.after })) send({ kind: "entries", entries });
    return { kind: "folded" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "failed", message, isDamaged: sqliteCode(error) !== null };
  } finally {
    database.close();
  }
}

send(run());
