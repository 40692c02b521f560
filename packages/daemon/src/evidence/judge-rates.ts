/** How often each judge of a decision found planted defects: a reader of the statement needs this to weigh the verdicts. Core does the counting. */

import type { Verdict } from "@aedev/contracts";
import { type CountDefects, recordsOfVerdicts } from "@aedev/core";
import type { JudgeRate } from "./statement.ts";

/** Judges that gave a verdict, by the model and prompt they used; a judge that was no longer configured gave none. */
export function judgeRates(
  count: CountDefects,
  { verdicts, bar }: { verdicts: readonly Verdict[]; bar: Parameters<typeof recordsOfVerdicts>[1]["bar"] },
): JudgeRate[] {
  const spoke = verdicts.filter(({ verdict }) => verdict !== "not_configured");
  return recordsOfVerdicts(count, { verdicts: spoke, bar });
}
