/** Finds the tasks that have landed, or are landing, the same change as a task, and those undone since. */
import { sameChanges, type TaskState } from "@aedev/core";
import type { Mirrors, Records } from "../control/parts.ts";
import { mirrorDirectory } from "../git/bare-repository.ts";
import { isAncestor } from "../git/push.ts";

export interface SameChanges {
  readonly same: readonly TaskState[];
  /** Ids of those whose commit is in the history of the task's base: the change could be made there again, so somebody has undone it. */
  readonly undone: readonly string[];
}

/** Throws as git does. */
export async function findSameChanges(task: TaskState, control: Mirrors & Records): Promise<SameChanges> {
  const found = sameChanges(control.log.stateWith({ sameChange: [task.task_id] }), task);
  const newer = task.evidence?.base_commit;
  const undone: string[] = [];
  if (found.length === 0 || newer === undefined) return { same: found, undone };
  const mirror = control.mirror(task.repository);
  const place = { gitDir: mirrorDirectory(mirror), timeoutMs: mirror.timeoutMs };
  for (const { task_id, landed_commit: older } of found)
    if (older !== null && (await isAncestor({ ...place, older, newer }))) undone.push(task_id);
  return { same: found.filter(({ task_id }) => !undone.includes(task_id)), undone };
}
