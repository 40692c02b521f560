/** What a task remembers of the holds that were released: how often probes ended them without progress, and after which its run went on. */
import type { HoldCode } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { runOfChange } from "../model/fallback-change.ts";
import type { HoldState, TaskState } from "../model/state.ts";
import { hasOwnProbe } from "./pending-holds.ts";

type Release = { readonly hold: HoldState | null; readonly data: EventData<"HoldReleased"> };

/** How often probes of their own may end a task's holds without progress, so that what fails each time is not repeated for ever. With the pauses between probes, this is about three hours. */
const liftsMax = 10;
/**
 * The same for the end of a vendor's outage. With the pauses between probes, which grow to half an hour, this is about twelve hours: a vendor whose list of
 * models answers all night while its models don't costs no task its night.
 */
const vendorLiftsMax = 30;
/** Codes of holds that end once a vendor answers again. */
const vendorCodes: readonly HoldCode[] = ["HOLD-CODER-UNAVAILABLE", "HOLD-VALIDATOR-UNAVAILABLE"];

/** How often probes have ended such holds, if that was so too often and the next one waits for a person; else null. */
export function tooManyLifts({ lifted = 0, vendor_lifts = 0 }: TaskState, code: HoldCode): number | null {
  if (hasOwnProbe(code)) return lifted < liftsMax ? null : lifted;
  return !vendorCodes.includes(code) || vendor_lifts < vendorLiftsMax ? null : vendor_lifts;
}

/** The task with none of either kind; nearly every task has none. */
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

/** `hold`: what was released. */
export function withRelease(task: TaskState, release: Release): TaskState {
  return withContinued(withLift(task, release), release.data);
}

/** Counts the holds that probes have ended: their own, whatever the code, or a vendor's. A person's decision starts over. */
function withLift(task: TaskState, { hold, data }: Release): TaskState {
  if (data.vendor === true) return { ...task, vendor_lifts: (task.vendor_lifts ?? 0) + 1 };
  if (data.by !== "control") return withoutLifts(task);
  const times = (task.lifted ?? 0) + (hold !== null && hasOwnProbe(hold.code) ? 1 : 0);
  return times === 0 ? task : { ...task, lifted: times };
}

/** The last run remembers the hold after which it, or its checks, go on. */
function withContinued(task: TaskState, { hold_id, continues }: EventData<"HoldReleased">): TaskState {
  const run = runOfChange(task);
  if (continues !== true || run === undefined) return task;
  const continued = { ...run, continued_after: [...(run.continued_after ?? []), hold_id] };
  return { ...task, runs: task.runs.map((one) => (one === run ? continued : one)) };
}
