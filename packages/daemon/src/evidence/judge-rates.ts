/** How often each judge of a decision found what was planted for it: what a reader of the statement needs to weigh the verdicts. The counting is core's. */
import { recordsOfSpeakers, type State } from "@aedev/core";
import type { Verdict } from "@aedev/core/wire";
import type { JudgeRate } from "./statement.ts";

/** Of the judges that spoke, by the model and prompt that they spoke with; one that was configured no more said nothing. */
export function judgeRates(
  state: Pick<State, "canaries">,
  { verdicts, bar }: { verdicts: readonly Verdict[]; bar: Parameters<typeof recordsOfSpeakers>[1]["bar"] },
): JudgeRate[] {
  const spoke = verdicts.filter(({ verdict }) => verdict !== "not_configured");
  return recordsOfSpeakers(state, { verdicts: spoke, bar });
}
