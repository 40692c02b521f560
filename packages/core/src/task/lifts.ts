/** What a task remembers about released holds: how often probes released them without progress, and after which hold its run continued. */
import type { HoldCode } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { runOfChange } from "../model/fallback-change.ts";
import type { HoldState, TaskState } from "../model/state.ts";
import { hasOwnProbe } from "./pending-holds.ts";

type Release = { readonly hold: HoldState | null; readonly data: EventData<"HoldReleased"> };

/** How often their own probes may release a task's holds without progress, so that work that always fails is not repeated forever. With the pauses between probes, this takes about three hours. */
const liftsMax = 10;
/**
 * The same limit for the end of a vendor's outage. With the pauses between probes, which grow to half an hour, this takes about twelve hours: a vendor
 * may list its models all night while they don't answer, and the task still continues in the morning.
 */
const vendorLiftsMax = 30;
/** Codes of holds that end once a vendor answers again. */
const vendorCodes: readonly HoldCode[] = ["HOLD-CODER-UNAVAILABLE", "HOLD-VALIDATOR-UNAVAILABLE"];

/** How many holds of this kind probes have released, if there were too many and the next one waits for a person; otherwise null. */
export function tooManyLifts({ lifted = 0, vendor_lifts = 0 }: TaskState, code: HoldCode): number | null {
  if (hasOwnProbe(code)) return lifted < liftsMax ? null : lifted;
  return !vendorCodes.includes(code) || vendor_lifts < vendorLiftsMax ? null : vendor_lifts;
}

/** The task with both counts reset; nearly every task has none. */
export function withoutLifts(task: TaskState): TaskState {
  if (task.lifted === undefined) return withoutVendorLifts(task);
  const { lifted: _lifted, ...rest } = task;
  return withoutVendorLifts(rest);
}

export function withoutVendorLifts(task: TaskState): TaskState {
  if (task.vendor_lifts === undefined) return task;
  const { vendor_lifts: _lifts, ...rest } = task;
  return rest;
}

/** The task after a release. `hold`: the released hold. */
export function withRelease(task: TaskState, release: Release): TaskState {
  return withContinued(withLift(task, release), release.data);
}

/** Counts the holds that probes released: their own probes, whatever the code, or a vendor's. A person's decision resets the count. */
function withLift(task: TaskState, { hold, data }: Release): TaskState {
  if (data.vendor === true) return { ...task, vendor_lifts: (task.vendor_lifts ?? 0) + 1 };
  if (data.by !== "control") return withoutLifts(task);
  const times = (task.lifted ?? 0) + (hold !== null && hasOwnProbe(hold.code) ? 1 : 0);
  return times === 0 ? task : { ...task, lifted: times };
}

/** The last run remembers the hold after which it or its checks continued. */
function withContinued(task: TaskState, { hold_id, continues }: EventData<"HoldReleased">): TaskState {
  const run = runOfChange(task);
  if (continues !== true || run === undefined) return task;
  const continued = { ...run, continued_after: [...(run.continued_after ?? []), hold_id] };
  return { ...task, runs: task.runs.map((one) => (one === run ? continued : one)) };
}
