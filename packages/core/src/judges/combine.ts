/**
 * Combines the judges' verdicts into one outcome. Each family has one vote: of two verdicts of one family the worse counts, and the coder's own family
 * never counts.
 *
 * Folder: verdicts as one outcome, vendors' outages, canaries, and each judge's record.
 */
import type { Verdict } from "@aedev/contracts";

/** The coder's family, whose judges would not be independent of it. */
const coderFamily = "anthropic";

export interface CombinedVerdicts {
  /**
   * The first that applies: too few judges have keys; all judges that answered failed; they disagree; enough passed; enough passed but too few of these
   * have a vote; too many are unsure or did not answer.
   */
  readonly outcome: "not_configured" | "failed" | "disagreement" | "passed" | "unqualified" | "inconclusive";
  /** Families by verdict. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly notConfigured: readonly string[];
  /** Families in `passed` that have no vote. */
  readonly unqualified: readonly string[];
  readonly required: number;
  /** `said`: the detail of the verdict, such as `http_500`. */
  readonly unsure: readonly { readonly family: string; readonly said: string }[];
}

/** The verdicts on one bundle, the requested families, and how many of them must pass. */
export interface VerdictQuestion {
  readonly verdicts: readonly Pick<Verdict, "family" | "verdict" | "detail" | "bundle_digest">[];
  readonly families: readonly string[];
  readonly familiesRequired: number;
  /** Families whose record is below the bar: their passes do not count, their fails do. */
  readonly unqualified?: readonly { readonly family: string }[];
}

/** Contract: `passed` only if no requested family failed, and enough of the passing families have a vote. */
export function combineVerdicts(question: VerdictQuestion): CombinedVerdicts {
  const counted = verdictsByFamily(question);
  const named = (verdict: Verdict["verdict"]) =>
    counted.filter((counted) => counted.verdict === verdict).map((counted) => counted.family);
  const [passed, failed, notConfigured] = [named("pass"), named("fail"), named("not_configured")];
  const unqualified = passed.filter((family) => question.unqualified?.some((judge) => judge.family === family));
  const unsure = counted
    .filter(({ verdict }) => verdict === "inconclusive")
    .map(({ family, detail }) => ({ family, said: detail ?? "verdict" }));
  const required = question.familiesRequired;
  const parts = { passed, failed, notConfigured, unqualified, unsure, required };
  if (notConfigured.length > 0 && counted.length - notConfigured.length < required)
    return { outcome: "not_configured", ...parts };
  if (failed.length > 0) return { outcome: passed.length > 0 ? "disagreement" : "failed", ...parts };
  if (passed.length - unqualified.length >= required) return { outcome: "passed", ...parts };
  if (passed.length >= required) return { outcome: "unqualified", ...parts };
  return { outcome: "inconclusive", ...parts };
}

/** From worst to best: of two verdicts of one family the worse counts. */
const order: readonly Verdict["verdict"][] = ["fail", "not_configured", "inconclusive", "pass"];

/** `detail`: why a verdict is neither pass nor fail. */
function verdictsByFamily(
  question: VerdictQuestion,
): { family: string; verdict: Verdict["verdict"]; detail: string | null }[] {
  const oneBundle = new Set(question.verdicts.map((verdict) => verdict.bundle_digest)).size <= 1;
  return question.families
    .filter((family) => family !== coderFamily)
    .map((family) => {
      const own = question.verdicts.filter((verdict) => verdict.family === family);
      const worst = order.flatMap((wanted) => own.filter((verdict) => verdict.verdict === wanted))[0];
      if (worst === undefined) return { family, verdict: "inconclusive", detail: "no_verdict" };
      if (!oneBundle && worst.verdict === "pass") return { family, verdict: "inconclusive", detail: "digest" };
      return { family, verdict: worst.verdict, detail: worst.detail };
    });
}
