/**
 * One pause for each push server, taken from its own answer "too many". While it lasts no notice, digest or signal is sent; after it they go out one at a
 * time, the most important first. So a used-up quota costs a few dozen requests a day, and not one for each message and try. What a person asks for
 * (`notify test`, a link) goes out meanwhile, and its answer counts. The reply stream has a pause of its own.
 */
import { Fault } from "@aedev/contracts";
import { isRecord } from "@aedev/core";
import { parseJson } from "@aedev/host/parse-json";
import { retryAfterMs } from "@aedev/host/retry-pacing";

/** `quota`: the server's messages of the day are used up. `busy`: it asks for fewer requests. Instants in milliseconds since the epoch. */
export interface PushPause {
  /** Of the server. */
  readonly origin: string;
  readonly reason: "quota" | "busy";
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Answers "too many" since the last message that was taken, each after a pause. */
  readonly answers: number;
}

export const tooMany = 429;
/** ntfy's code for "daily message quota reached"; its counts begin again at midnight UTC. */
const quotaCode = 42_908;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const pauses = new Map<string, PushPause>();
type SavePause = (pause: PushPause | null) => void;
const saving = new Map<string, SavePause>();
const originOf = (url: string) => new URL(url).origin;

/** What the server answered with status 429. While a pause lasts, another such answer changes nothing. */
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

/** Doubles with each refusal in a row, up to an hour, or is the longer one that the server asks for, at most a day. A used-up quota that names no time: an hour, or to midnight. */
export function pauseMsOf(
  { reason, answers, asked }: { reason: PushPause["reason"]; answers: number; asked: number | null },
  nowMs: number,
): number {
  const growing = Math.min(hourMs, minuteMs * 2 ** Math.min(answers - 1, 10));
  if (asked !== null) return Math.max(asked, answers === 1 ? 1_000 : growing);
  const toMidnightMs = dayMs - (nowMs % dayMs) + minuteMs;
  return reason === "quota" ? Math.min(hourMs, toMidnightMs) : growing;
}

/** The server took a message: whatever it said before is over. */
export function noteTaken(url: string): void {
  if (pauses.delete(originOf(url))) saving.get(originOf(url))?.(null);
}

/**
 * At a start: `pause` is the one that was written down, and `save` writes down each later one, or null once it is over. One of another server, or that a
 * clock which was set back would prolong, does not count.
 */
export function restorePause(url: string, pause: PushPause | null, save: SavePause, nowMs = Date.now()): void {
  saving.set(originOf(url), save);
  if (pause === null) return;
  if (pause.origin === originOf(url) && pause.sinceMs <= nowMs && pause.untilMs <= nowMs + dayMs)
    pauses.set(originOf(url), pause);
  else save(null);
}

/** The pause that lasts; null: there is none. */
export function pauseOf(url: string, nowMs = Date.now()): PushPause | null {
  const pause = pauses.get(originOf(url));
  return pause === undefined || pause.untilMs <= nowMs ? null : pause;
}

/** Throws a retryable Fault `push-refused` while a pause lasts. */
export function requireNoPause(url: string): void {
  const pause = pauseOf(url);
  if (pause !== null) throw pausedFault(pause);
}

/** Why a message can't go out now. */
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

/** One at a time for each server; of those that wait, the one with the highest priority first. */
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
