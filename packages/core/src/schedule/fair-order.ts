/** Which planned tasks may start a run now: by priority, then fair over repositories, then by age, and never more at once than allowed. */

import { entityById, type Priority, type State, type TaskState } from "../log/state.ts";
import { missionStatus, tasksOf } from "../mission/mission-document.ts";

const ranks: Record<Priority, number> = { high: 0, normal: 1, low: 2 };

/** Ids of planned tasks that get one of the free places. A repository with fewer runs under way, then the one served longest ago, comes first. */
export function startableTasks(state: State, runsMax: number): Set<string> {
  const tasks = Object.values(state.tasks);
  const active = tasks.filter(isActive);
  const underWay = new Map<string, number>();
  for (const { repository } of active) underWay.set(repository, (underWay.get(repository) ?? 0) + 1);
  const served = lastServed(tasks);
  const waiting = tasks.filter((task) => task.status === "planned" && mayStart(state, task));
  const chosen = new Set<string>();
  while (chosen.size < runsMax - active.length && chosen.size < waiting.length) {
    const [next] = waiting
      .filter(({ task_id }) => !chosen.has(task_id))
      .map((task) => ({ task, key: sortKey(state, task, { underWay, served }) }))
      .toSorted((left, right) => compareKeys(left.key, right.key));
    if (next === undefined) break;
    chosen.add(next.task.task_id);
    underWay.set(next.task.repository, (underWay.get(next.task.repository) ?? 0) + 1);
  }
  return chosen;
}

/** A run is under way from its start until its checks are in. */
function isActive(task: TaskState): boolean {
  return task.status === "running" || task.status === "captured";
}

/** Not while the repository is paused, nor before every mission that it comes after has landed. */
function mayStart(state: State, task: TaskState): boolean {
  if (entityById(state.repositories, task.repository)?.paused === true) return false;
  return waitsFor(state, task.mission_id).length === 0;
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

type SortKey = readonly (string | number)[];

function sortKey(
  state: State,
  task: TaskState,
  { underWay, served }: { underWay: ReadonlyMap<string, number>; served: ReadonlyMap<string, string> },
): SortKey {
  const priority = entityById(state.missions, task.mission_id)?.priority ?? "normal";
  return [
    ranks[priority],
    underWay.get(task.repository) ?? 0,
    served.get(task.repository) ?? "",
    task.planned_at,
    task.task_id,
  ];
}

function compareKeys(left: SortKey, right: SortKey): number {
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? "";
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
