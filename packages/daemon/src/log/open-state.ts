/** Finds the open part of the state through the views and reads it, and brings ended entities back into a state. It only reads, and never more than what is open or requested. */
import { Fault } from "@aedev/contracts";
import {
  endedStatuses,
  entityById,
  initialState,
  type Mentioned,
  nothingPlanted,
  type State,
  statusOrder,
  undecidedStages,
} from "@aedev/core/reading";
import { createEntityReader } from "./read-entity.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite/database.ts";
import { tableOf, type ViewKind } from "./view-tables.ts";

export interface StateReader {
  /** The open part of the state as of the current views, without what can't be read. */
  open(): State;
  /** What the last `open` could not read, and why. A log with such a stream must not be trusted. */
  readonly unreadable: readonly string[];
  /**
   * `state` with these entities and everything that belongs to them; the same state if nothing was missing. Entities that are already there stay
   * unchanged. Throws a Fault on what can't be read.
   */
  extend(state: State, mentioned: Mentioned): State;
  /** The same for lists: without what can't be read. */
  extendToShow(state: State, mentioned: Mentioned): State;
}

/** Entities by kind while a state is being assembled. */
type Parts = { -readonly [K in keyof State]: State[K] };
type ListKind = Exclude<ViewKind, "system">;

const quoted = (list: readonly string[]) => list.map((text) => `'${text}'`).join(", ");

/** `database` has the views, `events` the log that they match. */
export function createStateReader(database: SqliteDatabase, events: SqliteDatabase = database): StateReader {
  const read = createEntityReader(database, events);
  let unreadable: readonly string[] = [];
  /** Takes what can't be read; null: it is thrown. */
  let leaveOut: ((why: string) => void) | null = null;
  const statements = new Map<string, SqliteStatement>();
  const prepared = (sql: string): SqliteStatement => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const texts = (sql: string, ...values: string[]) =>
    prepared(sql)
      .pluck()
      .all(...values) as string[];

  /** Adds the entities whose rows match a condition and that are not in the state yet; returns their ids. */
  function add(parts: Parts, kind: ListKind, where: string, ...values: string[]): string[] {
    const ids = texts(`SELECT id FROM ${tableOf(kind)} ${where}`, ...values);
    const missing = ids.filter((id) => entityById<unknown>(parts[kind], id) === undefined);
    if (missing.length > 0) {
      const added = Object.fromEntries(missing.map((id) => [id, read(kind, id)]));
      Object.assign(parts, { [kind]: { ...parts[kind], ...added } });
    }
    return missing;
  }

  /** Adds all that `use` adds, or nothing if a part of it can't be read and is left out. */
  function addWhole(parts: Parts, use: (own: Parts) => void): void {
    const own = { ...parts };
    try {
      use(own);
    } catch (error) {
      if (leaveOut === null || !(error instanceof Fault) || error.code !== "log-unreadable") throw error;
      leaveOut(error.message);
      return;
    }
    Object.assign(parts, own);
  }

  function leavingOut<T>(take: (why: string) => void, use: () => T): T {
    leaveOut = take;
    try {
      return use();
    } finally {
      leaveOut = null;
    }
  }

  /** A mission with its tasks, their approvals, and the canaries planted beside its tasks' bundles. */
  function addMission(parts: Parts, id: string): void {
    if (entityById(parts.missions, id) !== undefined) return;
    addWhole(parts, (own) => {
      if (add(own, "missions", "WHERE id = ?", id).length === 0) return;
      add(own, "approvals", "WHERE mission_id = ?", id);
      for (const task of add(own, "tasks", "WHERE mission_id = ?", id)) {
        const digest = own.tasks[task]?.evidence?.bundle.digest;
        if (digest !== undefined) add(own, "canaries", "WHERE beside = ?", digest);
      }
    });
  }

  function addWithPredecessors(parts: Parts, id: string): void {
    addMission(parts, id);
    for (const before of entityById(parts.missions, id)?.after ?? []) addMission(parts, before);
  }

  function addTask(parts: Parts, id: string): void {
    const known = entityById(parts.tasks, id)?.mission_id;
    const [mission] = known === undefined ? texts("SELECT mission_id FROM view_tasks WHERE id = ?", id) : [known];
    if (mission !== undefined) addWithPredecessors(parts, mission);
  }

  function addAudit(parts: Parts, id: string): void {
    if (add(parts, "audits", "WHERE id = ?", id).length === 0) return;
    const counts = prepared("SELECT planted, count(*) AS count FROM view_canaries WHERE audit_id = ? GROUP BY planted");
    const rows = counts.all(id) as { planted: string; count: number }[];
    if (rows.length === 0) return;
    const planted = { ...nothingPlanted, ...Object.fromEntries(rows.map((row) => [row.planted, row.count])) };
    parts.past = { ...parts.past, planted: { ...parts.past.planted, [id]: planted } };
  }

  function addJudged(parts: Parts, change: string | undefined): void {
    if (change === undefined) return;
    for (const task of texts("SELECT owner FROM view_judged_changes WHERE change_digest = ?", change))
      addTask(parts, task);
  }

  /** Undecided missions, those with a draft under way, and missions with a task that has not ended or has a pending push. */
  function openMissions({ notifier }: State["system"]): string[] {
    const open = [
      ...texts(`SELECT id FROM view_missions WHERE status IN (${quoted(undecidedStages)})`),
      ...texts("SELECT id FROM view_missions WHERE draft_open = 1"),
      ...texts(`SELECT mission_id FROM view_tasks WHERE status IN (${quoted(openTaskStatuses)})`),
      ...(notifier === null ? [] : texts("SELECT mission_id FROM view_tasks WHERE unsent_at >= ?", notifier.since)),
    ];
    return [...new Set(open)];
  }

  function addServed(parts: Parts): void {
    const latest = prepared("SELECT max(served_at) FROM view_tasks WHERE repository = ?").pluck();
    const served = Object.keys(parts.repositories).flatMap((name) => {
      const at = latest.get(name) as string | null;
      return at === null ? [] : [[name, at]];
    });
    parts.past = { ...parts.past, served: Object.fromEntries(served) };
  }

  function open(): State {
    const parts: Parts = { ...initialState };
    const [system] = texts("SELECT id FROM view_system");
    if (system !== undefined) parts.system = read("system", system);
    add(parts, "repositories", "");
    addServed(parts);
    for (const id of openMissions(parts.system)) addWithPredecessors(parts, id);
    for (const id of texts("SELECT id FROM view_canaries WHERE open = 1"))
      addWhole(parts, (own) => void add(own, "canaries", "WHERE id = ?", id));
    const [audit] = texts("SELECT id FROM view_audits ORDER BY requested_at DESC, id DESC LIMIT 1");
    if (audit !== undefined) addWhole(parts, (own) => addAudit(own, audit));
    return parts;
  }

  function extend(state: State, mentioned: Mentioned): State {
    const parts: Parts = { ...state };
    for (const id of mentioned.missions ?? []) addWithPredecessors(parts, id);
    for (const id of mentioned.tasks ?? []) addTask(parts, id);
    for (const id of mentioned.runs ?? [])
      for (const task of texts("SELECT id FROM view_tasks WHERE run_id = ?", id)) addTask(parts, task);
    for (const id of mentioned.approvals ?? []) {
      const known = entityById(parts.approvals, id)?.subject.mission_id;
      const [mission] = known === undefined ? texts("SELECT mission_id FROM view_approvals WHERE id = ?", id) : [known];
      if (mission !== undefined) addWithPredecessors(parts, mission);
    }
    for (const id of mentioned.judgedAlike ?? []) {
      addTask(parts, id);
      addJudged(parts, entityById(parts.tasks, id)?.evidence?.change_digest);
    }
    for (const change of mentioned.changes ?? []) addJudged(parts, change);
    for (const id of mentioned.canaries ?? []) add(parts, "canaries", "WHERE id = ?", id);
    for (const digest of mentioned.bundles ?? []) {
      add(parts, "canaries", "WHERE bundle_digest = ?", digest);
      add(parts, "canaries", "WHERE beside = ?", digest);
    }
    for (const id of mentioned.audits ?? []) addAudit(parts, id);
    const isSame = (Object.keys(parts) as (keyof State)[]).every((part) => parts[part] === state[part]);
    return isSame ? state : parts;
  }

  return {
    open() {
      const found: string[] = [];
      const state = leavingOut((why) => found.push(why), open);
      unreadable = found;
      return state;
    },
    get unreadable() {
      return unreadable;
    },
    extend,
    extendToShow: (state, mentioned) =>
      leavingOut(
        () => undefined,
        () => extend(state, mentioned),
      ),
  };
}

/** A task that has ended shows its own status in every document. */
const openTaskStatuses = statusOrder.filter((status) => !endedStatuses.some((ended) => ended === status));
