/** Keeps the history of work up to date with the log. It reads each event once, in pieces between which the process does other work. */
import { setImmediate as otherWork } from "node:timers/promises";
import { createWorkHistory, historyTypes, type WorkHistory } from "@aedev/core";
import type { ViewQueries } from "../log/view-queries.ts";

export interface HistoryReader {
  /** The history up to the log's end; `position`: of the last event. Throws a Fault `log-unreadable`. */
  upToNow(): Promise<{ readonly history: WorkHistory; readonly position: number }>;
}

/** A piece takes some ten milliseconds. */
const eventsPerPiece = 500;

export function openHistory(queries: () => Pick<ViewQueries, "eventsAfter">): HistoryReader {
  const history = createWorkHistory();
  let position = 0;
  let reading: Promise<{ history: WorkHistory; position: number }> | null = null;

  async function read() {
    for (;;) {
      const { events, upTo, isEnd } = queries().eventsAfter(position, historyTypes, eventsPerPiece);
      for (const event of events) history.add(event);
      position = upTo;
      if (isEnd) return { history, position };
      await otherWork();
    }
  }
  return {
    upToNow() {
      reading ??= read().finally(() => {
        reading = null;
      });
      return reading;
    },
  };
}
