/** Decides whether a person can say something to a task's coder: to a run under way, or to one that is to come. */
import { messagesMax } from "@aedev/contracts";
import { type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import { independentCause } from "../model/independent-run.ts";
import type { TaskState } from "../model/state.ts";
import { on } from "./task-event.ts";

/** The words help with the mission and change neither specification nor approval (SECURITY T23). */
export function tellCoder({ text, ...command }: CommandOf<"TellCoder">, task: TaskState): Decision {
  const { task_id, told = [] } = task;
  if (!isToCode(task))
    return refuse(
      "not-coding",
      task.status === "running" || task.status === "planned"
        ? `the next run of task ${task_id} only adds tests to a change that is done`
        : `no coder works on task ${task_id} now, and none is to start: it is ${task.status}`,
      task.status === "asked" || task.status === "held"
        ? `aedev task send-back ${task_id} --reason "what to do differently"`
        : `aedev task show ${task_id}`,
    );
  if (told.length >= messagesMax)
    return refuse(
      "too-many-words",
      `${messagesMax} messages were sent to the coder of task ${task_id}, which is the limit`,
      `aedev task cancel ${task_id}`,
    );
  return events(on(task, { type: "CoderTold", data: { text, ...deciderOf(command) } }));
}

/** Whether a run of its coder is under way or is the next thing to happen. Runs that only add tests to a finished change are told nothing. */
function isToCode({ status, hold, reverts, set_aside, fallback, next_cause }: TaskState): boolean {
  if (reverts !== undefined || set_aside !== undefined || fallback !== undefined || next_cause === independentCause)
    return false;
  return status === "held"
    ? hold?.back_to === "planned" || hold?.back_to === "running"
    : status === "planned" || status === "running";
}
