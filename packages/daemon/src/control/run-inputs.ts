/** Gathers what a run gets from earlier runs. Pure. */
import type { RunChecks, RunCoder } from "@aedev/contracts";
import type { RunState, TaskState } from "@aedev/core";

/** The run whose tests run on this change. */
export function independentOf({ independent }: Pick<TaskState, "independent">): Pick<RunChecks, "independent"> {
  return independent?.written == null ? {} : { independent: independent.written };
}

/** What a person has said since the run's prompt was written. */
export function toldSince(
  { told = [] }: Pick<TaskState, "told">,
  { told: known = 0 }: Pick<RunState, "told">,
): Pick<RunCoder, "told"> {
  const since = told.map((text, at) => ({ number: at + 1, text })).slice(known);
  return since.length === 0 ? {} : { told: since };
}

/** The earlier work and conversation that this run starts with. */
export function carriedOver({ continues }: Pick<RunState, "continues">): Pick<RunCoder, "start_patch" | "session"> {
  return {
    ...(continues?.patch == null ? {} : { start_patch: continues.patch }),
    ...(continues?.session === undefined ? {} : { session: continues.session }),
  };
}
