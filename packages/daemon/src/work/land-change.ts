/**
 * Lands one judged change: records the intent, checks the remote, acts, checks again, confirms. After a restart it checks the remote first, so that nothing
 * lands twice.
 * Folder: performing control's work on a task: prepare a run, seal evidence, decide, land, revert, watch.
 */

import { branchName, branchPrefixOf, Fault, isTaskBranch, nullOn, reasonText, shellWord } from "@aedev/contracts";
import { type CommandBody, isNewsToGate, type State, type TaskState } from "@aedev/core";
import { gitFaults } from "@aedev/host/git/run-git";
import { requiredTask } from "../control/control.ts";
import type { Deferred } from "../control/deferred.ts";
import type { Blobs, Configured, Mirrors, Records, WriteRules } from "../control/parts.ts";
import { permittedWrites, plannedLanding } from "../control/permitted-writes.ts";
import { mirrorDirectory } from "../git/bare-repository.ts";
import { fetchBase, hasFetched } from "../git/mirror.ts";
import { branchInTheWay, isAncestor, isLanded, pushCommit, readRemoteBranchAndHead } from "../git/push.ts";
import { compareLanded } from "./compare-landed.ts";
import { decideGate } from "./decide-gate.ts";
import { holdCommand } from "./hold-command.ts";
import { landByPullRequest } from "./land-pull-request.ts";
import {
  isToBeReworded,
  type LandedParts,
  type Landing,
  type LandParts,
  rebuildSameCommit,
  recordIntent,
} from "./landing-commit.ts";
import { carryToMovedBase } from "./moved-base.ts";
import { findSameChanges } from "./same-changes.ts";
import { withWatch } from "./watch-landings.ts";

/** `RecordLanded`, `RecordBaseMoved`, `RecordBaseConflict`, a pull request's news, a hold, or `DecideGate` if the same change has landed meanwhile. */
export async function landChange(taskId: string, control: LandParts): Promise<CommandBody | Deferred | null> {
  const task = requiredTask(control.log.stateWith({ tasks: [taskId] }), taskId);
  if (task.status !== "landing") return null;
  const writes = permittedWrites(task, control);
  if (writes === "off" || (writes === "on-approval" && task.approval === null))
    return holdCommand(task, "HOLD-REMOTE-WRITES-OFF", reasonText({ kind: "would", answer: "merge" }));
  const { landing } = task;
  const isBegun = landing !== null && landing.draft !== true;
  const { same, undone } = isBegun ? { same: [], undone: [] } : await findSameChanges(task, control);
  // A run that writes tests can't change this decision, so none may start.
  if (isNewsToGate(task, same)) return decideGate(taskId, { waits_for_window: true }, control);
  if (landing !== null && !(await isRewordedNow(task, landing, control))) {
    await rebuildSameCommit(task, landing, control);
    return landStarted(task, { control, isFirst: false });
  }
  if ((await recordIntent(task, control, { undone })) === null) return null;
  return landStarted(requiredTask(control.log.stateWith({ tasks: [taskId] }), taskId), { control, isFirst: true });
}

/** Whether the refused commit is made again with another message or author: only if the remote does not have it on the branch it was pushed to. */
async function isRewordedNow(
  task: TaskState,
  landing: Landing,
  control: Blobs & Mirrors & Records & WriteRules & Configured<"landing">,
): Promise<boolean> {
  if (!isToBeReworded(task, landing, control)) return false;
  const { url } = repositoryOf(control.log.state, task);
  const { commit, base_commit: parent, ref, head_ref } = landing;
  const target = { ...control.mirror(task.repository), url, commit, ref: head_ref ?? ref };
  return !(await isLanded(head_ref === undefined ? { ...target, parent } : target));
}

/** Lands the commit that is in the landing repository. `isFirst`: the commit was made just now, so it can't have been pushed yet. */
async function landStarted(
  task: TaskState,
  { control, isFirst }: { control: LandParts; isFirst: boolean },
): Promise<CommandBody | Deferred | null> {
  const { landing } = task;
  if (landing === null) return null;
  const { url } = repositoryOf(control.log.state, task);
  const { head_ref } = landing;
  const result = await (head_ref == null
    ? landByPush(task, { landing, url, isFirst }, control)
    : landByPullRequest(task, { landing, url, branch: branchName(head_ref) }, control));
  return withWatch(result, control);
}

async function landByPush(
  task: TaskState,
  { landing, url, isFirst }: { landing: Landing; url: string; isFirst: boolean },
  control: LandedParts,
): Promise<CommandBody> {
  const mirror = control.mirror(task.repository);
  const { commit: built, base_commit: parent } = landing;
  const target = { ...mirror, url, ref: landing.ref, commit: built, parent };
  // Looked up before the remote is read, because a push whose answer was lost may arrive at any time.
  const wasThere = !isFirst && (await hasFetched({ ...mirror, commit: built }));
  const seen = await readRemoteBranchAndHead(target);
  if (await isLanded(target, seen)) return landedCommand(task, landing);
  // This landing may have arrived while aedev was allowed to push. It is not pushed again without that permission.
  if (permittedWrites(task, control) !== "allowed" && landing.ref !== plannedLanding(task, control).ref)
    return holdCommand(task, "HOLD-REMOTE-WRITES-OFF", `aedev may no longer push to ${landing.ref}`);
  if (wasThere)
    return holdCommand(
      task,
      "HOLD-BASE-MOVED",
      `commit ${built} was on ${landing.ref} and is not any more: somebody has removed it there, so it is not pushed again`,
    );
  // If the head is the base, the mirror has it already.
  const { commit } = seen.head === parent ? { commit: parent } : await fetchBase({ ...mirror, url });
  await compareLanded(task.repository, commit, control);
  const toBranch = isTaskBranch(landing.ref, task.task_id);
  const gitDir = mirrorDirectory(mirror);
  const { timeoutMs } = mirror;
  // Pushing the task's own branch would bring back commits that the remote has dropped.
  if (toBranch && !(await isAncestor({ gitDir, timeoutMs, older: parent, newer: commit })))
    return holdCommand(task, "HOLD-BASE-MOVED", `the remote no longer has the base ${landing.base_commit}`);
  const result = await pushCommit({ ...target, expectedOld: toBranch ? null : parent });
  if (result === "landed") return landedCommand(task, landing);
  if (result === "unknown")
    throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", "the push got no answer and the remote can't be reached", {
      retry: true,
    });
  if ("refused" in result) return refusedPush(task, { ...target, refused: result.refused }, control);
  if (toBranch)
    return holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `${landing.ref} exists at the remote with another commit; delete it there`,
    );
  if (result.moved === null) return holdCommand(task, "HOLD-BASE-MOVED", `${landing.ref} is gone`);
  return carryToMovedBase(task, url, control);
}

/** The cause that aedev found at the remote, then the remote's own words. */
async function refusedPush(
  task: TaskState,
  target: { url: string; ref: string; refused: string },
  control: Mirrors & Records,
): Promise<CommandBody> {
  const { url, ref, refused } = target;
  const said = `the remote refused ${ref}: ${refused}`;
  const { branch_prefix } = repositoryOf(control.log.state, task);
  const prefix = branchPrefixOf({ branch_prefix });
  if (!isTaskBranch(ref, task.task_id)) return holdCommand(task, "HOLD-REMOTE-REFUSED", said);
  const inTheWay = await branchInTheWay({ ...control.mirror(task.repository), url, prefix }).catch(
    nullOn(...gitFaults, "HOLD-FETCH-FAILED"),
  );
  if (inTheWay === null) return holdCommand(task, "HOLD-REMOTE-REFUSED", said);
  const help = `aedev repo add ${shellWord(url)} --name ${task.repository} --branch-prefix NAME`;
  return holdCommand(
    task,
    "HOLD-REMOTE-REFUSED",
    `the remote has a branch ${inTheWay}, so none below ${prefix}/ can be made; choose other names: ${help}`,
  );
}

function landedCommand(task: TaskState, landing: Landing): CommandBody {
  return { kind: "RecordLanded", task_id: task.task_id, commit: landing.commit, ref: landing.ref };
}

function repositoryOf(state: State, task: TaskState): State["repositories"][string] {
  const repository = state.repositories[task.repository];
  if (repository === undefined) throw new Error(`task ${task.task_id} is for a repository that is not in the state`);
  return repository;
}
