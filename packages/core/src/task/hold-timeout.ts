/** Decides what happens to a hold that waited for a person as long as the policy allows. It never releases a hold, so it loosens no gate. */
import { type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { State } from "../model/state.ts";
import { on } from "./task-event.ts";

export function timeOutHold(command: CommandOf<"TimeOutHold">, state: State): Decision {
  const task = Object.values(state.tasks).find(({ hold }) => hold?.hold_id === command.hold_id);
  if (task?.hold == null) return refuse("unknown-hold", `there is no open hold ${command.hold_id}`, "aedev hold list");
  // A change that may have reached the branch is not rejected: a person is asked.
  const hasStarted = task.landing !== null && (task.landing.draft !== true || task.approval !== null);
  if (command.action === "reject" && !hasStarted) {
    const reason = `${task.hold.code} was not resolved within hold.ttl`;
    return events(on(task, { type: "TaskRejected", data: { ...deciderOf(command), reason } }));
  }
  if (task.hold.timed_out_at !== undefined) return events();
  return events(on(task, { type: "HoldTimedOut", data: { hold_id: task.hold.hold_id } }));
}
