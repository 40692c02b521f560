/** Distinguishes a subscription's usage limit, which lasts hours and holds the run until then, from an ordinary 429, which the coder's CLI retries. Pure. */

const shortRetrySeconds = 120;
const unknownResetMs = 60 * 60 * 1000;
const farthestResetMs = 8 * 24 * 60 * 60 * 1000;
const limitText = /usage limit reached|hit your (usage |session |weekly )?limit/i;

/** When the limit ends (ISO 8601); null if the answer is not a usage limit. `nowMs`: the time of the answer. */
export function messagesUsageLimitEnd(options: {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  nowMs: number;
}): string | null {
  const { status, headers, body, nowMs } = options;
  if (status !== 429) return null;
  const bounded = (atMs: number) => new Date(Math.min(atMs, nowMs + farthestResetMs)).toISOString();
  const resetSeconds = wholeNumber(headers["anthropic-ratelimit-unified-reset"]);
  const isRejected = headers["anthropic-ratelimit-unified-status"] !== "allowed";
  if (resetSeconds !== null && resetSeconds * 1000 > nowMs && isRejected) return bounded(resetSeconds * 1000);
  const retrySeconds = wholeNumber(headers["retry-after"]);
  if (retrySeconds !== null && retrySeconds > shortRetrySeconds) return bounded(nowMs + retrySeconds * 1000);
  if (!limitText.test(body)) return null;
  const namedReset = wholeNumber(/\|(\d{10})\b/.exec(body)?.[1]);
  return bounded(namedReset !== null && namedReset * 1000 > nowMs ? namedReset * 1000 : nowMs + unknownResetMs);
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,12}$/.test(text.trim()) ? Number(text) : null;
}
