/** What a run gets from runs before it. Pure. */
import type { RunChecks, RunCoder } from "@aedev/contracts";
import type { RunState, TaskState } from "@aedev/core";

/** What another run wrote, whose tests run on the change. */
export function independentOf({ independent }: Pick<TaskState, "independent">): Pick<RunChecks, "independent"> {
  return independent?.written == null ? {} : { independent: independent.written };
}

/** What of an earlier run this one starts with: what that one wrote, and its conversation. */
export function carriedOver({ continues }: Pick<RunState, "continues">): Pick<RunCoder, "start_patch" | "session"> {
  return {
    ...(continues?.patch == null ? {} : { start_patch: continues.patch }),
    ...(continues?.session === undefined ? {} : { session: continues.session }),
  };
}
