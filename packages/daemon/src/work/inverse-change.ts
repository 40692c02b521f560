/** Computes the inverse of a landed change, and compares a revert with the change it undoes. A refusal is a Fault `HOLD-REVERT` that says what to do instead. */
import { escapeLine, Fault, type RevertReport, summarizeList } from "@aedev/contracts";
import type { RevertedChange } from "@aedev/contracts/events";
import type { TaskState } from "@aedev/core";
import type { Blobs, Mirrors, Records, Trust } from "../control/parts.ts";
import { mirrorDirectory } from "../git/bare-repository.ts";
import type { DerivedChange } from "../git/change.ts";
import { compareWithLanded, inverseOf } from "../git/inverse.ts";
import { commitBefore } from "../git/landed-range.ts";
import { fetchBase } from "../git/mirror.ts";
import { isAncestor } from "../git/push.ts";
import { compareLanded } from "./compare-landed.ts";

const pathsCharactersMax = 300;
const pathCharactersMax = 120;
const another = "submit a mission that says what to undo: aedev intake TEXT";

/** The inverse, and the commit whose state it restores. */
export interface InverseChange {
  readonly before: string;
  readonly tree: string;
  readonly patch: Uint8Array;
}

/** `onto`: the head of the branch, which the mirror has. */
export async function inverseChange(
  reverts: Pick<RevertedChange, "task_id" | "commit">,
  { repository, onto }: { repository: string; onto: string },
  control: Blobs & Mirrors & Records,
): Promise<InverseChange> {
  const { commit } = reverts;
  const mirror = control.mirror(repository);
  const call = { gitDir: mirrorDirectory(mirror), timeoutMs: mirror.timeoutMs };
  if (!(await isAncestor({ ...call, older: commit, newer: onto })))
    throw revertFault(
      `the branch does not have commit ${commit}`,
      "there is nothing to take back on it; a branch of its own that nobody merged can be deleted",
    );
  const before = await landedBefore(reverts, call, control);
  if (before === null)
    throw revertFault(`commit ${commit} is the first of its branch`, "there is no state before it to go back to");
  const inverse = await inverseOf({ ...mirror, commit, before, onto });
  switch (inverse.kind) {
    case "conflict":
      throw revertFault(
        `later commits changed the same lines: ${summarizeList(
          inverse.paths.map((path) => escapeLine(path, pathCharactersMax)),
          pathsCharactersMax,
        )}`,
        another,
      );
    case "empty":
      throw revertFault(`commit ${commit} is taken back already`, "the branch has nothing of it any more");
    case "inverse":
      return { before, tree: inverse.tree, patch: inverse.patch };
  }
}

/** The commit before the landed change; null if it is the first of its branch. */
function landedBefore(
  { task_id: taskId, commit }: Pick<RevertedChange, "task_id" | "commit">,
  call: { readonly gitDir: string; readonly timeoutMs: number },
  control: Blobs & Records,
): Promise<string | null> {
  const judged = control.log.stateWith({ tasks: [taskId] }).tasks[taskId]?.patch ?? null;
  const patch = judged === null ? null : control.blobs.get(judged.digest);
  return commitBefore({ ...call, commit, taskId, patch });
}

/** Computes the inverse on the current branch before anything is recorded, so that the person who asks learns at once why it can't be done. */
export async function tryInverse(task: TaskState, control: Blobs & Mirrors & Trust & Records): Promise<InverseChange> {
  const repository = control.log.state.repositories[task.repository];
  if (repository === undefined || task.landed_commit === null)
    throw new Error(`task ${task.task_id} has landed nothing that could be taken back`);
  const { commit } = await fetchBase({ ...control.mirror(repository.name), url: repository.url });
  await compareLanded(repository.name, commit, control);
  const reverts = { task_id: task.task_id, commit: task.landed_commit as RevertedChange["commit"] };
  return inverseChange(reverts, { repository: repository.name, onto: commit }, control);
}

/** The report for the bundle of a revert; null for any other change. */
export async function revertReport(
  { task_id, repository, reverts }: TaskState,
  { changed }: Pick<DerivedChange, "changed">,
  control: Blobs & Mirrors & Records,
): Promise<RevertReport | null> {
  if (reverts === undefined) return null;
  const mirror = control.mirror(repository);
  const call = { gitDir: mirrorDirectory(mirror), timeoutMs: mirror.timeoutMs };
  const { task_id: taskId, commit } = reverts;
  const before = await landedBefore(reverts, call, control);
  if (before === null) throw new Error(`task ${task_id} has an inverse of a commit without a parent`);
  return {
    task_id: taskId,
    commit,
    before: before as RevertReport["before"],
    ...(await compareWithLanded({ ...call, commit, before, changed })),
  };
}

function revertFault(why: string, instead: string): Fault {
  return new Fault("HOLD-REVERT", `${why}; ${instead}`, { detail: `${why}; ${instead}` });
}
