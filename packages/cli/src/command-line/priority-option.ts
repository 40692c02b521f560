/** Reads `--priority`. */
import { type Priority, priorities } from "@aedev/contracts";
import { usageFault } from "./answer.ts";

/** Undefined: not given. Throws a usage fault that names the priorities. `help`: the command with the verb's help. */
export function priorityOf(given: string | undefined, help: string): Priority | undefined {
  const priority = priorities.find((known) => known === given);
  if (given === undefined || priority !== undefined) return priority;
  throw usageFault(`--priority is one of ${priorities.join(", ")}; not "${given}"`, help);
}
