/** Decides whether aedev may write to a task's remote: for all repositories by configuration, or for this repository by `repo add --allow-writes`. Off by default. */
import type { TaskState } from "@aedev/core";
import type { Control } from "./control.ts";

export function mayWrite(task: TaskState, control: Control): boolean {
  return (
    control.configuration.system.allow_remote_writes ||
    control.log.state.repositories[task.repository]?.allow_writes === true
  );
}
