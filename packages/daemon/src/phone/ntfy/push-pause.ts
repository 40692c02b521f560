/**
 * One pause for each push server, started by its "too many" answers. During a pause no notice, digest or signal is sent; after it they go out one at a time,
 * the most important first, so that a used-up quota costs a few dozen requests a day. What a person asks for (`notify test`, a link) is still sent, and its
 * answer counts. The reply stream has its own pause.
 */
import { Fault } from "@aedev/contracts";
import { isRecord } from "@aedev/core";
import { parseJson } from "@aedev/host/parse-json";
import { retryAfterMs } from "@aedev/host/retry-pacing";

/** `quota`: the server's daily messages are used up. `busy`: it asks for fewer requests. Instants are in milliseconds since the epoch. */
export interface PushPause {
  /** The server's origin. */
  readonly origin: string;
  readonly reason: "quota" | "busy";
  readonly sinceMs: number;
  readonly untilMs: number;
  /** "Too many" answers since the last message that was taken, each after a pause. */
  readonly answers: number;
}

export const tooMany = 429;
/** ntfy's code for "daily message quota reached"; its counts restart at midnight UTC. */
const quotaCode = 42_908;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const pauses = new Map<string, PushPause>();
type SavePause = (pause: PushPause | null) => void;
const saving = new Map<string, SavePause>();
const originOf = (url: string) => new URL(url).origin;

/** Notes a server's answer with status 429. During a pause, further such answers change nothing. */
export function noteTooMany(
  url: string,
  { retryAfter, text }: { readonly retryAfter: string | null; readonly text: string },
  nowMs = Date.now(),
): PushPause {
  const before = pauses.get(originOf(url));
  if (before !== undefined && before.untilMs > nowMs) return before;
  const body = parseJson(text);
  const reason = isRecord(body) && body["code"] === quotaCode ? "quota" : "busy";
  const answers = (before?.answers ?? 0) + 1;
  const untilMs = nowMs + pauseMsOf({ reason, answers, asked: retryAfterMs(retryAfter, nowMs) }, nowMs);
  const pause = { origin: originOf(url), reason, sinceMs: before?.sinceMs ?? nowMs, untilMs, answers } as const;
  pauses.set(originOf(url), pause);
  saving.get(originOf(url))?.(pause);
  return pause;
}

/** The pause doubles with each refusal in a row, up to an hour, or is what the server asks for, up to a day. A used-up quota: an hour, or to midnight. */
export function pauseMsOf(
  { reason, answers, asked }: { reason: PushPause["reason"]; answers: number; asked: number | null },
  nowMs: number,
): number {
  const growing = Math.min(hourMs, minuteMs * 2 ** Math.min(answers - 1, 10));
  if (asked !== null) return Math.max(asked, answers === 1 ? 1_000 : growing);
  const toMidnightMs = dayMs - (nowMs % dayMs) + minuteMs;
  return reason === "quota" ? Math.min(hourMs, toMidnightMs) : growing;
}

/** Notes that the server took a message, which ends its refusals. */
export function noteTaken(url: string): void {
  if (pauses.delete(originOf(url))) saving.get(originOf(url))?.(null);
}

/**
 * Restores the pause at a start. `save` stores each later one, or null once it is over. Ignores a pause of another server, and one that a set-back clock would
 * prolong.
 */
export function restorePause(url: string, pause: PushPause | null, save: SavePause, nowMs = Date.now()): void {
  saving.set(originOf(url), save);
  if (pause === null) return;
  if (pause.origin === originOf(url) && pause.sinceMs <= nowMs && pause.untilMs <= nowMs + dayMs)
    pauses.set(originOf(url), pause);
  else save(null);
}

/** The current pause, or null. */
export function pauseOf(url: string, nowMs = Date.now()): PushPause | null {
  const pause = pauses.get(originOf(url));
  return pause === undefined || pause.untilMs <= nowMs ? null : pause;
}

/** Throws a retryable Fault `push-refused` during a pause. */
export function requireNoPause(url: string): void {
  const pause = pauseOf(url);
  if (pause !== null) throw pausedFault(pause);
}

/** Says why a message can't go out now. */
export function pausedFault({ reason, untilMs }: PushPause): Fault {
  const what = reason === "quota" ? "its quota of messages is used up" : "it asks for fewer messages";
  return new Fault(
    "push-refused",
    `the push server answered 429: ${what}; aedev tries again at ${new Date(untilMs).toISOString()}`,
    {
      hint: "aedev notify test",
      detail: String(tooMany),
      retry: true,
    },
  );
}

interface Waiting {
  readonly priority: number;
  readonly start: () => void;
}
const lines = new Map<string, { busy: boolean; waiting: Waiting[] }>();

/** Sends one message at a time per server; among those that wait, the highest priority goes first. */
export async function inPushTurn<T>(url: string, priority: number, send: () => Promise<T>): Promise<T> {
  const line = lines.get(originOf(url)) ?? { busy: false, waiting: [] };
  lines.set(originOf(url), line);
  if (line.busy)
    await new Promise<void>((start) => {
      line.waiting.push({ priority, start });
      line.waiting.sort((one, other) => other.priority - one.priority);
    });
  line.busy = true;
  try {
    return await send();
  } finally {
    const next = line.waiting.shift();
    if (next === undefined) line.busy = false;
    else next.start();
  }
}
