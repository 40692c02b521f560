/** Combines the judges' verdicts into one outcome. Independence is between families: two words of one family are one, the worse of them, and the coder's own family never counts. */
import type { Verdict } from "../wire/index.ts";

/** The family of the coder, whose judges would not be independent of it. */
export const coderFamily = "anthropic";

/** One family's word; `detail` says why it is not pass or fail by the judge's own word. */
export interface FamilyVerdict {
  readonly family: string;
  readonly verdict: Verdict["verdict"];
  readonly detail: string | null;
}

export interface CombinedVerdicts {
  /** The first that holds: keys are missing for enough judges, all that answered failed, they disagree, enough passed, enough passed but not all of these have a vote, too many are unsure or silent. */
  readonly outcome: "not_configured" | "failed" | "disagreement" | "passed" | "unqualified" | "inconclusive";
  /** Families by what they said. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly notConfigured: readonly string[];
  /** Of those that passed: without a vote. */
  readonly unqualified: readonly string[];
  /** `<family> <detail>`, e.g. `gemini http_500`. */
  readonly unsure: readonly string[];
}

/** What is counted: verdicts on one bundle, the families that were to be asked, and how many of them must pass. */
export interface VerdictQuestion {
  readonly verdicts: readonly Pick<Verdict, "family" | "verdict" | "detail" | "bundle_digest">[];
  readonly families: readonly string[];
  readonly familiesRequired: number;
  /** Families whose record is below the bar: a pass of theirs does not count, a fail does. */
  readonly unqualified?: readonly { readonly family: string }[];
}

/** Contract: `passed` only when no asked family failed, and those that passed and have a vote are at least as many as required. */
export function combineVerdicts(question: VerdictQuestion): CombinedVerdicts {
  const words = wordsByFamily(question);
  const named = (verdict: Verdict["verdict"]) =>
    words.filter((word) => word.verdict === verdict).map((word) => word.family);
  const [passed, failed, notConfigured] = [named("pass"), named("fail"), named("not_configured")];
  const unqualified = passed.filter((family) => question.unqualified?.some((judge) => judge.family === family));
  const unsure = words
    .filter((word) => word.verdict === "inconclusive")
    .map((word) => `${word.family} ${word.detail ?? "verdict"}`);
  const parts = { passed, failed, notConfigured, unqualified, unsure };
  const required = question.familiesRequired;
  if (notConfigured.length > 0 && words.length - notConfigured.length < required)
    return { outcome: "not_configured", ...parts };
  if (failed.length > 0) return { outcome: passed.length > 0 ? "disagreement" : "failed", ...parts };
  if (passed.length - unqualified.length >= required) return { outcome: "passed", ...parts };
  if (passed.length >= required) return { outcome: "unqualified", ...parts };
  const why = unsure.length > 0 ? unsure : [`${passed.length} of ${required} judges`];
  return { outcome: "inconclusive", ...parts, unsure: why };
}

/** From bad to good: of two words of one family the worse counts. */
const order: readonly Verdict["verdict"][] = ["fail", "not_configured", "inconclusive", "pass"];

function wordsByFamily(question: VerdictQuestion): FamilyVerdict[] {
  const oneBundle = new Set(question.verdicts.map((verdict) => verdict.bundle_digest)).size <= 1;
  return question.families
    .filter((family) => family !== coderFamily)
    .map((family) => {
      const own = question.verdicts.filter((verdict) => verdict.family === family);
      const worst = order.flatMap((word) => own.filter((verdict) => verdict.verdict === word))[0];
      if (worst === undefined) return { family, verdict: "inconclusive", detail: "no_verdict" };
      if (!oneBundle && worst.verdict === "pass") return { family, verdict: "inconclusive", detail: "digest" };
      return { family, verdict: worst.verdict, detail: worst.detail };
    });
}
