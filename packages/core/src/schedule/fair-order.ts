/** Which tasks have one of the places for runs: those under way keep theirs, and the free ones go by priority, then fair over repositories, then by age. */

import { entityById, type Priority, type State, type TaskState } from "../log/state.ts";
import { missionStatus, tasksOf } from "../mission/mission-document.ts";

const ranks: Record<Priority, number> = { high: 0, normal: 1, low: 2 };

export interface Places {
  /** Runs under way at a time, over all repositories. */
  readonly concurrentRuns: number;
  /** Tasks on whose run something is being done this moment; a restart knows of none. */
  readonly busy?: ReadonlySet<string>;
}

/**
 * Ids of the tasks that may start a run, go on with one, or have one checked: never more than there are places. A run that a hold or a moved
 * base brings back waits for a place behind those that have one. Of planned tasks the higher priority comes first, then the repository with
 * fewer runs under way, then the one served longest ago, then age.
 */
export function tasksWithPlace(state: State, { concurrentRuns, busy = new Set() }: Places): Set<string> {
  const tasks = Object.values(state.tasks);
  const underWay = tasks
    .filter((task) => isUnderWay(task) || (task.status === "planned" && busy.has(task.task_id)))
    .toSorted((left, right) => compareKeys(placeKey(left, busy), placeKey(right, busy)));
  const chosen = new Set(underWay.slice(0, concurrentRuns).map(({ task_id }) => task_id));
  let waiting = tasks.filter((task) => task.status === "planned" && !chosen.has(task.task_id) && mayStart(state, task));
  const counts = new Map<string, number>();
  for (const { repository } of underWay) counts.set(repository, (counts.get(repository) ?? 0) + 1);
  const served = lastServed(tasks);
  while (chosen.size < concurrentRuns && waiting.length > 0) {
    const next = firstOf(waiting, (task) => startKey(state, task, { counts, served }));
    chosen.add(next.task_id);
    counts.set(next.repository, (counts.get(next.repository) ?? 0) + 1);
    waiting = waiting.filter((task) => task !== next);
  }
  return chosen;
}

/** A run is under way from its start until its checks are in. */
export function isUnderWay(task: TaskState): boolean {
  return task.status === "running" || task.status === "captured";
}

/** Not while the repository is paused, nor before every mission that it comes after has landed. */
export function mayStart(state: State, task: TaskState): boolean {
  return !isPaused(state, task.repository) && waitsFor(state, task.mission_id).length === 0;
}

export function isPaused(state: State, repository: string): boolean {
  return entityById(state.repositories, repository)?.paused === true;
}

/** The missions that a mission still waits for. */
export function waitsFor(state: State, missionId: string): string[] {
  return (entityById(state.missions, missionId)?.after ?? []).filter((id) => {
    const before = entityById(state.missions, id);
    return before === undefined || missionStatus(before, tasksOf(state, before)) !== "landed";
  });
}

function lastServed(tasks: readonly TaskState[]): Map<string, string> {
  const served = new Map<string, string>();
  for (const { repository, runs } of tasks) {
    const started = runs.at(-1)?.started_at ?? "";
    if (started > (served.get(repository) ?? "")) served.set(repository, started);
  }
  return served;
}

type Key = readonly (string | number)[];

/** Who came back last has the last claim: its place may have been given away meanwhile. */
function placeKey(task: TaskState, busy: ReadonlySet<string>): Key {
  return [busy.has(task.task_id) ? 0 : 1, task.changed_at, task.task_id];
}

function startKey(
  state: State,
  task: TaskState,
  { counts, served }: { counts: ReadonlyMap<string, number>; served: ReadonlyMap<string, string> },
): Key {
  const priority = entityById(state.missions, task.mission_id)?.priority ?? "normal";
  const { repository, planned_at, task_id } = task;
  return [ranks[priority], counts.get(repository) ?? 0, served.get(repository) ?? "", planned_at, task_id];
}

function firstOf(tasks: readonly TaskState[], keyOf: (task: TaskState) => Key): TaskState {
  return tasks.reduce((first, task) => (compareKeys(keyOf(task), keyOf(first)) < 0 ? task : first));
}

/** Keys of one shape: element by element. */
function compareKeys(left: Key, right: Key): number {
  for (const [index, value] of left.entries()) {
    const other = right[index];
    if (other === undefined || value === other) continue;
    return value < other ? -1 : 1;
  }
  return 0;
}
