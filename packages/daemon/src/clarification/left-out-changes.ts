/** Finds landed changes that are only on a branch of their own: the next mission starts without them. */
import { branchName, isFault, nullOn, takeInCommand } from "@aedev/contracts";
import { type NotInBase, pageQuerySchema } from "@aedev/contracts/api";
import { entityById, type TaskState } from "@aedev/core";
import { gitFaults } from "@aedev/host/git/run-git";
import type { Blobs, Mirrors, Records } from "../control/parts.ts";
import { mirrorDirectory } from "../git/bare-repository.ts";
import { deriveChange } from "../git/change.ts";
import { fetchBase, listTree } from "../git/mirror.ts";
import { isAncestor } from "../git/push.ts";

/** How many of the newest landings are looked at. */
const landingsMax = 50;

/** Most time that a person waits for this, since it is only a note beside what they asked for. */
const timeoutMsMax = 20_000;

/** Empty if all are in the base, or if git or the remote gives no answer, so that nothing certain is known. */
export async function changesNotInBase(control: Blobs & Mirrors & Records, repository: string): Promise<NotInBase[]> {
  return (
    (await findChanges(control, repository).catch(nullOn("HOLD-FETCH-FAILED", "HOLD-BASE-MOVED", ...gitFaults))) ?? []
  );
}

async function findChanges(control: Blobs & Mirrors & Records, repository: string): Promise<NotInBase[]> {
  const registered = entityById(control.log.state.repositories, repository);
  if (registered === undefined) return [];
  const query = pageQuerySchema.parse({ status: "landed", repository, limit: landingsMax });
  const ids = control.log.views.page("tasks", query).map(({ id }) => id);
  const { tasks } = control.log.stateWith({ tasks: ids });
  const left = ids.flatMap((id) => {
    const task = entityById(tasks, id);
    if (task === undefined || task.landing === null || task.landed_commit === null) return [];
    if (task.landing.ref === task.ref) return [];
    return [{ task, landing: task.landing, commit: task.landed_commit }];
  });
  if (left.length === 0) return [];
  const options = control.mirror(repository);
  const mirror = { ...options, timeoutMs: Math.min(options.timeoutMs, timeoutMsMax) };
  const base = await fetchBase({ ...mirror, url: registered.url });
  const tree = await listTree({ ...mirror, tree: base.commit });
  const now = new Map(tree.map(({ path, mode, id }) => [path, `${mode} ${id}`]));
  const { url: remote, target } = registered;
  const takeIn = (ref: string) => takeInCommand({ branch: branchName(ref), remote }, target === "task-branch");
  const found: NotInBase[] = [];
  for (const { task, landing, commit } of left) {
    const place = { gitDir: mirrorDirectory(mirror), timeoutMs: mirror.timeoutMs };
    if (await isAncestor({ ...place, older: commit, newer: base.commit })) continue;
    // A squash merge brings its files into the base, but not its commit.
    const change = await changeOf(task, landing.base_commit, control);
    const isThere = change?.changed.every(({ path, status, new_mode, new_id }) =>
      status === "deleted" ? !now.has(path) : now.get(path) === `${new_mode} ${new_id}`,
    );
    const { task_id, mission_id } = task;
    if (isThere !== true)
      found.push({ task_id, mission_id, branch: landing.ref, commit, take_in: takeIn(landing.ref) });
  }
  return found;
}

/** Null if its patch is no longer kept or does not fit the mirror. */
async function changeOf({ repository, patch }: TaskState, baseCommit: string, control: Blobs & Mirrors) {
  if (patch === null) return null;
  try {
    const bytes = control.blobs.get(patch.digest);
    return await deriveChange({ ...control.mirror(repository), baseCommit, patch: bytes });
  } catch (error) {
    if (!isFault(error, "blob-missing", "blob-corrupt", "HOLD-PATCH-UNSAFE", ...gitFaults)) throw error;
    return null;
  }
}
