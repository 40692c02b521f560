/**
 * Decides whether the gateway asks the model's endpoint again before the sandbox sees a failure: after a 5xx answer (529, overloaded, is one) or a
 * connection that failed before the answer began. Bounded by tries and time. What broke after its first byte is never repeated: the sandbox has a
 * part of it. A 429 is not either: it is the CLI's own, or a usage limit that holds the run.
 */
import type { IncomingHttpHeaders } from "node:http";
import { type Pacing, retryAfterMs } from "@aedev/host/retry-pacing";

/** Requests for one of the sandbox's. */
export const upstreamTriesMax = 4;
/** No try begins later than this after the first. */
const retryWithinMs = 30_000;
/** Longest pause before the second try; it doubles with each further one. */
const firstPauseMs = 500;

/** Nothing was sent, so nothing can have been billed. */
const unsentCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** The request may have arrived. */
const lostCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);

/** Why a try failed in a way that passes. `free`: it certainly cost nothing. */
export interface PassingFailure {
  readonly what: string;
  readonly free: boolean;
  /** The pause that the endpoint named. */
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

/** The pause before the next try, or null if this was the last. `tries`: made so far; `beganAt`: the first. */
export function pauseBeforeRetry(
  failure: PassingFailure,
  { tries, beganAt }: { tries: number; beganAt: number },
  pacing: Pick<Pacing, "now" | "random">,
): number | null {
  if (tries >= upstreamTriesMax) return null;
  const pause = Math.ceil(Math.max(failure.retryAfterMs ?? 0, pacing.random() * firstPauseMs * 2 ** (tries - 1)));
  return pacing.now() + pause > beganAt + retryWithinMs ? null : pause;
}
