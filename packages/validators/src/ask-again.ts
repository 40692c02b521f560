/**
 * Asks a judge for one view, and asks again after a temporary failure: with full-jitter back-off, not before the vendor's `retry-after`, and within the
 * judgement's deadline. A table in contracts says which failures are temporary. Contract: a given verdict is never requested again.
 */
import { addJudgeUsage, type JudgeUsage, judgeFailureRule } from "@aedev/contracts";
import { type Pacing, retryAfterMs } from "@aedev/host/retry-pacing";
import { type JudgeOutcome, noJudgeUsage } from "./vendor/outcome.ts";
import type { ViewVerdict } from "./view/combine-views.ts";

type ViewResult = Pick<ViewVerdict, "verdict" | "detail">;

/** The result of one request, and the pause before the next; null: there was none. */
export interface JudgeAttempt {
  readonly result: string;
  readonly wait_ms: number | null;
}

export interface AskedView extends ViewResult {
  readonly outcome: JudgeOutcome;
  readonly attempts: readonly JudgeAttempt[];
  readonly usage: JudgeOutcome["usage"];
}

/** The longest pause before the second request; it doubles with each further request. */
const firstPauseMs = 1000;
const pauseMsMax = 30_000;
/** No request starts with less time left than this. */
const usefulMs = 1000;

export async function askUntilAnswered({
  ask,
  decide,
  deadline,
  tries,
  timeoutMs,
  estimatedTokens,
  stop,
  pacing,
}: {
  ask: (timeoutMs: number) => Promise<JudgeOutcome>;
  decide: (outcome: JudgeOutcome) => ViewResult;
  /** When the judgement ends, on the clock of `pacing.now`. */
  deadline: number;
  tries: number;
  timeoutMs: number;
  /** The tokens charged for a request whose answer has no counts. */
  estimatedTokens: number;
  /** Aborted when nothing depends on this view any more. */
  stop: AbortSignal;
  pacing: Pacing;
}): Promise<AskedView> {
  const attempts: JudgeAttempt[] = [];
  let usage = noJudgeUsage;
  let before: ViewResult | null = null;
  for (;;) {
    const limitMs = Math.max(1, Math.min(timeoutMs, deadline - pacing.now()));
    const outcome = await ask(limitMs);
    usage = addJudgeUsage(usage, ofOneRequest(outcome, estimatedTokens));
    const decided = decide(outcome);
    // The judgement's deadline cut the last request short, so the result before it says why there is no answer.
    const isCurtailed: boolean = limitMs < timeoutMs && resultOf(decided) === "timeout";
    const viewVerdict: ViewResult = isCurtailed && before !== null ? before : decided;
    before = viewVerdict;
    const results = [...attempts.map(({ result }) => result), resultOf(viewVerdict)];
    const wait = mayAskAgain(viewVerdict, { outcome, results, tries })
      ? pauseMs(outcome, attempts.length, pacing)
      : null;
    const isLast = wait === null || stop.aborted || pacing.now() + wait + usefulMs > deadline;
    attempts.push({ result: resultOf(decided), wait_ms: isLast ? null : wait });
    if (isLast) return { ...viewVerdict, outcome, attempts, usage };
    await pacing.sleep(wait, stop);
    if (stop.aborted) return { ...viewVerdict, outcome, attempts: ended(attempts), usage };
  }
}

/** The usage of one request. An answer without counts may have been billed, and so may a request whose answer did not come. */
function ofOneRequest(outcome: JudgeOutcome, estimatedTokens: number): JudgeUsage {
  const isUncounted =
    outcome.usage.input_tokens === 0 && (outcome.kind === "answered" || outcome.lost === true || outcome.text !== null);
  const uncounted = { uncounted_requests: 1, uncounted_tokens: estimatedTokens };
  return { ...outcome.usage, requests: 1, ...(isUncounted ? uncounted : {}) };
}

function resultOf({ verdict, detail }: ViewResult): string {
  return detail ?? verdict;
}

/** The attempts after a pause that was cut short: no request followed the last one. */
function ended(attempts: readonly JudgeAttempt[]): JudgeAttempt[] {
  return attempts.map((attempt, index) => (index === attempts.length - 1 ? { ...attempt, wait_ms: null } : attempt));
}

/** Only a result without a verdict is asked again. An unreadable answer that says fail counts as a fail: asking again would be asking for a better verdict. */
function mayAskAgain(
  { verdict, detail }: ViewResult,
  { outcome, results, tries }: { outcome: JudgeOutcome; results: readonly string[]; tries: number },
): boolean {
  if (verdict !== "inconclusive" || results.length >= tries) return false;
  const { again } = judgeFailureRule(detail);
  if (again === "once") return results.filter((result) => result === detail).length === 1 && saysNothing(outcome.text);
  return again === "while-time";
}

/** Whether the text is empty, or is the requested JSON cut off before its verdict, or after a pass with nothing against the change. Any other text may be a no. */
function saysNothing(text: string | null): boolean {
  const begun = (text ?? "").trim();
  if (begun === "") return true;
  if (!begun.startsWith("{")) return false;
  const verdicts = [...begun.matchAll(/"verdict"\s*:\s*"?([^",}\s]*)/g)].map(([, one]) => one);
  if (verdicts.length > 0) return verdicts.join() === "pass" && !/not_met|unclear|"(?:high|critical)/.test(begun);
  return [...begun.matchAll(/"(\w+)"\s*:/g)].every(([, key]) => key === "nonce" || key === "bundle_digest");
}

/** A pause with full jitter, so that judgements that failed together don't come back together. */
function pauseMs(outcome: JudgeOutcome, earlier: number, { now, random }: Pacing): number {
  const longest = Math.min(pauseMsMax, firstPauseMs * 2 ** earlier);
  const named = outcome.kind === "failed" ? retryAfterMs(outcome.retryAfter, now()) : null;
  return Math.ceil(Math.max(named ?? 0, random() * longest));
}
