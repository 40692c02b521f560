/** Reads a home again and again for a live view: the missions with the newest step of their runs. It changes nothing. */

import type { UntrustedLog } from "@aedev/contracts/api";
import { homeLayout } from "@aedev/host/home-layout";
import { readDistrustReasons, untrustedDocument, withUnreadable } from "../home/untrusted-log.ts";
import { openLogReader } from "./log-reader.ts";
import { followRuns } from "./run-activity.ts";
import { type ReadSchedule, waitingMissions } from "./waiting-missions.ts";
import { type WatchRow, watchRows } from "./watch-rows.ts";

/** A home opened for a live view. Each `read` continues to count a run's progress from the previous one. */
export interface WatchReader extends Disposable {
  /** The missions that are open or ended after `endedAfter` (ISO 8601 UTC), the position of the newest event, and why the log is not trusted (null: it is). */
  read(endedAfter: string): Promise<{
    readonly rows: readonly WatchRow[];
    readonly position: number;
    readonly untrusted: UntrustedLog | null;
  }>;
}

export function openWatch({ home, schedule }: { home: string; schedule: ReadSchedule }): WatchReader {
  const reader = openLogReader(homeLayout(home).log);
  const { activity } = followRuns(home);
  return {
    async read(endedAfter) {
      const { state, unreadable, end } = reader.read(({ state: views, queries, end }) => ({
        ...views.open({ missions: queries.missionsChangedSince(endedAfter) }),
        end,
      }));
      const waiting = await waitingMissions(state, schedule);
      return {
        rows: watchRows(state, { activity, waiting, now: new Date().toISOString(), endedAfter }),
        position: end.position,
        untrusted: untrustedDocument(withUnreadable(readDistrustReasons(home), unreadable), end),
      };
    },
    [Symbol.dispose]: () => reader[Symbol.dispose](),
  };
}
