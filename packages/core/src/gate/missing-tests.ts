/** Whether better tests alone would let a change merge, so that one more run can add them before a person is asked (ADR 0043), and the list for that run. Pure. */
import { type Fact, type Provenness, type Reason, reasonText, unneededPartText, wayText } from "@aedev/contracts";
import type { EventData, RiskShare } from "@aedev/contracts/events";
import type { GateInput } from "./hard-gates.ts";
import { isMerged, type Risk } from "./risk/estimate-harm.ts";
import { signalOf } from "./risk/signals.ts";
import { namesPath, namesTest, specificationText } from "./test-rules.ts";

const withoutTest = "code_without_test";
/** The signals that more tests remove. */
const testSignals: ReadonlySet<string> = new Set(["untested_ways", "minor_untested_ways", withoutTest]);
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
  const isAboutTests = risk.shares.some(({ factor }) => factor === "tests_without_code");
  if (riskAcknowledged || isAboutTests) return null;
  const asked = specificationText(input.specification);
  const facts = reasons.filter((reason) => typeof reason !== "string" && reason.kind !== "chance-of-harm");
  if (!facts.every((fact) => typeof fact !== "string" && isOfTests(fact, asked))) return null;
  const told = new Set<string | undefined>(facts.map((fact) => signalOf(fact as Fact)));
  const gaps = risk.shares.filter(({ factor, missing }) => testSignals.has(factor) && !missing);
  const isRemoved = (share: RiskShare) => told.has(share.factor) || gaps.includes(share);
  const hasNew = risk.shares.some(({ factor }) => factor === "new_tests_fail_on_base");
  const gained = hasNew ? 0 : policy.risk.against.new_tests_fail_on_base.weight;
  const score = risk.shares.reduce((sum, share) => sum + (isRemoved(share) ? 0 : share.points), gained);
  if (!isMerged(score, input)) return null;
  const texts = [...facts.map((fact) => reasonText(fact)), ...gaps.map(({ why }) => why)];
  return texts.join("; ").slice(0, textCharactersMax).toWellFormed();
}

/** Whether other tests, or leaving existing ones alone, would remove the reason. `asked`: the person's text; a file or test that it names is changed on purpose. */
function isOfTests(reason: Exclude<Reason, string>, asked: string): boolean {
  switch (reason.kind) {
    case "unneeded-code":
      return reason.parts.length > 0;
    case "new-tests-green-on-base":
    case "implementations-differ":
    case "independent-tests":
      return true;
    case "changed-tests": {
      const isNamed = namesPath(asked, reason.path) || reason.tests.some((name) => namesTest(asked, name));
      return (reason.old_form === "green" || reason.old_form === "weaker") && !isNamed;
    }
    case "shared-by-tests":
    case "test-support":
      return !namesPath(asked, reason.path);
    default:
      return false;
  }
}

/** Reasons that are listed by their ways and parts, or in their own section. */
const listedOtherwise: ReadonlySet<string> = new Set([
  "profile",
  "chance-of-harm",
  "unneeded-code",
  "implementations-differ",
  "independent-tests",
]);

/** The list in the prompt of a run for tests. Ways stand for the chance of harm, parts for `unneeded-code`. */
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
