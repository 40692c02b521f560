/** Distinguishes a run that waits for its usage limit to reset from a run that continues at once with another coder token. */
import type { EventData } from "@aedev/contracts/events";
import type { RunState } from "../model/run-state.ts";
import type { HoldState } from "../model/state.ts";

/** `at`: when the run ended. */
export function isSwitch({ code, resumes_at }: Pick<HoldState, "code" | "resumes_at">, at: string): boolean {
  return code === "HOLD-USAGE-LIMIT" && resumes_at !== null && Date.parse(resumes_at) < Date.parse(at);
}

/** The runs, with a note on the last one, which this hold ended, if another token was free. */
export function withSwitch(
  runs: readonly RunState[],
  { data, recorded_at }: { data: EventData<"TaskHeld">; recorded_at: string },
): readonly RunState[] {
  const last = runs.at(-1);
  if (last?.outcome?.code !== data.code || !isSwitch(data, recorded_at)) return runs;
  return [...runs.slice(0, -1), { ...last, switched: true }];
}
