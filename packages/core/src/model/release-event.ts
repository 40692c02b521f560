/** The event that ends a task's hold, after a person, the hold's own time or probe, or the end of an outage released it. It decides nothing. */
import type { HoldId } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import type { NewEvent } from "./event.ts";
import type { TaskState } from "./state.ts";

/** Empty if the task is not held. `decider.vendor`: the vendor that the task waited for answers again. */
export function releaseEvents(
  { task_id, hold }: Pick<TaskState, "task_id" | "hold">,
  decider: Pick<EventData<"HoldReleased">, "by" | "way" | "vendor">,
): NewEvent[] {
  if (hold === null) return [];
  const continues = hold.back_to === "running" || hold.back_to === "captured";
  const data = { hold_id: hold.hold_id as HoldId, ...(continues ? { continues } : {}), ...decider };
  return [{ stream: `task/${task_id}`, type: "HoldReleased", data }];
}
