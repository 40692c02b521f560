/** Asks whether what held a task is over: whether its remote answers again, whether the home's disk has room for a run. It fetches nothing. */
import { Fault } from "@aedev/contracts";
import type { State, TaskWork } from "@aedev/core";
import { diskFreeBytes } from "@aedev/host/disk-free";
import { type Control, mirrorOptions, requiredTask } from "../control/control.ts";
import { readRemoteBranch } from "../git/push.ts";

type CauseWork = Extract<TaskWork, { kind: "ProbeCause" }>;

/** Throws a Fault with `retry` while it is not over: the loop then asks again after a growing pause. */
export async function requireCauseGone(
  { code, task_id }: Pick<CauseWork, "code" | "task_id">,
  { state, control }: { state: State; control: Control },
): Promise<void> {
  if (code === "HOLD-DISK-LOW") {
    const { disk_free_bytes } = control.configuration.runLimits;
    if (diskFreeBytes(control.home) < disk_free_bytes) throw remains(code, "the disk is still almost full");
    return;
  }
  await requireRemote(requiredTask(state, task_id).repository, { state, control });
}

async function requireRemote(name: string, { state, control }: { state: State; control: Control }): Promise<void> {
  const url = state.repositories[name]?.url ?? "";
  const { timeoutMs, remotes } = mirrorOptions(control, name);
  const { commit } = await readRemoteBranch({ url, ref: "HEAD", timeoutMs, remotes }).catch((error: unknown) => {
    throw error instanceof Fault ? remains("HOLD-FETCH-FAILED", error.message, error) : error;
  });
  if (commit === null) throw remains("HOLD-FETCH-FAILED", "the remote has no commit that its HEAD names");
}

function remains(code: CauseWork["code"], message: string, cause?: Fault): Fault {
  return new Fault(code, message, { retry: true, ...(cause === undefined ? {} : { cause }) });
}
