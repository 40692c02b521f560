/** What the status board shows, as data: `/status-board.json`, and the page's only input. Capped, so that a page of it stays small. */
import {
  type HoldDocument,
  type MissionStatus,
  missionStatus,
  openHolds,
  type State,
  type StatusSummary,
  statusSummary,
  taskStatus,
  tasksOf,
} from "@aedev/core";

/** Rows of one list of the document; what is over is counted. */
const documentRowsMax = 50;

/** The first rows of a list and how many more there are. */
export interface Capped<T> {
  readonly shown: readonly T[];
  readonly more: number;
}
export interface RunningTask {
  readonly task_id: string;
  readonly mission_id: string;
  readonly title: string;
  readonly repository: string;
  readonly phase: string;
  readonly attempt: number;
  readonly since: string;
}
export interface LandedTask {
  readonly task_id: string;
  readonly title: string;
  readonly repository: string;
  readonly commit: string;
  readonly landed_at: string;
}
export interface BoardMission {
  readonly mission_id: string;
  readonly title: string;
  readonly repository: string;
  readonly status: MissionStatus;
  readonly submitted_at: string;
}
export interface StatusBoardDocument {
  readonly missions: StatusSummary["missions"];
  readonly repositories: number;
  /** Push messages that are owed and not delivered yet. */
  readonly undelivered: number;
  readonly waiting: Capped<StatusSummary["waiting"][number]>;
  readonly holds: Capped<HoldDocument>;
  readonly running: Capped<RunningTask>;
  readonly landed: Capped<LandedTask>;
  /** The newest missions, whatever their status. */
  readonly newest: Capped<BoardMission>;
}

/** The document at `now` (ISO 8601 UTC) with at most `rowsMax` rows in each list. */
export function statusBoardDocument(state: State, now: string, rowsMax: number = documentRowsMax): StatusBoardDocument {
  const summary = statusSummary(state, now);
  const capped = <T>(list: readonly T[]): Capped<T> => ({
    shown: list.slice(0, rowsMax),
    more: Math.max(0, list.length - rowsMax),
  });
  return {
    missions: summary.missions,
    repositories: summary.repositories,
    undelivered: summary.undelivered,
    waiting: capped(summary.waiting),
    holds: capped(openHolds(state)),
    running: capped(runningTasks(state)),
    landed: capped(landedTasks(state)),
    newest: capped(newestMissions(state)),
  };
}

/** Tasks that owe work, the longest in their phase first. */
function runningTasks(state: State): RunningTask[] {
  const owing = Object.values(state.tasks).filter((task) =>
    ["approved", "running", "judging"].includes(taskStatus(task)),
  );
  return owing
    .map((task) => ({
      task_id: task.task_id,
      mission_id: task.mission_id,
      title: titleOf(state, task.mission_id),
      repository: task.repository,
      phase: task.status,
      attempt: task.runs.length,
      since: task.changed_at,
    }))
    .toSorted((left, right) => byText(left.since, right.since) || byText(left.task_id, right.task_id));
}

/** The last landed first. */
function landedTasks(state: State): LandedTask[] {
  return Object.values(state.tasks)
    .flatMap((task) =>
      task.landed_commit === null
        ? []
        : [
            {
              task_id: task.task_id,
              title: titleOf(state, task.mission_id),
              repository: task.repository,
              commit: task.landed_commit,
              landed_at: task.changed_at,
            },
          ],
    )
    .toSorted((left, right) => byText(right.landed_at, left.landed_at) || byText(left.task_id, right.task_id));
}

function newestMissions(state: State): BoardMission[] {
  return Object.values(state.missions)
    .map((mission) => ({
      mission_id: mission.mission_id,
      title: mission.title,
      repository: mission.repository,
      status: missionStatus(mission, tasksOf(state, mission)),
      submitted_at: mission.submitted_at,
    }))
    .toSorted(
      (left, right) => byText(right.submitted_at, left.submitted_at) || byText(left.mission_id, right.mission_id),
    );
}

function titleOf(state: State, missionId: string): string {
  return state.missions[missionId]?.title ?? "";
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
