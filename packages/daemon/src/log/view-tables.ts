/**
 * Defines the tables of the views: one per kind of entity, with derived columns and indexes, so that ended entities are found without being in the state. An
 * entity's stream says what it is. The rows follow from the entities alone; nothing else may write them.
 */
import {
  type CanaryState,
  type EntityKind,
  type EntityOfKind,
  isAnswer,
  isIssueOpen,
  isOpenCanary,
  type MissionState,
  mergedAlone,
  openDraft,
  pullRequestUpkeep,
  statusOrder,
  type TaskState,
  taskStatus,
  unsentAt,
} from "@aedev/core/reading";

export type ViewKind = EntityKind;
export type Value = string | number | null;

interface ViewTable<K extends ViewKind> {
  /** The table also stores the whole entity, as canonical JSON in the column `data`, because such entities are few, read often, and their streams never end. */
  readonly isWhole?: true;
  /** The columns besides `id` (and `data` of whole entities), each with its type. */
  readonly columns: Readonly<Record<string, "TEXT" | "INTEGER">>;
  /** In the order of `columns`. */
  readonly values: (entity: EntityOfKind[K]) => readonly Value[];
  readonly indexes: readonly string[];
}

const whole = { isWhole: true, columns: {}, values: () => [], indexes: [] } as const;

const viewTables: { readonly [K in ViewKind]: ViewTable<K> } = {
  system: whole,
  repositories: whole,
  missions: {
    columns: {
      repository: "TEXT",
      title: "TEXT",
      stage: "TEXT",
      submitted_at: "TEXT",
      draft_open: "INTEGER",
      text_digest: "TEXT",
      labels: "TEXT",
      part_of: "TEXT",
    },
    values: missionValues,
    indexes: [...pageIndexes("submitted_at"), "draft_open", "text_digest"],
  },
  tasks: {
    columns: {
      mission_id: "TEXT",
      plan: "TEXT",
      repository: "TEXT",
      status: "TEXT",
      planned_at: "TEXT",
      changed_at: "TEXT",
      run_id: "TEXT",
      served_at: "TEXT",
      unsent_at: "TEXT",
      plantable_at: "TEXT",
      open_ends: "INTEGER",
    },
    values: taskValues,
    indexes: [
      ...pageIndexes("planned_at"),
      "mission_id",
      "plan",
      "status, changed_at, id",
      "changed_at",
      "repository, served_at",
      "run_id",
      "unsent_at",
      "plantable_at",
      "open_ends",
    ],
  },
  approvals: {
    columns: { mission_id: "TEXT" },
    values: ({ subject }) => [subject.mission_id],
    indexes: ["mission_id"],
  },
  canaries: {
    columns: { audit_id: "TEXT", planted: "TEXT", bundle_digest: "TEXT", beside: "TEXT", open: "INTEGER" },
    values: (canary) => [
      canary.audit_id,
      canary.planted,
      canary.bundle.digest,
      canary.beside,
      Number(isOpenCanary(canary)),
    ],
    indexes: ["audit_id, planted", "bundle_digest", "beside", "open"],
  },
  audits: {
    columns: { requested_at: "TEXT" },
    values: ({ requested_at }) => [requested_at],
    indexes: ["requested_at, id"],
  },
};
export const viewKinds = Object.keys(viewTables) as readonly ViewKind[];
export const tableOf = (kind: ViewKind) => `view_${kind}`;
/** Whether the kind's table stores whole entities. */
export const hasWholeEntities = (kind: ViewKind) => viewTables[kind].isWhole === true;
/** The prefix of a kind's streams; the entity's id follows it. */
export function streamPrefixOf(kind: Exclude<ViewKind, "system">): string {
  return streamPrefixes[kind];
}
export const entityStream = (kind: ViewKind, id: string) => (kind === "system" ? id : `${streamPrefixes[kind]}${id}`);
const streamPrefixes: Readonly<Record<Exclude<ViewKind, "system">, string>> = {
  repositories: "repository/",
  missions: "mission/",
  tasks: "task/",
  approvals: "approval/",
  canaries: "canary/",
  audits: "audit/",
};
export const columnNames = (kind: ViewKind): readonly string[] => Object.keys(viewTables[kind].columns);

/** The columns of an entity's row besides `id` and `data`. */
export function columnsOf(kind: ViewKind, entity: EntityOfKind[ViewKind]): readonly Value[] {
  return viewTables[kind].values(entity as never);
}

/** Indexes for pages that are ordered by an instant and the id, filtered by status, repository or both. */
function pageIndexes(instant: string): string[] {
  const order = `${instant}, id`;
  return [order, `status, ${order}`, `repository, ${order}`, `repository, status, ${order}`];
}

/** `draft_open`: a draft, or a pending comment on its issue, keeps the mission in the state. */
function missionValues(mission: MissionState): readonly Value[] {
  const {
    repository,
    title,
    stage,
    submitted_at,
    drafts = [],
    text_digest = null,
    labels = [],
    part_of = null,
  } = mission;
  const isKept = openDraft(mission) !== undefined || isIssueOpen(mission);
  const open = drafts.length === 0 && mission.origin === undefined ? null : Number(isKept);
  return [repository, title, stage, submitted_at, open, text_digest, labelText(labels), part_of];
}

/** Labels as a column has them: each between two line breaks, which no label contains. Null: there are none. */
export function labelText(labels: readonly string[]): string | null {
  return labels.length === 0 ? null : `\n${labels.join("\n")}\n`;
}

function taskValues(task: TaskState): readonly Value[] {
  const { mission_id, plan = null, repository, planned_at, changed_at, runs, status, evidence } = task;
  const isPlantable = evidence?.judgeable === true && evidence.checks_status === "green" && status !== "judging";
  const servedAt = runs.reduce<string | null>((latest, { started_at }) => latestOf(latest, started_at), null);
  const ofTask = [mission_id, plan, repository, taskStatus(task), planned_at, changed_at];
  const ofRuns = [runs.at(-1)?.run_id ?? null, servedAt];
  // A pull request that still has to be closed keeps an ended task in the state.
  const openEnds = pullRequestUpkeep(task) === "close" ? 1 : null;
  return [...ofTask, ...ofRuns, status === "landed" ? unsentAt(task) : null, isPlantable ? changed_at : null, openEnds];
}

function latestOf(one: string | null, other: string): string {
  return one === null || one < other ? other : one;
}

/** A list of an entity, in its own table, with the entity's id in the column `owner`. */
export interface ListTable<K extends ViewKind = ViewKind> {
  readonly table: string;
  readonly kind: K;
  readonly columns: readonly string[];
  readonly indexes: readonly string[];
  readonly rows: (entity: EntityOfKind[K]) => readonly (readonly Value[])[];
}

const judgedChanges: ListTable<"tasks"> = {
  table: "view_judged_changes",
  kind: "tasks",
  columns: ["change_digest TEXT"],
  indexes: ["change_digest"],
  rows: ({ judged }) => [...new Set(judged.map(({ change_digest }) => change_digest))].sort().map((one) => [one]),
};
const defectAnswers: ListTable<"canaries"> = {
  table: "view_defect_answers",
  kind: "canaries",
  columns: ["family TEXT", "model TEXT", "prompt_digest TEXT", "caught INTEGER"],
  indexes: ["family, model, prompt_digest, caught"],
  rows: ({ planted, verdicts }: CanaryState) => {
    const answers = planted === "known-bad" ? verdicts.filter(isAnswer) : [];
    return answers.map(({ family, model, prompt_digest, verdict }) => [
      family,
      model,
      prompt_digest,
      Number(verdict !== "pass"),
    ]);
  },
};
/** The identities by which a later change is recognized as the same. */
const landedChanges: ListTable<"tasks"> = {
  table: "view_landed_changes",
  kind: "tasks",
  columns: ["same_as TEXT"],
  indexes: ["same_as"],
  rows: ({ landed_commit, evidence }) => {
    if (landed_commit === null || evidence === null) return [];
    const { content_digest, patch_digest } = evidence;
    return [content_digest, patch_digest].filter((one) => one !== undefined).map((one) => [one]);
  },
};
/** Landings that no person approved, with what became of them. */
const mergedChanges: ListTable<"tasks"> = {
  table: "view_merged_alone",
  kind: "tasks",
  columns: ["repository TEXT", "at TEXT", "kind TEXT", "bad INTEGER"],
  indexes: ["repository, at, owner"],
  rows: (task) => {
    const one = mergedAlone(task);
    return one === null ? [] : [[task.repository, one.at, one.kind, Number(one.bad)]];
  },
};
export const listTables = [judgedChanges, defectAnswers, landedChanges, mergedChanges] as const;

/** The rows of one entity in a list's table. */
export function listRows(list: (typeof listTables)[number], entity: EntityOfKind[ViewKind]) {
  return list.rows(entity as never);
}

/** A mission's status in SQL, from its own stage and the statuses of its tasks, or of the tasks of its plan. It refers to the row of `view_missions`. */
export const missionStatusSql = `CASE WHEN stage <> 'approved' THEN stage ELSE coalesce((SELECT task.status FROM view_tasks task
  WHERE task.mission_id = view_missions.id OR task.plan = view_missions.id ORDER BY instr('${statusOrder.map((status) => `,${status}`).join("")},', ',' || task.status || ',') LIMIT 1),
  'approved') END`;

/** Tables whose rows are counted by status, so that no query has to scan them. */
export const countedTables = ["view_missions", "view_tasks"] as const;
/** A plan counts as one mission, whatever its parts. */
export const countedRows = { view_missions: "part_of IS NULL", view_tasks: "true" } as const;

/** Statements that create the empty tables. */
export function tableStatements(): string[] {
  const entities = viewKinds.map((kind) => {
    const columns = Object.entries(viewTables[kind].columns).map(([name, type]) => `${name} ${type}`);
    const status = kind === "missions" ? ["status TEXT"] : [];
    const data = hasWholeEntities(kind) ? ["data TEXT NOT NULL"] : [];
    const all = ["id TEXT PRIMARY KEY NOT NULL", ...columns, ...status, ...data];
    return `CREATE TABLE ${tableOf(kind)} (${all.join(", ")}) STRICT`;
  });
  const lists = listTables.map(
    ({ table, columns }) => `CREATE TABLE ${table} (owner TEXT NOT NULL, ${columns.join(", ")}) STRICT`,
  );
  return [
    ...entities,
    ...lists,
    "CREATE TABLE view_counts (counted TEXT NOT NULL, status TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (counted, status)) STRICT, WITHOUT ROWID",
    "CREATE TABLE view_meta (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL, hash TEXT NOT NULL) STRICT",
  ];
}

/** Indexes of a kind's tables, created once they are filled. */
export function indexStatementsOf(kind: ViewKind): string[] {
  const lists = listTables.filter((list) => list.kind === kind);
  return [
    ...indexStatements(tableOf(kind), viewTables[kind].indexes),
    ...lists.flatMap(({ table, indexes }) => indexStatements(table, ["owner", ...indexes])),
  ];
}

/** Counts the rows of filled tables, and creates the triggers that keep the counts. */
export function countStatements(): string[] {
  return [
    ...countedTables.map(
      (table) =>
        `INSERT INTO view_counts SELECT '${table}', status, count(*) FROM ${table} WHERE ${countedRows[table]} GROUP BY status`,
    ),
    ...countedTables.flatMap(countTriggers),
  ];
}

function indexStatements(table: string, indexes: readonly string[]): string[] {
  return indexes.map((columns, place) => `CREATE INDEX ${table}_${place + 1} ON ${table} (${columns})`);
}

function countTriggers(table: (typeof countedTables)[number]): string[] {
  const isCounted = (row: "NEW" | "OLD") => (table === "view_missions" ? `${row}.part_of IS NULL` : "true");
  const add = `INSERT INTO view_counts VALUES ('${table}', NEW.status, 1) ON CONFLICT DO UPDATE SET count = count + 1`;
  const take = `UPDATE view_counts SET count = count - 1 WHERE counted = '${table}' AND status = OLD.status`;
  return [
    `CREATE TRIGGER ${table}_added AFTER INSERT ON ${table} WHEN ${isCounted("NEW")} BEGIN ${add}; END`,
    `CREATE TRIGGER ${table}_removed AFTER DELETE ON ${table} WHEN ${isCounted("OLD")} BEGIN ${take}; END`,
    `CREATE TRIGGER ${table}_changed AFTER UPDATE OF status ON ${table} WHEN OLD.status IS NOT NEW.status AND ${isCounted("NEW")} BEGIN ${take}; ${add}; END`,
  ];
}

export const allTables: readonly string[] = [
  ...viewKinds.map(tableOf),
  ...listTables.map(({ table }) => table),
  "view_counts",
  "view_meta",
];
