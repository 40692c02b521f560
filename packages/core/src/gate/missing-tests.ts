/** Whether better tests alone would let a change merge, so that one more run can add them before a person is asked (ADR 0043), and the list for that run. Pure. */
import { type Provenness, type Reason, reasonText, unneededPartText, wayText } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import type { GateInput } from "./hard-gates.ts";
import { levelOf, type Risk } from "./risk/score-risk.ts";
import { namesPath, namesTest, specificationText } from "./test-rules.ts";

const withoutTest = "code_change_without_test";
/** The risk factors that more tests reduce to zero. */
const testFactors: ReadonlySet<string> = new Set(["low_test_coverage", withoutTest]);
const textCharactersMax = 500;

/**
 * What the tests lack, in at most 500 characters. Null if there is another reason to ask, if the profile would ask even without such reasons, if the gap
 * could not be measured, or if the policy wants no such run.
 */
export function missingTests(
  reasons: readonly Reason[],
  risk: Risk,
  input: Pick<GateInput, "policy" | "profile" | "specification" | "riskAcknowledged">,
): string | null {
  const { policy, profile, riskAcknowledged } = input;
  if (!policy.repair.for_tests || policy.profiles.merges[profile] === "none" || reasons.length === 0) return null;
  // A person who released the hold of a high risk wants to be asked. A mission that is only about tests changes them on purpose.
  const isAboutTests = risk.shares.some(({ factor, points }) => factor === "test_change_without_code" && points > 0);
  if (riskAcknowledged || isAboutTests) return null;
  const texts = reasons.map((reason) => missingText(reason, risk, input));
  if (texts.includes(null)) return null;
  return texts.join("; ").slice(0, textCharactersMax).toWellFormed();
}

function missingText(
  reason: Reason,
  risk: Risk,
  { policy, specification }: Pick<GateInput, "policy" | "specification">,
): string | null {
  if (typeof reason === "string") return null;
  if (reason.kind === "profile") {
    const shares = risk.shares.filter(
      ({ factor, points, missing }) => testFactors.has(factor) && points > 0 && !missing,
    );
    const score = risk.shares.reduce((sum, share) => sum + (shares.includes(share) ? 0 : share.points), 0);
    // A profile that merges a medium risk gives no such reason: it merges medium risk, and high risk is held.
    return levelOf(score, policy) === "low" ? shares.map(({ why }) => why).join("; ") : null;
  }
  return isOfTests(reason, specificationText(specification)) ? reasonText(reason) : null;
}

/** Whether other tests, or leaving existing ones alone, would remove the reason. `asked`: the person's text; a file or test that it names is changed on purpose. */
function isOfTests(reason: Exclude<Reason, string>, asked: string): boolean {
  switch (reason.kind) {
    case "unneeded-code":
      return reason.parts.length > 0;
    case "new-tests-green-on-base":
    case "independent-tests":
      return true;
    case "changed-tests": {
      const isNamed = namesPath(asked, reason.path) || reason.tests.some((name) => namesTest(asked, name));
      return reason.old_form === "green" && !isNamed;
    }
    case "shared-by-tests":
    case "test-support":
      return !namesPath(asked, reason.path);
    default:
      return false;
  }
}

/** Reasons that are listed by their ways and parts, or in their own section. */
const listedOtherwise: ReadonlySet<string> = new Set(["profile", "unneeded-code", "independent-tests"]);

/** The list in the prompt of a run for tests. Ways stand for the profile's reason, parts for `unneeded-code`. */
export function missingTestLines(
  { reasons, shares }: Pick<EventData<"GateDecided">, "reasons" | "shares">,
  provenness: Provenness | null,
): string[] {
  const ways = (provenness?.coverage?.ways ?? []).map((way) => `no test runs ${wayText(way)}`);
  const parts = (provenness?.unneeded?.parts ?? []).map((part) => unneededPartText(part, (text) => text));
  const isWithoutTest = shares.some(({ factor, points }) => factor === withoutTest && points > 0);
  const others = reasons.filter((reason) => typeof reason !== "string" && !listedOtherwise.has(reason.kind));
  return [
    ...(isWithoutTest ? ["the change adds no test"] : []),
    ...ways,
    ...parts.map((part) => `tests pass without this part: ${part}`),
    ...others.map((reason) => reasonText(reason)),
  ];
}
