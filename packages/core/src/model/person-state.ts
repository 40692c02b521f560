/** What the state keeps about persons: operators, and decisions on a mission or task. */
import type { DecisionWay } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";

/** An operator: a person with a token and a role. */
export type OperatorState = Omit<EventData<"OperatorAdded">, "by" | "way"> & {
  readonly added_at: string;
  readonly added_by: string;
};

/** A person's decision on a mission or task. */
export interface DecisionState {
  readonly what: string;
  readonly by: string;
  readonly way: DecisionWay;
  readonly at: string;
}
