/** Makes the command that holds a task. */
import type { CommandBody, TaskState } from "@aedev/core";
import { newId } from "../control/control.ts";

/** Characters of a hold's detail that the log keeps. */
const detailCharactersMax = 500;

export function holdCommand(
  task: Pick<TaskState, "task_id">,
  code: Extract<CommandBody, { kind: "HoldTask" }>["code"],
  detail: string,
): CommandBody {
  return {
    kind: "HoldTask",
    task_id: task.task_id,
    code,
    detail: detail.slice(0, detailCharactersMax).toWellFormed(),
    hold_id: newId("h"),
  };
}
