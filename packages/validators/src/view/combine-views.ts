/**
 * Combines the verdicts of two views of one bundle. A pass needs both. A fail vetoes, unless the other view passed: then the judge reacts to wording or
 * order more than to code, and the result is a flip. An answered view takes precedence over an unanswered one, which would be asked again. Of two
 * unanswered views, the more informative one counts: one that says more than that the vendor is unavailable.
 *
 * Folder: the two views of a bundle, and combining their verdicts.
 */
import { isAnsweredDetail, isUnavailable, type Verdict } from "@aedev/contracts";

export type ViewVerdict = Verdict["views"][number];
export type CombinedVerdict = Pick<Verdict, "verdict" | "detail">;

/** `views`: at least one, in their fixed order. */
export function combineViews(views: readonly ViewVerdict[]): CombinedVerdict {
  const some = (wanted: ViewVerdict["verdict"]) => views.some(({ verdict }) => verdict === wanted);
  if (some("fail"))
    return some("pass") ? { verdict: "inconclusive", detail: "flip" } : { verdict: "fail", detail: null };
  const unsure = views.filter(({ verdict }) => verdict === "inconclusive");
  const first =
    unsure.find(({ detail }) => isAnsweredDetail(detail)) ??
    unsure.find(({ detail }) => !isUnavailable(detail)) ??
    unsure[0];
  return first === undefined ? { verdict: "pass", detail: null } : { verdict: "inconclusive", detail: first.detail };
}
