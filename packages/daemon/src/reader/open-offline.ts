/** Opens a home for reading and loads nothing else, because every import here delays `aedev status`. */

import { Fault } from "@aedev/contracts";
import type { OpenPageQuery, PageQuery, UntrustedLog } from "@aedev/contracts/api";
import {
  type CanaryState,
  entityById,
  type Mentioned,
  type State,
  type TaskState,
  type Totals,
} from "@aedev/core/reading";
import type { BlobStore } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";
import { blobStore } from "../home/blobs.ts";
import { namingExpired } from "../home/expired-blobs.ts";
import { readDistrustReasons, untrustedDocument, withUnreadable } from "../home/untrusted-log.ts";
import type { ChargeReader } from "../log/charges.ts";
import { createUnreadable } from "../log/open-state.ts";
import { type OpenedViews, openViews } from "../log/open-views.ts";
import { openForReading, type SqliteDatabase } from "../log/sqlite/database.ts";
import { type EventRow, parseRow, type StoredEvent } from "../log/sqlite/stored-event.ts";
import type { ViewQueries } from "../log/view-queries.ts";
import {
  type HoldPage,
  holdPage,
  type MissionPage,
  missionPage,
  type PageSource,
  type TaskPage,
  taskPage,
} from "./pages.ts";

/** A home that is open for reading; nothing in it changes. */
export interface OfflineHome extends Disposable {
  /** The open part of the state, with these entities added even if they have ended. */
  state(mentioned?: Mentioned): State;
  /** The state with these entities for lists, in which an unreadable entity is left out. */
  stateToShow(mentioned: Mentioned): State;
  /** Calls `use` with what pages and the status board are made of, all from one snapshot. */
  atOnce<T>(use: (source: LogSnapshot) => T): T;
  totals(): Totals;
  missionPage(query: PageQuery): MissionPage;
  taskPage(query: PageQuery): TaskPage;
  holdPage(query: OpenPageQuery): HoldPage;
  /** Ids of missions or tasks that start with `prefix`. */
  idsStarting(of: "missions" | "tasks", prefix: string, max: number): readonly string[];
  /** How tasks ended at or after an instant, in that order. */
  endingsSince: ViewQueries["endingsSince"];
  readonly countDefects: ViewQueries["countDefects"];
  /** Whether any judge has answered about a planted defect. */
  hasDefectAnswers(): boolean;
  /** Every bundle ever planted. Throws a Fault if one can't be read. */
  canaries(): CanaryState[];
  /** What was used, from the log. */
  readonly charges: ChargeReader;
  /** The events of a task, in order. */
  taskEvents(id: string): readonly StoredEvent[];
  /** The events of a mission without those of its tasks, in order. */
  missionEvents(id: string): readonly StoredEvent[];
  /** Why the log is not trusted: the last daemon found it, or something could not be read here. Null if it is trusted. */
  untrusted(): UntrustedLog | null;
  readonly blobs: Pick<BlobStore, "get">;
}

/** The log at one moment. `position`: of its last event. */
export interface LogSnapshot extends PageSource {
  readonly views: ViewQueries;
  readonly position: number;
}

/** Throws a Fault `no-home` if there is no log. */
export function openOffline(home: string): OfflineHome {
  return offlineOf(home, openForReading(homeLayout(home).log));
}

/** Opens a home whose log is open already; closing the home closes that connection. */
export function offlineOf(home: string, database: SqliteDatabase): OfflineHome {
  const views = openViews(database);
  const { read } = views;
  const ofStream = database.prepare("SELECT * FROM events WHERE stream = ? ORDER BY version");
  const unreadable = createUnreadable();
  const open = ({ state }: OpenedViews, toShow?: Mentioned) => unreadable.note(state.open(toShow));
  const sourceOf = (views: OpenedViews): LogSnapshot => ({
    stateToShow: (mentioned) => open(views, mentioned),
    views: views.queries,
    position: views.end.position,
  });
  return {
    state: (mentioned = {}) => read((views) => views.state.extend(open(views), mentioned)),
    stateToShow: (mentioned) => read((views) => open(views, mentioned)),
    atOnce: (use) => read((views) => use(sourceOf(views))),
    totals: () => read(({ queries }) => queries.totals()),
    missionPage: (query) => read((views) => missionPage(sourceOf(views), query)),
    taskPage: (query) => read((views) => taskPage(sourceOf(views), query)),
    holdPage: (query) => read((views) => holdPage(open(views), query)),
    idsStarting: (of, prefix, max) => read(({ queries }) => queries.idsStarting(of, prefix, max)),
    endingsSince: (instant) => read(({ queries }) => queries.endingsSince(instant)),
    countDefects: (judge) => read(({ queries }) => queries.countDefects(judge)),
    hasDefectAnswers: () => read(({ queries }) => queries.hasDefectAnswers()),
    canaries: () => read(({ queries }) => queries.canaries()),
    untrusted: () =>
      read((views) => {
        open(views);
        return untrustedDocument(withUnreadable(readDistrustReasons(home), unreadable.list()), views.end);
      }),
    charges: {
      since: (instant) => read(({ queries }) => queries.charges.since(instant)),
      ofStreams: (streams) => read(({ queries }) => queries.charges.ofStreams(streams)),
      ofCanaries: () => read(({ queries }) => queries.charges.ofCanaries()),
    },
    taskEvents: (id) => (ofStream.all(`task/${id}`) as EventRow[]).map(parseRow),
    missionEvents: (id) => (ofStream.all(`mission/${id}`) as EventRow[]).map(parseRow),
    blobs: namingExpired(blobStore(home), database),
    [Symbol.dispose]() {
      views.close();
      database.close();
    },
  };
}

/** The task with its state. Throws a Fault `unknown-task`. */
export function taskWithState(
  offline: Pick<OfflineHome, "state">,
  taskId: string,
): { readonly state: State; readonly task: TaskState } {
  const state = offline.state({ tasks: [taskId] });
  const task = entityById(state.tasks, taskId);
  if (task === undefined) throw new Fault("unknown-task", `there is no task ${taskId}`, { hint: "aedev task list" });
  return { state, task };
}
