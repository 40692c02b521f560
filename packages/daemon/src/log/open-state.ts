/** Reads the open part of the state from the views, and brings ended entities back into a state. It only reads, and never more than what is open or requested. */

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
import type { SqliteDatabase, SqliteStatement } from "./sqlite/database.ts";
import { tableOf, type ViewKind } from "./view-tables.ts";

export interface StateReader {
  /** The open part of the state as of the current views. */
  open(): State;
  /** `state` with these entities and everything that belongs to them; the same state if nothing was missing. Entities that are already there stay unchanged. */
  extend(state: State, mentioned: Mentioned): State;
}

/** Entities by kind while a state is being assembled. */
type Parts = { -readonly [K in keyof State]: State[K] };
type ListKind = Exclude<ViewKind, "system">;

const quoted = (list: readonly string[]) => list.map((text) => `'${text}'`).join(", ");

export function createStateReader(database: SqliteDatabase): StateReader {
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

  /** Adds the rows that match a condition and are not in the state yet; returns their ids. */
  function add(parts: Parts, kind: ListKind, where: string, ...values: string[]): string[] {
    const rows = prepared(`SELECT id, data FROM ${tableOf(kind)} ${where}`).all(...values) as Row[];
    const missing = rows.filter(({ id }) => entityById<unknown>(parts[kind], id) === undefined);
    if (missing.length > 0) {
      const added = Object.fromEntries(missing.map((row) => [row.id, parseRow(kind, row)]));
      Object.assign(parts, { [kind]: { ...parts[kind], ...added } });
    }
    return missing.map(({ id }) => id);
  }

  /** A mission with its tasks, their approvals, and the canaries planted beside its tasks' bundles. */
  function addMission(parts: Parts, id: string): void {
    if (entityById(parts.missions, id) !== undefined) return;
    if (add(parts, "missions", "WHERE id = ?", id).length === 0) return;
    add(parts, "approvals", "WHERE mission_id = ?", id);
    for (const task of add(parts, "tasks", "WHERE mission_id = ?", id)) {
      const digest = parts.tasks[task]?.evidence?.bundle.digest;
      if (digest !== undefined) add(parts, "canaries", "WHERE beside = ?", digest);
    }
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

  return {
    open() {
      const parts: Parts = { ...initialState };
      const system = prepared("SELECT id, data FROM view_system").get() as Row | undefined;
      // The rows were written by this version in canonical form: version and position in the chain were checked before.
      if (system !== undefined) parts.system = parseRow("system", system) as State["system"];
      add(parts, "repositories", "");
      addServed(parts);
      for (const id of openMissions(parts.system)) addWithPredecessors(parts, id);
      add(parts, "canaries", "WHERE open = 1");
      const [audit] = texts("SELECT id FROM view_audits ORDER BY requested_at DESC, id DESC LIMIT 1");
      if (audit !== undefined) addAudit(parts, audit);
      return parts;
    },
    extend(state, mentioned) {
      const parts: Parts = { ...state };
      for (const id of mentioned.missions ?? []) addWithPredecessors(parts, id);
      for (const id of mentioned.tasks ?? []) addTask(parts, id);
      for (const id of mentioned.runs ?? [])
        for (const task of texts("SELECT id FROM view_tasks WHERE run_id = ?", id)) addTask(parts, task);
      for (const id of mentioned.approvals ?? []) {
        const known = entityById(parts.approvals, id)?.subject.mission_id;
        const [mission] =
          known === undefined ? texts("SELECT mission_id FROM view_approvals WHERE id = ?", id) : [known];
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
    },
  };
}

/** A task that has ended shows its own status in every document. */
const openTaskStatuses = statusOrder.filter((status) => !endedStatuses.some((ended) => ended === status));

interface Row {
  readonly id: string;
  readonly data: string;
}

function parseRow(kind: ViewKind, { id, data }: Row): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new Fault("view-unreadable", `${tableOf(kind)} ${id} is not JSON`, { hint: "aedev events rebuild", cause });
  }
}
