/** What follows if calls that were repeated outside the tests give other results (SECURITY T29, T30): the change is held, or asked about if the base can't tell whether that is intended. */
import { differenceText, type Fact, namedTests, type ReplayedFunction } from "@aedev/contracts";
import type { ChangeEvidence } from "./risk/change-evidence.ts";

/** Empty, or one fact that names the functions. */
export function replayFacts(
  { replay, changeKinds }: Pick<ChangeEvidence, "replay" | "changeKinds">,
  outcome: Extract<ReplayedFunction["outcome"], "differs" | "unsure">,
): Fact[] {
  // Then code under test may have ended the process that repeats its calls.
  if (replay?.not_replayed === "no-answer" && outcome === "unsure")
    return [{ kind: "replay-unsure", calls: [], more: 0 }];
  const found = (replay?.functions ?? []).map(changeKinds?.refactoring === undefined ? asIs : withNear);
  return factsOf(
    found.filter((one) => one.outcome === outcome),
    outcome,
  );
}

const asIs = (one: ReplayedFunction) => one;

/** If the mission asks for no new behaviour, another result near the tests' inputs than on the base is unasked for. */
function withNear(one: ReplayedFunction): ReplayedFunction {
  const { outcome, near } = one;
  if (outcome !== "same" || near?.difference == null) return one;
  return { ...one, outcome: "unsure", difference: { place: "other-inputs", ...near.difference } };
}

function factsOf(found: readonly ReplayedFunction[], outcome: "differs" | "unsure"): Fact[] {
  if (found.length === 0) return [];
  const { tests: calls, more } = namedTests(found.map(differenceText));
  return [{ kind: `replay-${outcome}`, calls, more }];
}
