/** Queries about the past on the views: counts, judges' records, pages of missions and tasks. They only read, through indexes. */
import { type Family, Fault, type MissionStatus, missionStatuses, type PagePlace } from "@aedev/contracts";
import type { PageQuery } from "@aedev/contracts/api";
import type { CountDefects } from "@aedev/core";
import {
  type CanaryState,
  endedStatuses,
  type MissionCounts,
  statusOrder,
  type TaskState,
  type Totals,
} from "@aedev/core/reading";
import { chargedEventsOf } from "./charged-events.ts";
import { type ChargeReader, createChargeReader } from "./charges.ts";
import { createEntityReader, isUnreadableStream } from "./read-entity.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import { type EventRow, parseRow, type StoredEvent } from "./sqlite/stored-event.ts";
import { labelText, tableOf, type ViewKind } from "./view-tables.ts";

export interface TaskEnding {
  readonly task_id: string;
  readonly type: "ChangeLanded" | "TaskRejected" | "TaskCancelled";
  readonly position: number;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** A change that landed in a repository. */
export interface LandedChange {
  readonly task_id: string;
  readonly mission_id: string;
  /** The mission's title. */
  readonly title: string;
  readonly commit: string;
  /** The branch that received it, with `refs/heads/`. */
  readonly ref: string;
  /** Position of the event. */
  readonly position: number;
}

export interface ViewQueries {
  totals(): Totals;
  /** The number of tasks in each status. */
  taskCounts(): Readonly<Partial<Record<MissionStatus, number>>>;
  /** Charges, read from the events themselves. */
  readonly charges: ChargeReader;
  readonly countDefects: CountDefects;
  /** Whether any judge has answered about a planted defect. */
  hasDefectAnswers(): boolean;
  /** Whether a judge of the family ever gave a verdict on a change. */
  hasVerdictOf(family: Family): boolean;
  /** The newest changes that a canary can be planted in, without those that can't be read. */
  plantableTasks(max: number): TaskState[];
  /** Ids of the missions whose tasks landed last. */
  lastLanded(max: number): string[];
  /** What landed in a repository and was not seen gone from its branch, in that order. */
  landingsIn(repository: string): LandedChange[];
  /** How tasks ended at or after an instant, in that order. */
  endingsSince(instant: string): TaskEnding[];
  /** Landed, rejected and cancelled tasks that last changed before an instant. */
  tasksEndedBefore(instant: string): string[];
  /** Every bundle ever planted; for rare work such as planting and reports. Throws a Fault if one can't be read, because figures without it would be wrong. */
  canaries(): CanaryState[];
  /** Missions that were submitted at or after an instant, or have a task that changed then. */
  missionsChangedSince(instant: string): string[];
  /** Cursors of matching missions (by submission) or tasks (by planning), newest first. */
  page(of: "missions" | "tasks", query: PageQuery): PagePlace[];
  /** The newest events of these types in a stream, newest first. Throws if one can't be read. */
  lastEvents(stream: string, types: readonly StoredEvent["type"][], max: number): StoredEvent[];
  /** The first `max` events of these types after a position. `upTo`: nothing else of these types is up to there. Throws a Fault `log-unreadable`. */
  eventsAfter(
    position: number,
    types: readonly StoredEvent["type"][],
    max: number,
  ): { readonly events: readonly StoredEvent[]; readonly upTo: number; readonly isEnd: boolean };
  /** When the last event was recorded; null: the log is empty. */
  lastRecordedAt(): string | null;
  /** Ids of missions or tasks that start with `prefix`, in order. */
  idsStarting(of: "missions" | "tasks", prefix: string, max: number): string[];
}

const order = { missions: "submitted_at", tasks: "planned_at" } as const;

/** `database` has the views, `events` the log that they were built from. */
export function createViewQueries(database: SqliteDatabase, events: SqliteDatabase = database): ViewQueries {
  const read = createEntityReader(database, events);
  // SQLite's own `lower` knows only ASCII letters.
  database.function("lower_case", { deterministic: true }, (text: unknown) => String(text).toLowerCase());
  let charges: ChargeReader | undefined;
  /** How far the log was searched for a verdict of each family; infinity: one was found. Events have no index by type. */
  const searched = new Map<Family, number>();
  const counts = (counted: string) =>
    database.prepare("SELECT status, count FROM view_counts WHERE counted = ?").all(counted) as {
      status: string;
      count: number;
    }[];
  const ids = (kind: ViewKind, where: string, ...values: (string | number)[]) =>
    database
      .prepare(`SELECT id FROM ${tableOf(kind)} ${where}`)
      .pluck()
      .all(...values) as string[];
  const entities = <T>(kind: ViewKind, where: string, ...values: (string | number)[]) =>
    ids(kind, where, ...values).map((id) => read<T>(kind, id));
  const readOrNull = <T>(kind: ViewKind, id: string) => {
    try {
      return read<T>(kind, id);
    } catch (error) {
      if (isUnreadableStream(error)) return null;
      throw error;
    }
  };
  return {
    totals() {
      const known = new Map(counts("view_missions").map(({ status, count }) => [status, count]));
      const all = missionStatuses.map((status) => [status, known.get(status) ?? 0]);
      const landed = counts("view_tasks").find(({ status }) => status === "landed");
      return { missions: Object.fromEntries(all) as MissionCounts, landed_tasks: landed?.count ?? 0 };
    },
    taskCounts() {
      const known = new Map(counts("view_tasks").map(({ status, count }) => [status, count]));
      return Object.fromEntries(statusOrder.map((status) => [status, known.get(status) ?? 0]));
    },
    get charges() {
      charges ??= createChargeReader(chargedEventsOf(events));
      return charges;
    },
    countDefects({ family, model, promptDigest }) {
      const sql =
        "SELECT count(*) AS planted, coalesce(sum(caught), 0) AS caught FROM view_defect_answers WHERE family = ? AND model = ? AND prompt_digest = ?";
      return database.prepare(sql).get(family, model, promptDigest) as { planted: number; caught: number };
    },
    hasVerdictOf(family) {
      const from = searched.get(family) ?? 0;
      if (from === Number.POSITIVE_INFINITY) return true;
      const last = events.prepare("SELECT coalesce(max(position), 0) FROM events").pluck().get() as number;
      const sql =
        "SELECT 1 FROM events WHERE position > ? AND type = 'VerdictRecorded' AND iif(json_valid(data), json_extract(data, '$.family'), NULL) = ? LIMIT 1";
      const isFound = events.prepare(sql).get(from, family) !== undefined;
      searched.set(family, isFound ? Number.POSITIVE_INFINITY : last);
      return isFound;
    },
    hasDefectAnswers: () => database.prepare("SELECT 1 FROM view_defect_answers LIMIT 1").get() !== undefined,
    plantableTasks: (max) =>
      ids("tasks", "WHERE plantable_at IS NOT NULL ORDER BY plantable_at DESC LIMIT ?", max).flatMap(
        (id) => readOrNull<TaskState>("tasks", id) ?? [],
      ),
    lastLanded(max) {
      const sql = "SELECT mission_id FROM view_tasks WHERE status = 'landed' ORDER BY changed_at DESC, id LIMIT ?";
      return database.prepare(sql).pluck().all(max) as string[];
    },
    landingsIn(repository) {
      const tasks = database.prepare(
        "SELECT id AS task_id, mission_id, coalesce((SELECT title FROM view_missions WHERE id = mission_id), mission_id) AS title FROM view_tasks WHERE repository = ? AND status = 'landed'",
      );
      const ofTask = events.prepare(
        "SELECT * FROM events WHERE stream = ? AND type IN ('ChangeLanded', 'OutcomeObserved') ORDER BY version",
      );
      return (tasks.all(repository) as Pick<LandedChange, "task_id" | "mission_id" | "title">[])
        .flatMap((task) => landingOf((ofTask.all(`task/${task.task_id}`) as EventRow[]).map(readRow), task))
        .toSorted((one, other) => one.position - other.position);
    },
    endingsSince(instant) {
      const changed = ids("tasks", "WHERE changed_at >= ?", instant);
      const endings = events.prepare(
        "SELECT position, type, recorded_at AS at FROM events WHERE stream = ? AND recorded_at >= ? AND type IN ('ChangeLanded', 'TaskRejected', 'TaskCancelled')",
      );
      return changed
        .flatMap((task_id) =>
          (endings.all(`task/${task_id}`, instant) as Omit<TaskEnding, "task_id">[]).map((end) => ({
            task_id,
            ...end,
          })),
        )
        .toSorted((one, other) => one.position - other.position);
    },
    tasksEndedBefore: (instant) =>
      ids(
        "tasks",
        `WHERE status IN (${endedStatuses.map((status) => `'${status}'`).join(", ")}) AND changed_at < ?`,
        instant,
      ),
    canaries: () => entities("canaries", ""),
    missionsChangedSince(instant) {
      const sql =
        "SELECT mission_id FROM view_tasks WHERE changed_at >= ? UNION SELECT id FROM view_missions WHERE submitted_at >= ?";
      return database.prepare(sql).pluck().all(instant, instant) as string[];
    },
    lastEvents(stream, types, max) {
      const marks = types.map(() => "?").join(", ");
      const sql = `SELECT * FROM events WHERE stream = ? AND type IN (${marks}) ORDER BY version DESC LIMIT ?`;
      return (events.prepare(sql).all(stream, ...types, max) as EventRow[]).map(parseRow);
    },
    eventsAfter(position, types, max) {
      const marks = types.map(() => "?").join(", ");
      const sql = `SELECT * FROM events WHERE position > ? AND type IN (${marks}) ORDER BY position LIMIT ?`;
      const rows = events.prepare(sql).all(position, ...types, max) as EventRow[];
      const isEnd = rows.length < max;
      const end = isEnd ? events.prepare("SELECT coalesce(max(position), 0) FROM events").pluck().get() : 0;
      return { events: rows.map(readRow), upTo: isEnd ? Number(end) : (rows.at(-1)?.position ?? position), isEnd };
    },
    lastRecordedAt: () =>
      (events.prepare("SELECT recorded_at FROM events ORDER BY position DESC LIMIT 1").pluck().get() ?? null) as
        | string
        | null,
    idsStarting(of, prefix, max) {
      // Ids consist of letters and digits, which all sort before this character.
      const sql = `SELECT id FROM view_${of} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`;
      return database.prepare(sql).pluck().all(prefix, `${prefix}\u{7f}`, max) as string[];
    },
    page(of, { limit, after, status, repository, text, since, label }) {
      const at = order[of];
      const ofMission = (column: string) =>
        of === "missions" ? column : `(SELECT ${column} FROM view_missions WHERE id = view_tasks.mission_id)`;
      const conditions = [
        after === undefined ? null : { sql: `(${at}, id) < (?, ?)`, values: [after.at, after.id] },
        status === undefined ? null : { sql: "status = ?", values: [status] },
        repository === undefined ? null : { sql: "repository = ?", values: [repository] },
        text === undefined
          ? null
          : { sql: `instr(lower_case(${ofMission("title")}), lower_case(?)) > 0`, values: [text] },
        label === undefined ? null : { sql: `instr(${ofMission("labels")}, ?) > 0`, values: [labelText([label])] },
        since === undefined ? null : { sql: `${at} >= ?`, values: [since] },
      ].filter((condition) => condition !== null);
      const where = conditions.length === 0 ? "" : `WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`;
      const sql = `SELECT ${at} AS at, id FROM view_${of} ${where} ORDER BY ${at} DESC, id DESC LIMIT ?`;
      return database.prepare(sql).all(...conditions.flatMap(({ values }) => values), limit) as PagePlace[];
    },
  };
}

function landingOf(
  events: readonly StoredEvent[],
  task: Pick<LandedChange, "task_id" | "mission_id" | "title">,
): LandedChange[] {
  const isGone = events.some(({ type, data }) => type === "OutcomeObserved" && data.outcome === "gone");
  return events.flatMap((event) =>
    event.type === "ChangeLanded" && !isGone
      ? [{ ...task, commit: event.data.commit, ref: event.data.ref, position: event.position }]
      : [],
  );
}

function readRow(row: EventRow): StoredEvent {
  try {
    return parseRow(row);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault("log-unreadable", `event ${row.position} can't be read: ${why}`, {
      hint: "aedev events verify",
      cause,
    });
  }
}
