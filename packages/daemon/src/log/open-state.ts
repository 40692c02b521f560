/** Finds the open part of the state through the views and reads it, and brings ended entities back into a state. It only reads, and never more than what is open or requested. */
import { distrustReasonsMax } from "@aedev/contracts";
import {
  accompaniedBundle,
  endedStatuses,
  endedWithoutChange,
  entityById,
  initialState,
  type Mentioned,
  mergedAloneMax,
  nothingPlanted,
  type State,
  statusOrder,
  undecidedStages,
} from "@aedev/core/reading";
import { createEntityReader, isUnreadableStream } from "./read-entity.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite/database.ts";
import { tableOf, type ViewKind } from "./view-tables.ts";

/** A state without what can't be read. */
export interface ReadState {
  readonly state: State;
  /** Entities that it lacks, and why. The log of such a state must not be trusted. */
  readonly unreadable: readonly string[];
}

export interface StateReader {
  /** The open part of the state as of the current views, with these entities added even if they have ended. */
  open(toShow?: Mentioned): ReadState;
  /** `state` with these entities and everything that belongs to them; the same object if nothing was missing. Throws a Fault if an entity can't be read. */
  extend(state: State, mentioned: Mentioned): State;
  /** Extends a state for lists, in which an unreadable entity is left out. */
  extendToShow(state: State, mentioned: Mentioned): ReadState;
}

/** Remembers why something could not be read: the first few reasons, each once. */
export function createUnreadable() {
  let reasons: readonly string[] = [];
  return {
    list: () => reasons,
    note({ state, unreadable }: ReadState): State {
      if (unreadable.length > 0) reasons = [...new Set([...reasons, ...unreadable])].slice(0, distrustReasonsMax);
      return state;
    },
    clear() {
      reasons = [];
    },
  };
}

/** Entities by kind while a state is being assembled. */
type Parts = { -readonly [K in keyof State]: State[K] };
/** Takes what can't be read and is left out; null: it is thrown. */
type LeaveOut = ((why: string) => void) | null;
type SameText = NonNullable<Mentioned["texts"]>[number];
type ListKind = Exclude<ViewKind, "system">;

/** At most this many missions with the same text, or tasks with the same change, are read, newest first. */
const sameMax = 20;
const sameChangeSql = `SELECT mission_id FROM view_landed_changes JOIN view_tasks ON id = owner WHERE same_as = ? AND repository = ? ORDER BY changed_at DESC LIMIT ${sameMax}`;

/** Entities that lists keep folded: those of the longest page, with all that belongs to them. */
const listedMax = 4000;

const quoted = (list: readonly string[]) => list.map((text) => `'${text}'`).join(", ");

/** A state while it is assembled: where its entities are read, and what it has so far. */
interface Reading {
  readonly read: ReturnType<typeof createEntityReader>;
  readonly prepared: (sql: string) => SqliteStatement;
  /** The first column of each row. */
  readonly texts: (sql: string, ...values: string[]) => string[];
  readonly parts: Parts;
  readonly leaveOut: LeaveOut;
}

/** `database` has the views, `events` the log that they match. */
export function createStateReader(database: SqliteDatabase, events: SqliteDatabase = database): StateReader {
  const statements = new Map<string, SqliteStatement>();
  const prepared = (sql: string): SqliteStatement => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const read = createEntityReader(database, events);
  const texts = (sql: string, ...values: string[]) =>
    prepared(sql)
      .pluck()
      .all(...values) as string[];
  const readToShow = createEntityReader(database, events, { remembered: listedMax });
  const begun = (state: State, leaveOut: LeaveOut, from = read): Reading => ({
    read: from,
    prepared,
    texts,
    parts: { ...state },
    leaveOut,
  });
  const extend = (state: State, mentioned: Mentioned, leaveOut: LeaveOut): State => {
    const { parts } = withMentioned(begun(state, leaveOut, leaveOut === null ? read : readToShow), mentioned);
    const isSame = (Object.keys(parts) as (keyof State)[]).every((part) => parts[part] === state[part]);
    return isSame ? state : parts;
  };
  return {
    open: (toShow = {}) =>
      leaveOutUnreadable((leaveOut) => withMentioned(withOpenPart(begun(initialState, leaveOut)), toShow).parts),
    extend: (state, mentioned) => extend(state, mentioned, null),
    extendToShow: (state, mentioned) => leaveOutUnreadable((leaveOut) => extend(state, mentioned, leaveOut)),
  };
}

function leaveOutUnreadable(use: (leaveOut: LeaveOut) => State): ReadState {
  const unreadable = new Set<string>();
  return { state: use((why) => void unreadable.add(why)), unreadable: [...unreadable] };
}

/** Adds the entities whose rows match a condition and that are not in the state yet; returns their ids. */
function addMatching(on: Reading, kind: ListKind, where: string, ...values: string[]): string[] {
  const ids = on.texts(`SELECT id FROM ${tableOf(kind)} ${where}`, ...values);
  const missing = ids.filter((id) => entityById<unknown>(on.parts[kind], id) === undefined);
  if (missing.length > 0) {
    const added = Object.fromEntries(missing.map((id) => [id, on.read(kind, id)]));
    Object.assign(on.parts, { [kind]: { ...on.parts[kind], ...added } });
  }
  return missing;
}

/** Adds everything that `use` adds, or nothing if a part can't be read and is left out. */
function addWhole(on: Reading, use: (own: Reading) => void): void {
  const own = { ...on, parts: { ...on.parts } };
  try {
    use(own);
  } catch (error) {
    if (on.leaveOut === null || !isUnreadableStream(error)) throw error;
    on.leaveOut(error.message);
    return;
  }
  Object.assign(on.parts, own.parts);
}

/** A mission with its tasks, their approvals, and the canaries planted beside its tasks' bundles. */
function addMission(on: Reading, id: string): void {
  if (entityById(on.parts.missions, id) !== undefined) return;
  addWhole(on, (own) => {
    if (addMatching(own, "missions", "WHERE id = ?", id).length === 0) return;
    addMatching(own, "approvals", "WHERE mission_id = ?", id);
    for (const task of addMatching(own, "tasks", "WHERE mission_id = ?", id)) {
      const found = own.parts.tasks[task];
      const digest = found === undefined ? null : accompaniedBundle(found);
      if (digest !== null) addMatching(own, "canaries", "WHERE beside = ?", digest);
    }
  });
}

/** The mission with all parts of its plan, what takes these back, and their predecessors with all parts. */
function addWithPredecessors(on: Reading, id: string): void {
  addMission(on, id);
  const whole = entityById(on.parts.missions, id)?.part_of ?? id;
  addMission(on, whole);
  const parts = entityById(on.parts.missions, whole)?.plan?.parts ?? [];
  for (const part of parts) {
    addMission(on, part.mission_id);
    // A part whose change was taken back counts as failed as long as its plan is open.
    for (const task of entityById(on.parts.missions, part.mission_id)?.task_ids ?? [])
      for (const revert of entityById(on.parts.tasks, task)?.reverted_by ?? []) addMission(on, revert.mission_id);
  }
  for (const one of [id, ...parts.map(({ mission_id }) => mission_id)])
    for (const before of entityById(on.parts.missions, one)?.after ?? []) {
      addMission(on, before);
      // A plan's status follows from its parts.
      for (const part of entityById(on.parts.missions, before)?.plan?.parts ?? []) addMission(on, part.mission_id);
    }
}

function addTask(on: Reading, id: string): void {
  const known = entityById(on.parts.tasks, id)?.mission_id;
  const [mission] = known === undefined ? on.texts("SELECT mission_id FROM view_tasks WHERE id = ?", id) : [known];
  if (mission !== undefined) addWithPredecessors(on, mission);
}

function addAudit(on: Reading, id: string): void {
  if (addMatching(on, "audits", "WHERE id = ?", id).length === 0) return;
  const counts = on.prepared(
    "SELECT planted, count(*) AS count FROM view_canaries WHERE audit_id = ? GROUP BY planted",
  );
  const rows = counts.all(id) as { planted: string; count: number }[];
  if (rows.length === 0) return;
  const planted = { ...nothingPlanted, ...Object.fromEntries(rows.map((row) => [row.planted, row.count])) };
  on.parts.past = { ...on.parts.past, planted: { ...on.parts.past.planted, [id]: planted } };
}

function addJudged(on: Reading, change: string | undefined): void {
  if (change === undefined) return;
  for (const task of on.texts("SELECT owner FROM view_judged_changes WHERE change_digest = ?", change))
    addTask(on, task);
}

/** A mission with what took back what its tasks landed. */
function addWithReverts(on: Reading, mission: string): void {
  addWithPredecessors(on, mission);
  const reverts = Object.values(on.parts.tasks)
    .filter(({ mission_id }) => mission_id === mission)
    .flatMap(({ reverted_by = [] }) => reverted_by);
  for (const { task_id } of reverts) addTask(on, task_id);
}

function addSameText(on: Reading, { repository, digest }: SameText): void {
  const sql = `SELECT id FROM view_missions WHERE text_digest = ? AND repository = ? AND status NOT IN (${quoted(endedWithoutChange)}) ORDER BY submitted_at DESC LIMIT ${sameMax}`;
  for (const id of on.texts(sql, digest, repository)) addWithReverts(on, id);
}

function addSameChange(on: Reading, id: string): void {
  addTask(on, id);
  const { evidence, repository = "" } = entityById(on.parts.tasks, id) ?? {};
  for (const digest of [evidence?.content_digest, evidence?.patch_digest].filter((one) => one !== undefined))
    for (const mission of on.texts(sameChangeSql, digest, repository)) addWithReverts(on, mission);
}

/** Undecided missions, those with a draft under way or an issue to be told, and missions with a task that has not ended, has a pull request to close or a pending push. */
function openMissions({ texts, parts }: Reading): string[] {
  const { notifier } = parts.system;
  const open = [
    ...texts(`SELECT id FROM view_missions WHERE status IN (${quoted(undecidedStages)})`),
    ...texts("SELECT id FROM view_missions WHERE draft_open = 1"),
    ...texts(`SELECT mission_id FROM view_tasks WHERE status IN (${quoted(openTaskStatuses)})`),
    ...texts("SELECT mission_id FROM view_tasks WHERE open_ends = 1"),
    ...(notifier === null ? [] : texts("SELECT mission_id FROM view_tasks WHERE unsent_at >= ?", notifier.since)),
  ];
  return [...new Set(open)];
}

function addServed(on: Reading): void {
  const latest = on.prepared("SELECT max(served_at) FROM view_tasks WHERE repository = ?").pluck();
  const served = Object.keys(on.parts.repositories).flatMap((name) => {
    const at = latest.get(name) as string | null;
    return at === null ? [] : [[name, at]];
  });
  on.parts.past = { ...on.parts.past, served: Object.fromEntries(served) };
}

/** Adds the landings that no person approved. */
function addMerged(on: Reading): void {
  const newest = on.prepared(
    `SELECT owner AS task_id, kind, at, bad FROM view_merged_alone WHERE repository = ? ORDER BY at DESC, owner DESC LIMIT ${mergedAloneMax}`,
  );
  type Row = Omit<State["past"]["merged"][string][number], "bad"> & { bad: number };
  const merged = Object.keys(on.parts.repositories).flatMap((name) => {
    const rows = newest.all(name) as Row[];
    return rows.length === 0 ? [] : [[name, rows.toReversed().map((row) => ({ ...row, bad: row.bad === 1 }))]];
  });
  on.parts.past = { ...on.parts.past, merged: Object.fromEntries(merged) };
}

/** Adds the open part of the state. */
function withOpenPart(on: Reading): Reading {
  const { parts, texts } = on;
  const [system] = texts("SELECT id FROM view_system");
  if (system !== undefined) parts.system = on.read("system", system);
  addMatching(on, "repositories", "");
  const registered = Object.entries(parts.repositories).filter(([, { removed }]) => removed !== true);
  parts.repositories = Object.fromEntries(registered);
  addServed(on);
  addMerged(on);
  for (const id of openMissions(on)) addWithPredecessors(on, id);
  for (const id of texts("SELECT id FROM view_canaries WHERE open = 1"))
    addWhole(on, (own) => void addMatching(own, "canaries", "WHERE id = ?", id));
  const [audit] = texts("SELECT id FROM view_audits ORDER BY requested_at DESC, id DESC LIMIT 1");
  if (audit !== undefined) addWhole(on, (own) => addAudit(own, audit));
  return on;
}

/** Adds these entities. */
function withMentioned(on: Reading, mentioned: Mentioned): Reading {
  const { parts, texts } = on;
  for (const id of mentioned.missions ?? []) addWithPredecessors(on, id);
  for (const id of mentioned.tasks ?? []) addTask(on, id);
  for (const id of mentioned.runs ?? [])
    for (const task of texts("SELECT id FROM view_tasks WHERE run_id = ?", id)) addTask(on, task);
  for (const id of mentioned.approvals ?? []) {
    const known = entityById(parts.approvals, id)?.subject.mission_id;
    const [mission] = known === undefined ? texts("SELECT mission_id FROM view_approvals WHERE id = ?", id) : [known];
    if (mission !== undefined) addWithPredecessors(on, mission);
  }
  for (const id of mentioned.judgedAlike ?? []) {
    addTask(on, id);
    addJudged(on, entityById(parts.tasks, id)?.evidence?.change_digest);
  }
  for (const change of mentioned.changes ?? []) addJudged(on, change);
  for (const text of mentioned.texts ?? []) addSameText(on, text);
  for (const id of mentioned.sameChange ?? []) addSameChange(on, id);
  for (const id of mentioned.canaries ?? []) addMatching(on, "canaries", "WHERE id = ?", id);
  for (const digest of mentioned.bundles ?? []) {
    addMatching(on, "canaries", "WHERE bundle_digest = ?", digest);
    addMatching(on, "canaries", "WHERE beside = ?", digest);
  }
  for (const id of mentioned.audits ?? []) addAudit(on, id);
  return on;
}

/** A task that has ended shows its own status in every document. */
const openTaskStatuses = statusOrder.filter((status) => !endedStatuses.some((ended) => ended === status));
