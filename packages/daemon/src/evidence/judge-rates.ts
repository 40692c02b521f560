/** States how often each judge of a decision found planted defects, so that a reader of the statement can weigh the verdicts. Core counts. */

import type { Verdict } from "@aedev/contracts";
import { type CountDefects, recordsOfVerdicts } from "@aedev/core";
import type { JudgeRate } from "./statement.ts";

/** Judges that gave a verdict, with the model and prompt that they used. A judge that was not configured gave none. */
export function judgeRates(
  count: CountDefects,
  { verdicts, bar }: { verdicts: readonly Verdict[]; bar: Parameters<typeof recordsOfVerdicts>[1]["bar"] },
): JudgeRate[] {
  const spoke = verdicts.filter(({ verdict }) => verdict !== "not_configured");
  return recordsOfVerdicts(count, { verdicts: spoke, bar });
}
