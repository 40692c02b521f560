/** Asks whether what held a task is over: whether its remote can be fetched again, whether the home's disk has room for a run. */
import { isFault } from "@aedev/contracts";
import type { State, TaskWork } from "@aedev/core";
import { diskFreeBytes } from "@aedev/host/disk-free";
import { type Control, mirrorOptions, requiredTask } from "../control/control.ts";
import { fetchBase } from "../git/mirror.ts";

type CauseWork = Extract<TaskWork, { kind: "ProbeCause" }>;

export async function isCauseGone(
  { code, task_id }: Pick<CauseWork, "code" | "task_id">,
  { state, control }: { state: State; control: Control },
): Promise<boolean> {
  switch (code) {
    case "HOLD-DISK-LOW":
      return diskFreeBytes(control.home) >= control.configuration.runLimits.disk_free_bytes;
    case "HOLD-FETCH-FAILED":
      return canFetch(requiredTask(state, task_id).repository, { state, control });
  }
}

async function canFetch(name: string, { state, control }: { state: State; control: Control }): Promise<boolean> {
  const repository = state.repositories[name];
  if (repository === undefined) return false;
  try {
    await fetchBase({ ...mirrorOptions(control, name), url: repository.url });
    return true;
  } catch (error) {
    if (isFault(error, "HOLD-FETCH-FAILED") || isFault(error, "remote-refused")) return false;
    throw error;
  }
}
