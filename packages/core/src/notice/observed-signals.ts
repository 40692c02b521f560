/** Signals about observations of a running daemon that are not events: containers without a run, and a clock that jumped. Pure. */
import type { HomeSignal } from "@aedev/contracts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** An older observation, or one this far in the future, says nothing about the present. */
const containersMsMax = 24 * hourMs;
/** Half a day, so that a jump in the evening is still shown in the morning. */
const jumpMsMax = 12 * hourMs;

/** Containers of the home that have had no run for longer than ten minutes, as the engine listed them. Instants are ISO 8601 UTC. */
export interface LeftContainers {
  readonly count: number;
  /** When the first of them was seen without a run. */
  readonly since: string;
  /** When the engine last listed them. */
  readonly seen_at: string;
}

/** Jumps of the clock, each less than twelve hours after the one before. */
export interface ClockJumps {
  readonly count: number;
  readonly first_at: string;
  /** When the last jump was noticed, by the clock at that moment. */
  readonly at: string;
  /** The last jump in milliseconds; negative: back. */
  readonly moved_ms: number;
  /** `jumped`: the clock was set; `slept`: the machine slept; `unclear`: one of the two, and this system does not say which. */
  readonly how: "jumped" | "slept" | "unclear";
}

/** Observations of the daemon. Null: there is none. */
export interface ObservedFacts {
  readonly containers: LeftContainers | null;
  readonly clock: ClockJumps | null;
  /** The pause that the push server's answer asked for; absent: the server accepts messages. */
  readonly push?: { readonly reason: "quota" | "busy"; readonly since: string; readonly until: string };
}

/** Whether a jump at this instant is still reported at `now`. */
export function isRecentJump(at: string, now: string): boolean {
  return isWithin(at, now, jumpMsMax);
}

export function observedSignals({ containers, clock, push }: ObservedFacts, now: string): HomeSignal[] {
  const signals: HomeSignal[] = [];
  if (clock !== null && isRecentJump(clock.at, now)) {
    const { first_at: since, count } = clock;
    const severity = clock.how === "jumped" ? "critical" : "warning";
    signals.push({ kind: "clock-jumped", severity, task_id: null, since, count, detail: clockText(clock) });
  }
  if (push !== undefined && push.until > now) {
    const what = push.reason === "quota" ? "the push server's quota is used up" : "the push server asks for a pause";
    const detail = `${what}: messages to your phone wait until ${push.until.slice(0, "2026-01-31T10:20".length)}Z`;
    signals.push({ kind: "push-paused", severity: "warning", task_id: null, since: push.since, count: 1, detail });
  }
  if (containers !== null && isWithin(containers.seen_at, now, containersMsMax)) {
    const { since, count } = containers;
    signals.push({ kind: "containers-left", severity: "warning", task_id: null, since, count });
  }
  return signals;
}

function isWithin(at: string, now: string, ms: number): boolean {
  return Math.abs(Date.parse(now) - Date.parse(at)) <= ms;
}

function clockText({ moved_ms, how }: ClockJumps): string {
  const minutes = Math.max(1, Math.round(Math.abs(moved_ms) / minuteMs));
  const time = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  if (how === "slept") return `this machine slept for ${time}, and nothing ran`;
  const jumped = `this machine's clock jumped ${moved_ms < 0 ? "back" : "forward"} by ${time}`;
  return how === "jumped" ? `${jumped}: times around it are wrong` : `${jumped}, or it slept`;
}
