/** Makes pages of missions, tasks and holds, the same with the daemon up and down. It reads no more rows than a page needs. */
import { cursorOf, type PagePlace } from "@aedev/contracts";
import type { HoldDocument, MissionDocument, OpenPageQuery, PageQuery, TaskDocument } from "@aedev/contracts/api";
import { type Mentioned, missionDocument, openHolds, type State, taskDocument } from "@aedev/core/reading";
import type { ViewQueries } from "../log/view-queries.ts";

/** Where pages come from: a running daemon's log, or a stopped home's views. */
export interface PageSource {
  /** Leaves out what can't be read. */
  stateToShow(mentioned: Mentioned): State;
  readonly views: Pick<ViewQueries, "page" | "totals" | "lastLanded">;
}
/** `next`: pass it as `after` to get older rows; null on the last page. */
interface Page {
  readonly next: string | null;
}
export interface MissionPage extends Page {
  readonly missions: readonly MissionDocument[];
}
export interface TaskPage extends Page {
  readonly tasks: readonly (TaskDocument & { readonly mission_id: string })[];
}
export interface HoldPage extends Page {
  readonly holds: readonly HoldDocument[];
}

/** The newest missions that match the query, newest last. */
export function missionPage(source: PageSource, query: PageQuery): MissionPage {
  const { ids, next } = placesOf(source, "missions", query);
  const state = source.stateToShow({ missions: ids });
  return { missions: ids.flatMap((id) => missionDocument(state, id) ?? []), next };
}

/** The newest tasks that match the query, newest last. */
export function taskPage(source: PageSource, query: PageQuery): TaskPage {
  const { ids, next } = placesOf(source, "tasks", query);
  const { tasks } = source.stateToShow({ tasks: ids });
  const found = ids.flatMap((id) => tasks[id] ?? []);
  return { tasks: found.map((task) => ({ mission_id: task.mission_id, ...taskDocument(task) })), next };
}

/** Open holds, oldest first; the next page has newer ones. */
export function holdPage(state: State, { limit, after, repository, text, since }: OpenPageQuery): HoldPage {
  const place = ({ held_at: at, hold_id: id }: HoldDocument) => `${at} ${id}`;
  const fitting = openHolds(state)
    .filter(({ task_id }) => repository === undefined || state.tasks[task_id]?.repository === repository)
    .filter(({ title }) => text === undefined || title.toLowerCase().includes(text.toLowerCase()))
    .filter(({ held_at }) => since === undefined || held_at >= since)
    .toSorted((left, right) => (place(left) < place(right) ? -1 : 1))
    .filter((hold) => after === undefined || place(hold) > `${after.at} ${after.id}`);
  const holds = fitting.slice(0, limit);
  const last = holds.at(-1);
  const isLast = last === undefined || holds.length === fitting.length;
  return { holds, next: isLast ? null : cursorOf({ at: last.held_at, id: last.hold_id }) };
}

/** Asks for one row more than a page has, to know whether another page follows. */
function placesOf(
  { views }: PageSource,
  of: "missions" | "tasks",
  query: PageQuery,
): { ids: string[]; next: string | null } {
  const found: readonly PagePlace[] = views.page(of, { ...query, limit: query.limit + 1 });
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  const next = last === undefined || rows.length === found.length ? null : cursorOf(last);
  return { ids: rows.map(({ id }) => id).reverse(), next };
}
