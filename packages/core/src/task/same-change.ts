/** Finds the tasks of a repository that have landed, or are landing, the same change that another task is about to land. */
import { entitiesOf, type State, type TaskState } from "../model/state.ts";
import { isTakenBack } from "../model/taken-back.ts";

/**
 * The tasks whose change gives the same content or has the same patch: those that have landed and were not taken back, and those whose landing has
 * started. The state contains all landed tasks with one of these digests.
 */
export function sameChanges(state: State, task: TaskState): TaskState[] {
  if (task.evidence === null || task.reverts !== undefined) return [];
  return entitiesOf(state.tasks)
    .filter(
      (other) =>
        other.task_id !== task.task_id &&
        other.repository === task.repository &&
        isSame(task, other) &&
        (other.landed_commit === null ? isLanding(other) : !isTakenBack(other, state)),
    )
    .toSorted((one, other) => (one.task_id < other.task_id ? -1 : 1));
}

function isSame({ evidence: one }: TaskState, { evidence: other }: TaskState): boolean {
  if (one === null || other === null) return false;
  return (
    one.content_digest === other.content_digest ||
    (one.patch_digest !== undefined && one.patch_digest === other.patch_digest)
  );
}

function isLanding({ status, landing }: TaskState): boolean {
  return status === "landing" && landing !== null && landing.draft !== true;
}

/** Whether the task's decision was made without knowing these tasks, so that it must be made again before a push. */
export function isNewsToGate({ gate }: TaskState, same: readonly TaskState[]): boolean {
  const named = (gate?.reasons ?? []).flatMap((reason) =>
    typeof reason === "object" && reason.kind === "same-change" ? [reason.task] : [],
  );
  return same.some(({ task_id }) => !named.includes(task_id));
}
