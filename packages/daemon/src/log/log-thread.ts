/** The thread that watch-log-thread.ts starts: reads a log on its own connection and sends what it finds. It may be ended at any time. */
import { workerData } from "node:worker_threads";
import { foldLog } from "./fold-log.ts";
import { openForReading, sqliteCode } from "./sqlite/database.ts";
import {
  claimPart,
  type LogMessage,
  type LogTask,
  messagesAheadMax,
  sentCount,
  takenCount,
} from "./start-log-thread.ts";
import { checkFileAndViews } from "./verify-views.ts";

const { task, port, counts } = workerData as LogTask;

function send(message: LogMessage): void {
  for (;;) {
    const count = Atomics.load(counts, takenCount);
    if (Atomics.load(counts, sentCount) - count < messagesAheadMax) break;
    Atomics.wait(counts, takenCount, count);
  }
  port.postMessage(message);
  Atomics.add(counts, sentCount, 1);
  Atomics.notify(counts, sentCount);
}

/** Reads the log and sends what it finds; returns the last message, or null if it has sent all. */
function run(): LogMessage | null {
  const database = openForReading(task.path);
  try {
    database.exec("BEGIN");
    if (task.kind === "check-views") return { kind: "checked", problems: checkFileAndViews(database, task.from) };
    const { parts } = task;
    for (let part = claimPart(counts, parts.length); part !== undefined; part = claimPart(counts, parts.length)) {
      for (const entries of foldLog(database, parts[part])) send({ kind: "entries", entries });
      send({ kind: "folded" });
    }
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "failed", message, isDamaged: sqliteCode(error) !== null };
  } finally {
    database.close();
  }
}

const last = run();
if (last !== null) send(last);
