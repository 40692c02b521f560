/** Composes the status board's document; it renders nothing. Every list is capped, and only the shown part of the past is read. */
import type { Capped, StatusBoardDocument } from "@aedev/contracts/api";
import { missionStatus, openHolds, type State, statusSummary, type TaskState, taskStatus, tasksOf } from "@aedev/core";
import type { SignalFacts } from "@aedev/core/reading";
import type { PageSource } from "./pages.ts";

/** Most rows of a list in the document; the rest is only counted. */
const rowsMax = 50;

type Row<K extends "approved" | "running" | "judging" | "landed" | "newest"> = StatusBoardDocument[K]["shown"][number];

/** The document at `now` (ISO 8601 UTC). `untrusted`: why the log is not trusted. `facts`: what signals need besides the state. */
export function statusBoardDocument(
  source: PageSource,
  now: string,
  untrusted: StatusBoardDocument["untrusted"] = null,
  facts: SignalFacts = {},
): StatusBoardDocument {
  const newest = source.views.page("missions", { limit: rowsMax }).map(({ id }) => id);
  const lastLanded = source.views.lastLanded(rowsMax);
  const state = source.stateToShow({ missions: [...newest, ...lastLanded] });
  const totals = source.views.totals();
  const { missions, repositories, undelivered, waiting, signals, merged_alone, closed_lanes } = statusSummary(
    state,
    now,
    totals.missions,
    facts,
  );
  return {
    untrusted,
    missions,
    repositories,
    undelivered,
    // At most one signal of each kind.
    ...(signals === undefined ? {} : { signals }),
    ...(merged_alone === undefined ? {} : { merged_alone }),
    ...(closed_lanes === undefined ? {} : { closed_lanes }),
    waiting: cappedList(waiting),
    holds: cappedList(openHolds(state)),
    approved: cappedList(tasksThatAre("approved", state)),
    running: cappedList(tasksThatAre("running", state)),
    judging: cappedList(tasksThatAre("judging", state)),
    landed: cappedList(landedTasks(state), totals.landed_tasks),
    newest: cappedList(newestMissions(state), sumOf(Object.values(missions))),
  };
}

function cappedList<T>(list: readonly T[], total = list.length): Capped<T> {
  return { shown: list.slice(0, rowsMax), more: Math.max(0, total - rowsMax) };
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The tasks in this phase, longest first. */
function tasksThatAre<S extends "approved" | "running" | "judging">(status: S, state: State) {
  return Object.values(state.tasks)
    .filter((task) => taskStatus(task) === status)
    .map((task) => ({ ...taskRow(state, task), status, runs: task.runs.length, since: task.changed_at }))
    .toSorted((left, right) => byText(left.since, right.since) || byText(left.task_id, right.task_id));
}

/** Landed tasks, latest first. */
function landedTasks(state: State): Row<"landed">[] {
  return Object.values(state.tasks)
    .flatMap((task) =>
      task.landed_commit === null
        ? []
        : [{ ...taskRow(state, task), commit: task.landed_commit, landed_at: task.changed_at }],
    )
    .toSorted((left, right) => byText(right.landed_at, left.landed_at) || byText(left.task_id, right.task_id));
}

function newestMissions(state: State): Row<"newest">[] {
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

function taskRow(state: State, { task_id, mission_id, repository }: TaskState) {
  return { task_id, mission_id, title: state.missions[mission_id]?.title ?? "", repository };
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
