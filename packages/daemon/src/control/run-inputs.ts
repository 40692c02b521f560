/** Gathers what a run gets from earlier runs. Pure. */
import type { RunChecks, RunCoder, Told } from "@aedev/contracts";
import type { RunState, TaskState } from "@aedev/core";

/** The run whose tests run on this change. */
export function independentOf({ independent }: Pick<TaskState, "independent">): Pick<RunChecks, "independent"> {
  return independent?.written == null ? {} : { independent: independent.written };
}

/** What persons have said since the run's prompt was written. A run that writes independent tests knows the mission alone. */
export function toldSince(
  { told = [] }: Pick<TaskState, "told">,
  { told: known = 0, cause }: Pick<RunState, "told" | "cause">,
): readonly Told[] {
  return cause === "independent-tests" ? [] : told.map(({ text }, at) => ({ number: at + 1, text })).slice(known);
}

/** The earlier work and conversation that this run starts with. */
export function carriedOver({ continues }: Pick<RunState, "continues">): Pick<RunCoder, "start_patch" | "session"> {
  return {
    ...(continues?.patch == null ? {} : { start_patch: continues.patch }),
    ...(continues?.session === undefined ? {} : { session: continues.session }),
  };
}
