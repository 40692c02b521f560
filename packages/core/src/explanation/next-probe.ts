/** When the cause of a hold is probed next. Only the daemon's memory has the pauses between probes, so after the first probe the result is an upper bound. */
import { counted, type HoldCode, resumptionOf } from "@aedev/contracts";
import { vendorProbeFrom } from "../judges/outage.ts";
import type { State, TaskState } from "../model/state.ts";
import { coderProbeFrom } from "../outage/coder-outage.ts";
import { probedFrom } from "../task/pending-holds.ts";

/** The pause doubles after each probe, from `firstMs` to `maxMs`. */
export interface ProbePauses {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** `at`: the latest time of the next probe (ISO 8601 UTC). `within`: how long that is from now, such as "5 minutes"; null: `at` is the exact time of the first probe. */
interface NextProbe {
  readonly at: string;
  readonly within: string | null;
}

/** The next probe if the daemon runs. Null: no probe ends the hold, or the pauses are not known. */
export function nextProbe(
  state: State,
  task: TaskState,
  { now, probePauses }: { now: string; probePauses: ((code: HoldCode) => ProbePauses) | undefined },
): NextProbe | null {
  const { task_id, hold } = task;
  if (hold === null || probePauses === undefined || resumptionOf(hold) !== "probe") return null;
  const { firstMs, maxMs } = probePauses(hold.code);
  const at = coderProbeFrom(state, task_id) ?? vendorProbeFrom(state, task_id) ?? probedFrom(task) ?? hold.held_at;
  const sinceMs = Date.parse(now) - Date.parse(at);
  if (sinceMs < 0) return { at, within: null };
  // The next pause is at most as long as all earlier pauses together plus the first.
  const boundMs = Math.min(maxMs, sinceMs + firstMs);
  return { at: new Date(Date.parse(now) + boundMs).toISOString(), within: lengthText(boundMs) };
}

function lengthText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds <= 60 ? counted(seconds, "second") : counted(Math.ceil(seconds / 60), "minute");
}
