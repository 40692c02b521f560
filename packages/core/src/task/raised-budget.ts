/** Raising a budget that holds work: finds the holds that this ends, and releases them. The limit itself is in the home's configuration, which only control reads and writes. */
import { amountOfBudget, type RaisableBudget, type RaisedBudget, raisableBudgetOf } from "@aedev/contracts";
import { type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import { entitiesOf, entityById, type HoldState, type State, type TaskState } from "../model/state.ts";
import { refuseUnsignedOffer } from "../operator/second-person.ts";
import { on } from "./task-event.ts";

/** The budget whose raise ends a hold; null: no raise ends it. */
export function heldBudget({ code, detail }: Pick<HoldState, "code" | "detail">): RaisableBudget | null {
  return code === "HOLD-BUDGET" ? raisableBudgetOf(detail) : null;
}

/** Whether the hold exists and is about this budget, and the budget accepts the amount. */
export function isRaisable(
  { task_id, hold_id, ...raised }: { readonly task_id: string; readonly hold_id: string } & RaisedBudget,
  { tasks }: State,
): boolean {
  const hold = entityById(tasks, task_id)?.hold;
  return hold?.hold_id === hold_id && heldBudget(hold) === raised.budget && amountOfBudget(raised) !== null;
}

/** Releases all holds of the budget at once, starting with the hold that was asked about. */
export function releaseRaised(command: CommandOf<"RaiseBudget">, task: TaskState, state: State): Decision {
  if (!isRaisable(command, state))
    return refuse(
      "not-held",
      `${command.budget} does not hold task ${task.task_id}, or can't be ${command.raise_to}`,
      `aedev task show ${task.task_id}`,
    );
  const refused = refuseUnsignedOffer(state, command.actor, "raises a budget");
  if (refused !== null) return refused;
  const { budget, raise_to } = command;
  const others = entitiesOf(state.tasks)
    .filter((other) => other.task_id !== task.task_id && other.hold !== null && heldBudget(other.hold) === budget)
    .toSorted((left, right) => (left.task_id < right.task_id ? -1 : 1));
  return events(
    ...[task, ...others].flatMap((held) => {
      if (held.hold === null) return [];
      const data = { hold_id: held.hold.hold_id, raised: { budget, raise_to }, ...deciderOf(command) };
      return [on(held, { type: "HoldReleased", data })];
    }),
  );
}
