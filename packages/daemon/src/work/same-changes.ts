/** Finds tasks whose change is the same as this task's and has landed, is landing, or was undone since. */
import { sameChanges, type TaskState } from "@aedev/core";
import type { Mirrors, Records } from "../control/parts.ts";
import { mirrorDirectory } from "../git/bare-repository.ts";
import { isAncestor } from "../git/push.ts";

export interface SameChanges {
  readonly same: readonly TaskState[];
  /** Tasks whose commit is in this task's base. Since the change could be made again, somebody must have undone it. */
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
