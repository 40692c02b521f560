/** Decides when a push message goes out: in quiet hours only if a decision is waiting, and never twice for the same thing within a period. Pure. */
import type { Notice, State } from "@aedev/core";
import { type DayWindow, isInside, nextAt } from "@aedev/host/day-window";

/** The priority of messages that are sent in quiet hours too. */
const alwaysThrough = 5;

/** When a message of this priority may go out, in milliseconds since the epoch; null: at once. */
export function quietUntil(window: DayWindow | null, priority: Notice["priority"], now: Date): number | null {
  if (window === null || priority >= alwaysThrough || !isInside(window, now)) return null;
  return nextAt(window.to, now).getTime();
}

/** Whether an equal message was sent within `foldForMs` before `nowMs`. Folded messages are ignored, so that at least one goes out per period. */
export function isFolded(
  state: State,
  notice: Notice,
  { foldForMs, nowMs }: { foldForMs: number; nowMs: number },
): boolean {
  const { about, key } = notice;
  const pushes = "task_id" in about ? (state.tasks[about.task_id]?.pushes ?? []) : [];
  return pushes.some((push) => {
    const agoMs = nowMs - Date.parse(push.at);
    // A clock that was set back must not silence messages until it has caught up.
    return push.key === key && !push.folded && agoMs >= 0 && agoMs < foldForMs;
  });
}
