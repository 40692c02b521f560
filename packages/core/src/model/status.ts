/** Derives the one status of a mission or task that clients show, from its stage and its tasks. */
import type { MissionStatus } from "@aedev/contracts";
import type { MissionState, State, TaskState } from "./state.ts";

/** Whether a task waits for an answer from a person. */
export function hasQuestion(task: TaskState): task is TaskState & { hold: NonNullable<TaskState["hold"]> } {
  return task.status === "held" && task.hold?.code === "HOLD-QUESTION";
}

/** The mission's tasks, in order. */
export function tasksOf(state: State, mission: MissionState): TaskState[] {
  return mission.task_ids.map((id) => state.tasks[id]).filter((task) => task !== undefined);
}

/** A task's status as clients show it. */
export function taskStatus(task: TaskState): MissionStatus {
  switch (task.status) {
    case "planned":
      // A next run that a person asked for waits like a first one; one that follows by itself is part of the work.
      return task.next_cause === null ? "approved" : "running";
    case "running":
    case "captured":
    case "checked":
      return "running";
    case "judging":
    case "judged":
    case "landing":
      return "judging";
    case "held":
      // A question is not a failure: like a question of clarification, it waits for the person.
      return hasQuestion(task) ? "clarifying" : "held";
    case "asked":
    case "landed":
    case "rejected":
    case "cancelled":
      return task.status;
  }
}

/** Statuses that need a person first, then those under way, then the final statuses. */
export const statusOrder: readonly MissionStatus[] = [
  "clarifying",
  "held",
  "asked",
  "judging",
  "running",
  "approved",
  "rejected",
  "cancelled",
  "landed",
];

/** The status of the mission's most urgent task; before its approval, its own stage. */
export function missionStatus(mission: MissionState, tasks: readonly TaskState[]): MissionStatus {
  if (mission.stage !== "approved") return mission.stage;
  const statuses = tasks.map(taskStatus);
  return statusOrder.find((status) => statuses.includes(status)) ?? "approved";
}
