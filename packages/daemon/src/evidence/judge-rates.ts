/** How often each judge of a decision found what was planted for it: what a reader of the statement needs to weigh the verdicts. The counting is core's. */
import { type JudgeSetup, judgeRecords, type State } from "@aedev/core";
import type { Verdict } from "@aedev/core/wire";
import type { JudgeRate } from "./statement.ts";

/** Of the judges that spoke, as they are set up: a verdict of another model or under another prompt has no record here, because that is another judge. */
export function judgeRates(
  state: Pick<State, "canaries">,
  { verdicts, setup }: { verdicts: readonly Verdict[]; setup: JudgeSetup },
): JudgeRate[] {
  const spoke = verdicts.filter(({ prompt_digest }) => prompt_digest === setup.promptDigest);
  return judgeRecords(state, setup).filter((record) =>
    spoke.some(({ family, model }) => family === record.family && model === record.model),
  );
}
