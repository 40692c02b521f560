/** Handles a merged pull request: compares the merge with the judged change and removes the branch. */

import { Fault } from "@aedev/contracts";
import type { CommandBody, TaskState } from "@aedev/core";
import { revertCommand } from "../clarification/revert-command.ts";
import type { Blobs, Mirrors } from "../control/parts.ts";
import { permittedWrites } from "../control/permitted-writes.ts";
import { mirrorDirectory, type RepositoryOptions } from "../git/bare-repository.ts";
import { isJudgedChange } from "../git/landed-range.ts";
import { fetchBranch, treeOf } from "../git/mirror.ts";
import { isAncestor, removeRemoteBranch } from "../git/push.ts";
import type { PullRequest } from "../github/pull-requests.ts";
import { complain } from "../logging/complain.ts";
import { compareLanded } from "./compare-landed.ts";
import { holdCommand } from "./hold-command.ts";
import type { LandedParts } from "./landing-commit.ts";
import type { PullRequestPlace } from "./merge-pull-request.ts";

/** `RecordLanded` as `mergedCommand` gives it, or a hold if it was merged into another branch. */
export async function recordMerged(
  task: TaskState,
  place: PullRequestPlace & { readonly pull: PullRequest },
  control: LandedParts,
): Promise<CommandBody> {
  const { pull, landing } = place;
  const landed = await mergedCommand(task, { ...place, ref: landing.ref }, control);
  return (
    landed ??
    holdCommand(
      task,
      "HOLD-REMOTE-REFUSED",
      `pull request #${pull.number} was merged into ${pull.base.ref}, not into ${landing.ref}; aedev task cancel ${task.task_id}`,
    )
  );
}

/** Null if it was merged into a branch other than `ref`. Throws a Fault `HOLD-EXTERNAL-STATE-UNKNOWN` if the branch lacks the commit that GitHub made. */
export async function mergedCommand(
  task: TaskState,
  place: Pick<PullRequestPlace, "url" | "branch"> & { readonly pull: PullRequest; readonly ref: string },
  control: LandedParts,
): Promise<CommandBody | null> {
  const { pull, url, ref } = place;
  if (`refs/heads/${pull.base.ref}` !== ref) return null;
  const mirror = control.mirror(task.repository);
  const { timeoutMs } = mirror;
  const tip = await fetchBranch({ ...mirror, url, ref });
  const commit = pull.merge_commit_sha;
  const has =
    commit !== null && (await isAncestor({ gitDir: mirrorDirectory(mirror), timeoutMs, older: commit, newer: tip }));
  if (commit === null || !has)
    throw new Fault(
      "HOLD-EXTERNAL-STATE-UNKNOWN",
      `pull request #${pull.number} was merged as ${commit ?? "an unknown commit"}, which ${ref} does not have`,
      { retry: true },
    );
  await compareLanded(task.repository, tip, control);
  const mayWrite = permittedWrites(task, control) === "allowed";
  await removeBranch(place, { commit: pull.head.sha, mirror, mayWrite });
  const merged = { pull_request: pull.number, tree: await treeOf({ ...mirror, commit }) };
  const judged = task.landing?.tree ?? task.evidence?.tree;
  const isOther = merged.tree !== judged && !(await isJudged(task, commit, control));
  const revert = isOther ? { revert: revertCommand(task, commit, control) } : {};
  return { kind: "RecordLanded", task_id: task.task_id, commit, ref, merged, ...revert };
}

/** Whether the commit makes exactly the judged change, though the branch may have moved in other files. If not, a person is asked whether to revert it. */
async function isJudged(task: TaskState, commit: string, control: Blobs & Mirrors): Promise<boolean> {
  if (task.patch === null) return false;
  const mirror = control.mirror(task.repository);
  const call = { gitDir: mirrorDirectory(mirror), timeoutMs: mirror.timeoutMs };
  return isJudgedChange({ ...call, commit, patch: control.blobs.get(task.patch.digest) });
}

/** Removes the branch of a merged pull request, unless somebody pushed more to it or a rule forbids the removal. */
export async function removeBranch(
  { url, branch }: Pick<PullRequestPlace, "url" | "branch">,
  { commit, mirror, mayWrite }: { commit: string; mirror: RepositoryOptions; mayWrite: boolean },
): Promise<void> {
  if (!mayWrite) return;
  const result = await removeRemoteBranch({ ...mirror, url, ref: `refs/heads/${branch}`, expected: commit });
  if (result === "unknown")
    throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", `removing the branch ${branch} got no clear answer`, {
      retry: true,
    });
  if (result !== "gone" && "refused" in result) complain(`the branch ${branch} stays: ${result.refused}`);
}
