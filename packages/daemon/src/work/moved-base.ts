/** Handles a base that moved before the change landed: checks run again on the new base, or another run redoes the change there. */
import type { CommandBody, TaskState } from "@aedev/core";
import { newId } from "../control/control.ts";
import type { Blobs, Mirrors } from "../control/parts.ts";
import { readPolicy } from "../control/read-blobs.ts";
import { appliesUnchanged, touchedBetween } from "../git/landing.ts";
import { fetchBase } from "../git/mirror.ts";
import { holdCommand } from "./hold-command.ts";

/** If the change applies cleanly to the new base, its checks run again there; otherwise another run redoes it. It never lands unchecked. */
export async function carryToMovedBase(task: TaskState, url: string, control: Blobs & Mirrors): Promise<CommandBody> {
  if (task.evidence === null || task.patch === null) throw new Error(`task ${task.task_id} lands without evidence`);
  const mirror = control.mirror(task.repository);
  const { commit, ref } = await fetchBase({ ...mirror, url });
  // The change was judged for this branch under its settings. For another branch or other settings it must be judged again.
  if (ref !== task.ref)
    return holdCommand(task, "HOLD-BASE-MOVED", `the remote's branch is ${ref}, no longer ${task.ref}`);
  const moved = await touchedBetween({ ...mirror, baseA: task.evidence.base_commit, baseB: commit });
  if (moved.includes(".aedev.yaml"))
    return conflictCommand(task, { to: commit, why: "the new base has a different .aedev.yaml" }, control);
  const carried = await appliesUnchanged({
    ...mirror,
    oldBase: task.evidence.base_commit,
    newBase: commit,
    patch: control.blobs.get(task.patch.digest),
  });
  return carried.unchanged
    ? { kind: "RecordBaseMoved", task_id: task.task_id, to: commit, hold_id: newId("h") }
    : conflictCommand(task, { to: commit, why: carried.why }, control);
}

/** If repair attempts are left, a new run starts on the new base; otherwise the task is held. */
function conflictCommand(task: TaskState, moved: { to: string; why: string }, control: Blobs): CommandBody {
  const { repair } = readPolicy(control, task);
  return { kind: "RecordBaseConflict", task_id: task.task_id, ...moved, repair, hold_id: newId("h") };
}
