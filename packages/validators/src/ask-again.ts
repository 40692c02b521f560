/**
 * Asks a judge for one view, again after a passing failure: with full-jitter back-off, at least as late as the vendor's `retry-after` says, within
 * the judgement's deadline. Which failures pass is the table in contracts. Contract: a verdict that was given is never requested again.
 */
import { addJudgeUsage, type JudgeUsage, judgeFailureRule } from "@aedev/contracts";
import { type Pacing, retryAfterMs } from "@aedev/host/retry-pacing";
import { type JudgeOutcome, noJudgeUsage } from "./vendor/outcome.ts";
import type { ViewVerdict } from "./view/combine-views.ts";

type Said = Pick<ViewVerdict, "verdict" | "detail">;

/** What one request came to, and the pause before the next; null: there was none. */
export interface JudgeAttempt {
  readonly result: string;
  readonly wait_ms: number | null;
}

export interface AskedView extends Said {
  /** Of the last request. */
  readonly outcome: JudgeOutcome;
  readonly attempts: readonly JudgeAttempt[];
  /** Of all requests together. */
  readonly usage: JudgeOutcome["usage"];
}

/** Longest pause before the second request; it doubles with each further one. */
const firstPauseMs = 1000;
const pauseMsMax = 30_000;
/** A request with less time than this is not begun again. */
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
  decide: (outcome: JudgeOutcome) => Said;
  /** When the judgement ends, by `pacing.now`. */
  deadline: number;
  /** Requests at most. */
  tries: number;
  /** Time limit of one request. */
  timeoutMs: number;
  /** What one request is charged if its answer has no counts. */
  estimatedTokens: number;
  /** Aborted when nothing depends on this view any more. */
  stop: AbortSignal;
  pacing: Pacing;
}): Promise<AskedView> {
  const attempts: JudgeAttempt[] = [];
  let usage = noJudgeUsage;
  let before: Said | null = null;
  for (;;) {
    const limitMs = Math.max(1, Math.min(timeoutMs, deadline - pacing.now()));
    const outcome = await ask(limitMs);
    usage = addJudgeUsage(usage, ofOneRequest(outcome, estimatedTokens));
    const decided = decide(outcome);
    // The judgement's deadline cut the last request short: what came before it says why there is no answer.
    const isCurtailed: boolean = limitMs < timeoutMs && resultOf(decided) === "timeout";
    const said: Said = isCurtailed && before !== null ? before : decided;
    before = said;
    const results = [...attempts.map(({ result }) => result), resultOf(said)];
    const wait = mayAskAgain(said, { outcome, results, tries }) ? pauseMs(outcome, attempts.length, pacing) : null;
    const isLast = wait === null || stop.aborted || pacing.now() + wait + usefulMs > deadline;
    attempts.push({ result: resultOf(decided), wait_ms: isLast ? null : wait });
    if (isLast) return { ...said, outcome, attempts, usage };
    await pacing.sleep(wait, stop);
    if (stop.aborted) return { ...said, outcome, attempts: ended(attempts), usage };
  }
}

/** An answer without counts may have been billed, and so may a request whose answer did not come. */
function ofOneRequest(outcome: JudgeOutcome, estimatedTokens: number): JudgeUsage {
  const isUncounted =
    outcome.usage.input_tokens === 0 && (outcome.kind === "answered" || outcome.lost === true || outcome.text !== null);
  const uncounted = { uncounted_requests: 1, uncounted_tokens: estimatedTokens };
  return { ...outcome.usage, requests: 1, ...(isUncounted ? uncounted : {}) };
}

function resultOf({ verdict, detail }: Said): string {
  return detail ?? verdict;
}

/** The pause was cut short, and nothing was asked after it. */
function ended(attempts: readonly JudgeAttempt[]): JudgeAttempt[] {
  return attempts.map((attempt, index) => (index === attempts.length - 1 ? { ...attempt, wait_ms: null } : attempt));
}

/** Only what is no verdict is asked again. What can't be read but says fail counts as said: asking again would be asking for a better verdict. */
function mayAskAgain(
  { verdict, detail }: Said,
  { outcome, results, tries }: { outcome: JudgeOutcome; results: readonly string[]; tries: number },
): boolean {
  if (verdict !== "inconclusive" || results.length >= tries) return false;
  const { again } = judgeFailureRule(detail);
  if (again === "once") return results.filter((result) => result === detail).length === 1 && saysNothing(outcome.text);
  return again === "while-time";
}

/**
 * It is empty, or it begins as the JSON that was asked for and breaks off before it judges, or after one verdict, a pass, with nothing against the
 * change. Whatever else it says may be a no.
 */
function saysNothing(text: string | null): boolean {
  const begun = (text ?? "").trim();
  if (begun === "") return true;
  if (!begun.startsWith("{")) return false;
  const verdicts = [...begun.matchAll(/"verdict"\s*:\s*"?([^",}\s]*)/g)].map(([, one]) => one);
  if (verdicts.length > 0) return verdicts.join() === "pass" && !/not_met|unclear|"(?:high|critical)/.test(begun);
  return [...begun.matchAll(/"(\w+)"\s*:/g)].every(([, key]) => key === "nonce" || key === "bundle_digest");
}

/** Full jitter: judgements that failed together don't come back together. */
function pauseMs(outcome: JudgeOutcome, earlier: number, { now, random }: Pacing): number {
  const longest = Math.min(pauseMsMax, firstPauseMs * 2 ** earlier);
  const named = outcome.kind === "failed" ? retryAfterMs(outcome.retryAfter, now()) : null;
  return Math.ceil(Math.max(named ?? 0, random() * longest));
}
