/** Keeps folds of the log up to date, such as the history of work. It reads each event once, in pieces between which the process does other work. */
import { setImmediate as otherWork } from "node:timers/promises";
import type { EventType } from "@aedev/contracts/events";
import { createWorkHistory, historyTypes, type WorkHistory } from "@aedev/core";
import type { ViewQueries } from "../log/view-queries.ts";

export interface HistoryReader {
  /** The history up to the log's end; `position`: of the last event. Throws a Fault `log-unreadable`. */
  upToNow(): Promise<{ readonly history: WorkHistory; readonly position: number }>;
}

type Queries = Pick<ViewQueries, "eventsAfter">;
type LoggedEvent = ReturnType<Queries["eventsAfter"]>["events"][number];

export interface LogFollower {
  /** Reads up to the log's end and returns the position of its last event. Throws a Fault `log-unreadable`. */
  upToNow(): Promise<number>;
}

/** A piece takes some ten milliseconds. */
const eventsPerPiece = 500;

/** Passes each event of these types to `add`, once and in order. */
export function followLog(
  queries: () => Queries,
  { types, add }: { types: readonly EventType[]; add: (event: LoggedEvent) => void },
): LogFollower {
  let position = 0;
  let reading: Promise<number> | null = null;

  async function read() {
    for (;;) {
      const { events, upTo, isEnd } = queries().eventsAfter(position, types, eventsPerPiece);
      for (const event of events) add(event);
      position = upTo;
      if (isEnd) return position;
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

export function openHistory(queries: () => Queries): HistoryReader {
  const history = createWorkHistory();
  const follower = followLog(queries, { types: historyTypes, add: history.add });
  return { upToNow: async () => ({ history, position: await follower.upToNow() }) };
}
