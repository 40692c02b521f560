/** The table of the ways in which a judge can fail: whether the judge is asked again within the judgement, and what the change then waits for. */

/**
 * `while-time`: asked again with back-off, as often and as long as the policy allows. `once`: asked once more. `never`: it is the result of this
 * judgement.
 */
type JudgeRetry = "while-time" | "once" | "never";

/**
 * What a change without enough passes waits for after such a failure. `vendor`: the vendor is down or overloaded, and a probe resumes the change.
 * `person`: a person must correct something first. `nothing`: it is the judge's answer, and answers are final.
 */
type JudgeWait = "vendor" | "person" | "nothing";

interface JudgeFailureRule {
  readonly again: JudgeRetry;
  readonly waitsFor: JudgeWait;
}

/** Rows by the detail of an inconclusive verdict. `http_5xx` is every status from 500 to 599, `http_other` every status without its own row. */
export const judgeFailureRules = {
  http_408: { again: "while-time", waitsFor: "vendor" },
  http_409: { again: "while-time", waitsFor: "vendor" },
  http_429: { again: "while-time", waitsFor: "vendor" },
  http_5xx: { again: "while-time", waitsFor: "vendor" },
  /** This is not the vendor's failure: a long answer takes longer, so asking until one is in time would be asking for a pass. */
  timeout: { again: "while-time", waitsFor: "person" },
  unreachable: { again: "while-time", waitsFor: "vendor" },
  /** The judge was not asked, because its vendor is known to be down. */
  unavailable: { again: "never", waitsFor: "vendor" },
  /** 401, 403, 404 and the like: the key, the model or the request is wrong. */
  http_other: { again: "never", waitsFor: "person" },
  /** 429 that names used-up credit. Waiting does not restore credit. */
  quota: { again: "never", waitsFor: "person" },
  too_large: { again: "never", waitsFor: "person" },
  /** An answer that can't be read is no verdict. */
  invalid_json: { again: "once", waitsFor: "nothing" },
  verdict: { again: "never", waitsFor: "nothing" },
  flip: { again: "never", waitsFor: "nothing" },
  citation: { again: "never", waitsFor: "nothing" },
  confidence: { again: "never", waitsFor: "nothing" },
  nonce: { again: "never", waitsFor: "nothing" },
  digest: { again: "never", waitsFor: "nothing" },
  refused: { again: "never", waitsFor: "nothing" },
} as const satisfies Readonly<Record<string, JudgeFailureRule>>;

/** The row for the detail of an inconclusive verdict. A detail without a row is a final answer: the judge is never asked again. */
export function judgeFailureRule(detail: string | null): JudgeFailureRule {
  const name = detail ?? "verdict";
  if (Object.hasOwn(judgeFailureRules, name)) return judgeFailureRules[name as keyof typeof judgeFailureRules];
  if (/^http_5[0-9]{2}$/.test(name)) return judgeFailureRules.http_5xx;
  if (/^http_[0-9]{3}$/.test(name)) return judgeFailureRules.http_other;
  return judgeFailureRules.verdict;
}

/** Whether this detail means that the judge gave no answer because its vendor was not available. */
export function isUnavailable(detail: string | null): boolean {
  return judgeFailureRule(detail).waitsFor === "vendor";
}
