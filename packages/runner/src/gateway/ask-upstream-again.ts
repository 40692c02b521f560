/**
 * Decides whether the gateway repeats a request before the sandbox sees a failure: after a 5xx answer (such as 529, overloaded) or a connection that failed
 * before the answer began. Tries and time are bounded. An answer that broke off after its first byte is never repeated, because the sandbox has a part of it. A
 * 429 is passed on: the CLI handles it, or it is a usage limit that holds the run.
 */
import type { IncomingHttpHeaders } from "node:http";
import { type Pacing, retryAfterMs } from "@aedev/host/retry-pacing";

/** Maximum number of tries for one request of the sandbox. */
export const upstreamTriesMax = 4;
/** No try begins later than this after the first one. */
const retryWithinMs = 30_000;
/** Longest pause before the second try; it doubles with each further one. */
const firstPauseMs = 500;

/** Errors before anything was sent, so that nothing can have been billed. */
const unsentCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** Errors after which the request may have arrived. */
const lostCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);

/** A failure that may pass. `free`: the try certainly cost nothing. */
export interface PassingFailure {
  readonly what: string;
  readonly free: boolean;
  /** The pause that the endpoint asked for. */
  readonly retryAfterMs: number | null;
}

/** `nowMs`: the time of the answer. */
export function failureOfAnswer(
  answer: { status: number; headers: IncomingHttpHeaders },
  nowMs: number,
): PassingFailure | null {
  if (answer.status < 500 || answer.status > 599) return null;
  const named = retryAfterMs(answer.headers["retry-after"], nowMs);
  return { what: `answered ${answer.status}`, free: true, retryAfterMs: named };
}

export function failureOfConnection(thrown: unknown): PassingFailure | null {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (typeof code !== "string" || !(unsentCodes.has(code) || lostCodes.has(code))) return null;
  return { what: "did not answer", free: unsentCodes.has(code), retryAfterMs: null };
}

/** The pause before the next try; null if there is none. `tries`: number of tries so far; `beganAt`: start of the first. */
export function pauseBeforeRetry(
  failure: PassingFailure,
  { tries, beganAt }: { tries: number; beganAt: number },
  pacing: Pick<Pacing, "now" | "random">,
): number | null {
  if (tries >= upstreamTriesMax) return null;
  const pause = Math.ceil(Math.max(failure.retryAfterMs ?? 0, pacing.random() * firstPauseMs * 2 ** (tries - 1)));
  return pacing.now() + pause > beganAt + retryWithinMs ? null : pause;
}
