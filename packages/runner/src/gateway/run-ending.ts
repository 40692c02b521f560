/** Why the gateway, or whoever watches a run, wants it to end. */
import { type HoldCode, type Stuck, stuckText } from "@aedev/contracts";

export interface RunEnding {
  code: HoldCode;
  detail: string | null;
  resumesAt: string | null;
  /** What was seen of a run that no longer got on. */
  stuck?: Stuck;
}

export function stuckEnding(stuck: Stuck): RunEnding {
  return { code: "HOLD-NO-PROGRESS", detail: stuckText(stuck), resumesAt: null, stuck };
}
