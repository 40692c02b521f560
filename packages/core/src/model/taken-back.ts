/** Says whether a landed change is gone again. */
import { entityById, type State, type TaskState } from "./state.ts";

/** Whether the task's landed change is gone: a revert of it has landed, or somebody took it back. */
export function isTakenBack({ reverted_by = [], outcomes = [] }: TaskState, { tasks }: Pick<State, "tasks">): boolean {
  return (
    reverted_by.some(({ task_id }) => (entityById(tasks, task_id)?.landed_commit ?? null) !== null) ||
    outcomes.some(({ outcome }) => outcome === "reverted" || outcome === "gone")
  );
}
