/** Whether better tests alone would let a change merge, so that one more run can add them before a person is asked (ADR 0043). Pure. */
import { type Reason, reasonText } from "@aedev/contracts";
import type { GateInput } from "./hard-gates.ts";
import { levelOf, type Risk } from "./risk/score-risk.ts";

/** The factors that more tests bring to zero. */
const testFactors: ReadonlySet<string> = new Set(["low_test_coverage", "code_change_without_test"]);
const textCharactersMax = 500;

/**
 * What the tests lack, in at most 500 characters; null if there is another reason to ask, if the profile would ask about a change without such
 * reasons as well, if what is missing could not be measured, or if the policy wants no run for it.
 */
export function missingTests(
  reasons: readonly Reason[],
  risk: Risk,
  { policy, profile }: Pick<GateInput, "policy" | "profile">,
): string | null {
  if (!policy.repair.for_tests || policy.profiles.merges[profile] === "none" || reasons.length === 0) return null;
  const texts = reasons.map((reason) => lacking(reason, risk, { policy, profile }));
  if (texts.includes(null)) return null;
  return texts.join("; ").slice(0, textCharactersMax).toWellFormed();
}

function lacking(
  reason: Reason,
  risk: Risk,
  { policy, profile }: Pick<GateInput, "policy" | "profile">,
): string | null {
  if (typeof reason === "string") return null;
  if (reason.kind === "profile") {
    const shares = risk.shares.filter(
      ({ factor, points, missing }) => testFactors.has(factor) && points > 0 && !missing,
    );
    const score = risk.shares.reduce((sum, share) => sum + (shares.includes(share) ? 0 : share.points), 0);
    const level = levelOf(score, policy);
    const isWithin = level === "low" || (level === "medium" && policy.profiles.merges[profile] === "medium");
    return isWithin ? shares.map(({ why }) => why).join("; ") : null;
  }
  return isOfTests(reason) ? reasonText(reason) : null;
}

/** Whether other tests, and leaving alone those that are there, would remove the reason. */
function isOfTests(reason: Exclude<Reason, string>): boolean {
  switch (reason.kind) {
    case "unneeded-code":
      return reason.parts.length > 0;
    // Tests that run the change and can't be shown able to fail may be of a kind that never can.
    case "nothing-proven":
      return reason.green === 0;
    case "changed-tests":
      return reason.old_form === "green";
    case "new-tests-green-on-base":
    case "shared-by-tests":
    case "test-support":
      return true;
    default:
      return false;
  }
}
